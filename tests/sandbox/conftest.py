"""The sandbox the tests of this folder talk to, and the receiver of its webhooks."""

from collections.abc import Iterator

import pytest

from tests.sandbox.running import Receiver, RunningSandbox


@pytest.fixture(scope="session")
def shared_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    """One process for all tests that do not end it."""
    running = RunningSandbox(tmp_path_factory.mktemp("sandbox"))
    running.start()
    yield running
    assert running.end() == 0


@pytest.fixture
def sandbox(shared_sandbox: RunningSandbox) -> Iterator[RunningSandbox]:
    """The shared sandbox with nothing in it."""
    shared_sandbox.control("reset")
    yield shared_sandbox
    shared_sandbox.close_clients()


@pytest.fixture
def own_sandbox(tmp_path: object) -> Iterator[RunningSandbox]:
    """A sandbox the test may kill and start again."""
    running = RunningSandbox(tmp_path)  # type: ignore[arg-type]
    running.start()
    yield running
    running.end()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Where webhooks arrive."""
    server = Receiver()
    yield server
    server.stop()
