"""What sweeps find and repair can be read at /metrics, whichever process did it."""

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.db.models.functions import Now
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from accounts.ids import uuid7
from accounts.models import User
from generations import sweeps, tasks
from generations.management.commands.pulse import Command
from generations.models import Delivery, Export, Generation, IdempotencyKey
from generations.redis_client import client
from generations.sweeps import Count, Sweep
from media_pipeline import storage
from tests.conftest import MakePerson
from tests.studio import Ask

Figures = dict[str, tuple[float, float]]
Added = Callable[[], Figures]
NAMES = ("dotbase_sweep_found_total", "dotbase_sweep_repaired_total")
LONG_AGO = timedelta(days=40)


@pytest.fixture
def added() -> Added:
    """By sweep, how many more /metrics tells of since the test began: found, repaired."""
    before = counted()

    def since() -> Figures:
        now = counted()
        return {
            name: (now[name][0] - was[0], now[name][1] - was[1]) for name, was in before.items() if now[name] != was
        }

    return since


@pytest.fixture
def without_queue() -> Iterator[None]:
    """As after a message that could not be sent: none is tried for a while."""
    tasks.breaker.trip(60)
    yield
    tasks.breaker.trip(0)


def counted() -> Figures:
    families = text_string_to_metric_families(Client().get("/metrics").content.decode())
    values = {(one.name, one.labels.get("sweep")): one.value for family in families for one in family.samples}
    return {sweep: (values[NAMES[0], sweep], values[NAMES[1], sweep]) for sweep in Sweep}


def lose_hint(generation: Generation) -> None:
    """Somebody was told, and nobody came."""
    Generation.objects.filter(pk=generation.pk).update(hinted_at=Now() - timedelta(minutes=5), next_action_at=Now())


def test_a_lost_hint_is_counted_by_the_sweep_that_repairs_it(alice: User, ask: Ask, added: Added) -> None:
    lose_hint(ask(alice, "a heron"))
    assert tasks.sweep_now()["overdue"] == 1
    assert added() == {"overdue": (1, 1)}
    # It was told a moment ago.
    assert tasks.sweep_now()["overdue"] == 0
    assert added() == {"overdue": (1, 1)}


def test_a_wish_that_pulse_has_not_passed_on_counts_as_untold(alice: User, ask: Ask, added: Added) -> None:
    ask(alice, "a heron")
    tasks.sweep_now()
    assert added() == {"untold": (1, 1)}


def test_what_cannot_be_told_is_found_and_not_repaired(
    alice: User, ask: Ask, added: Added, without_queue: None
) -> None:
    lose_hint(ask(alice, "a heron"))
    tasks.sweep_now()
    assert added() == {"overdue": (1, 0)}


def look_once() -> None:
    """One look of pulse, and the connection of its thread closed, which it would keep for the next one."""
    pulse = Command()
    pulse.busy, pulse.heartbeat_at = set(), time.monotonic()
    with ThreadPoolExecutor(1) as pool:
        pulse._look(pool)
        pool.submit(connections.close_all)


@pytest.mark.usefixtures("committed", "sandbox", "without_queue")
def test_a_step_that_pulse_does_itself_is_repaired_when_it_is_done(
    make_person: MakePerson, ask: Ask, added: Added
) -> None:
    wish = ask(make_person("alice"), "a heron")
    lose_hint(wish)
    look_once()
    assert added() == {"overdue": (1, 1)}
    wish.refresh_from_db()
    assert wish.submits == 1


def test_the_first_hint_that_pulse_gives_is_no_repair(
    committed: None, make_person: MakePerson, ask: Ask, added: Added
) -> None:
    ask(make_person("alice"), "a heron")
    look_once()
    assert added() == {}


def test_several_threads_add_to_the_same_numbers(db: None, added: Added) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _number: sweeps.count({Sweep.PLACES: Count(2, 1)}), range(20)))
    assert added() == {"places": (40, 20)}


def test_without_redis_the_other_figures_are_told(db: None, settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1"
    client.cache_clear()
    try:
        sweeps.count({Sweep.PLACES: Count(1, 1)})
        page = Client().get("/metrics").content.decode()
    finally:
        client.cache_clear()
        sweeps.breaker.trip(0)
    assert "dotbase_open_generations" in page
    assert 'sweep="places"' not in page


def test_a_late_webhook_and_an_archive_without_a_packer_are_counted(alice: User, added: Added) -> None:
    for received in (timedelta(), timedelta(hours=1)):
        delivery = Delivery.objects.create(provider="fal", dedupe=str(received), attempt_id=uuid7(), body=b"{}")
        Delivery.objects.filter(pk=delivery.pk).update(received_at=Now() - received)
    Export.objects.create(user=alice, generation_ids=[])
    assert tasks.sweep_now()["deliveries"] == 2
    assert added() == {"deliveries": (1, 1), "exports": (1, 1)}


def test_what_a_clean_up_removes_is_counted(alice: User, ask: Ask, added: Added) -> None:
    IdempotencyKey.objects.create(user=alice, key="old", fingerprint="", generation=ask(alice, "a heron"))
    IdempotencyKey.objects.update(created_at=Now() - LONG_AGO)
    Delivery.objects.create(provider="fal", dedupe="old", attempt_id=uuid7(), body=b"", processed_at=Now())
    Delivery.objects.update(received_at=Now() - LONG_AGO)
    then = time.time() - LONG_AGO.total_seconds()
    for name in ("tmp/old.part", "originals/0a/nobodys-0.png"):
        path = storage.root() / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        os.utime(path, (then, then))
    found = tasks.clean_up_now()
    assert (found["idempotency_keys"], found["deliveries"], found["parts"], found["files"]) == (1, 1, 1, 1)
    once = (1, 1)
    assert added() == {"idempotency_keys": once, "old_deliveries": once, "parts": once, "files": once}
