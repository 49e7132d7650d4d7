"""Every process keeps connections, and all of them are gone at once."""

import psycopg
import pytest

from tests.system import RunningSystem
from tests.visitor import Visitor

pytestmark = pytest.mark.system


def can_be_asked(system: RunningSystem) -> bool:
    try:
        return system.query("SELECT 1") == [(1,)]
    except psycopg.OperationalError:
        return False


def test_everybody_finds_it_again(system: RunningSystem, alice: Visitor) -> None:
    before = alice.ask("before the restart")
    alice.wait_for(before, "completed")
    system.stop("postgres")
    system.start("postgres")
    system.wait_until(lambda: can_be_asked(system))
    ((back_at,),) = system.query("SELECT now()")
    generation = alice.ask("after the restart")
    alice.wait_for(generation, "completed")
    # Written by tasks: what kept a connection took a new one.
    beats = "SELECT name FROM generations_heartbeat WHERE beaten_at > %s ORDER BY name"
    everybody = [("beat",), ("media",), ("pulse",), ("worker",)]
    system.wait_until(lambda: system.query(beats, back_at) == everybody, 60)
