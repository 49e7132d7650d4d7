"""Servers to speak to, and lines to them."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count

import pytest
from hypothesis import HealthCheck, settings

from providers.contract import JobRequest, Line
from tests.providers.server import Behaviour, Greeting, Server
from tests.sandbox.running import RunningSandbox

MakeServer = Callable[..., Server]
MakeLine = Callable[..., Line]
_numbers = count()
# A loaded machine, or the first use of the table of all characters, is no failure.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


@pytest.fixture
def serve() -> Iterator[MakeServer]:
    """A running server with these behaviours, stopped at the end."""
    with ExitStack() as stack:

        def start(*behaviours: Behaviour, greeting: Greeting | None = None) -> Server:
            return stack.enter_context(Server(*behaviours, greeting=greeting))

        yield start


@pytest.fixture
def line_to() -> MakeLine:
    """A line to an address. Each has a token of its own, so that nothing learnt in one test is known in another."""

    def make(address: str, **changes: object) -> Line:
        values = {
            "base_url": address,
            "token": f"r8_test{next(_numbers)}",
            "connect_timeout_seconds": 5,
            "read_timeout_seconds": 5,
            "fetch_timeout_seconds": 5,
        }
        return Line(**(values | changes))  # type: ignore[arg-type]

    return make


@pytest.fixture
def job() -> JobRequest:
    return JobRequest(
        endpoint="black-forest-labs/flux-dev",
        inputs={"prompt": "a fox", "seed": 7},
        callback_url=None,
        deadline_seconds=300,
        idempotency_key="key-1",
    )


@pytest.fixture(scope="session")
def quick_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    """A sandbox without waiting times, for whole jobs through an adapter."""
    running = RunningSandbox(tmp_path_factory.mktemp("sandbox"), speed=0)
    try:
        running.start()
        yield running
    finally:
        running.end()
