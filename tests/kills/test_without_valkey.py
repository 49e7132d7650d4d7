"""Valkey stopped from start to end: hints, nudges and counters are gone, the work is done all the same."""

from collections.abc import Iterator

import pytest

from tests.kills.story import assert_one_end
from tests.system import RunningSystem
from tests.visitor import Visitor

pytestmark = pytest.mark.system


@pytest.fixture
def without_valkey(system: RunningSystem) -> Iterator[RunningSystem]:
    system.stop("valkey")
    yield system
    system.start("valkey")
    system.wait_until(lambda: system.is_up("valkey"))


def test_a_generation_completes(without_valkey: RunningSystem, alice: Visitor) -> None:
    generation = alice.ask("no valkey at all")
    alice.wait_for(generation, "completed", seconds=60)
    assert_one_end(alice, generation, "no valkey at all")


def test_an_open_page_sees_it(without_valkey: RunningSystem, alice: Visitor) -> None:
    alice.sign_in()
    with alice.socket() as socket:
        generation = alice.ask("seen without valkey")
        socket.receive_until("/media/", 60)
    assert alice.stage(generation) == "completed"


def test_the_health_says_so_and_stays_healthy(without_valkey: RunningSystem, alice: Visitor) -> None:
    health = alice.call("GET", "/api/health").json()
    assert (health["status"], health["database"]["status"], health["redis"]["status"]) == ("healthy", "ok", "down")
