"""What a person chooses is kept; what nobody offers is not."""

from threading import Event
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from accounts.models import User
from config.local.waiting import until
from notifications import actions, wishes
from notifications.models import Kind, Preference
from tests.threads import at_once

PAGE = "/notifications/preferences/"
OFFERED = ["bell", "desktop", "sound", "email"]
HOURS = {"is_quiet": "on", "quiet_from": "22:00", "quiet_until": "08:00", "time_zone": "Europe/Berlin"}


def test_by_default_the_bell_and_nothing_else(alice: User, hers: Client) -> None:
    preference = wishes.preference_of(alice)
    assert {kind: wishes.wanted(preference, kind) for kind in Kind} == {kind: {"bell"} for kind in Kind}
    page = hers.get(PAGE)
    assert page.content.decode().count("checked") == len(Kind)
    assert not Preference.objects.exists()


def test_what_is_chosen_is_kept(alice: User, hers: Client) -> None:
    assert hers.post(PAGE, {"offered": OFFERED, "wish": ["completed:email", "failed:bell"], **HOURS}).status_code == 302
    kept = Preference.objects.get(pk=alice.pk)
    assert (kept.channels["completed"], kept.channels["failed"], kept.channels["late"]) == (["email"], ["bell"], [])
    assert (f"{kept.quiet_from:%H:%M}", kept.time_zone) == ("22:00", "Europe/Berlin")
    page = hers.get(PAGE).content.decode()
    assert 'value="completed:email" aria-labelledby="kind-completed way-email" checked' in page
    assert hers.post(PAGE, {"offered": OFFERED, "wish": [], "time_zone": "UTC"}).status_code == 302
    kept.refresh_from_db()
    assert (kept.quiet_from, kept.channels["failed"]) == (None, [])


def test_a_way_that_cannot_be_chosen_now_stays_as_it_was(alice: User, hers: Client) -> None:
    Preference.objects.create(user=alice, channels={"completed": ["bell", "email"]})
    User.objects.filter(pk=alice.pk).update(email="")
    hers.post(PAGE, {"offered": OFFERED, "wish": ["completed:sound"], "time_zone": "UTC"})
    assert Preference.objects.get(pk=alice.pk).channels["completed"] == ["sound", "email"]


def test_a_page_says_nothing_of_a_way_it_did_not_offer(alice: User, hers: Client) -> None:
    """One that was added since, in another tab."""
    Preference.objects.create(user=alice, channels={"completed": ["bell", "email"], "late": ["email"]})
    older = {"offered": ["bell", "sound"], "wish": ["completed:sound"], "time_zone": "Nowhere/Atall"}
    answer = hers.post(PAGE, older)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'value="completed:email" aria-labelledby="kind-completed way-email" checked' in page
    assert '<input type="hidden" name="offered" value="email">' in page
    assert hers.post(PAGE, older | {"time_zone": "UTC"}).status_code == 302
    kept = Preference.objects.get(pk=alice.pk).channels
    assert (kept["completed"], kept["late"], kept["failed"]) == (["sound", "email"], ["email"], [])


@pytest.mark.usefixtures("committed")
def test_what_is_saved_waits_for_a_way_that_is_being_linked_and_keeps_it(make_person: Any) -> None:
    alice, is_locked = make_person("alice"), Event()
    Preference.objects.create(user=alice, channels={"completed": ["bell"]})

    def link() -> None:
        with transaction.atomic():
            User.objects.locked(alice.pk)
            is_locked.set()
            assert until(somebody_waits, 10)
            Preference.objects.filter(user=alice).update(channels={"completed": ["bell", "telegram"]})

    def save() -> None:
        assert is_locked.wait(10)
        choice = wishes.Choice(frozenset({"bell", "sound"}), frozenset({("completed", "sound")}))
        actions.keep_wishes(alice, choice, None, "Europe/Berlin")

    assert at_once(lambda number: (link, save)[number](), 2) == [None, None]
    kept = Preference.objects.get(pk=alice.pk)
    assert (kept.channels["completed"], kept.time_zone) == (["sound", "telegram"], "Europe/Berlin")


def somebody_waits() -> bool:
    """For this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))")
        return cursor.fetchone() is not None


NOBODYS = {
    "way": "completed:pigeon", "kind": "born:bell", "half": "bell", "long": "x" * 10_000, "nul": "completed:bell\x00"
}  # fmt: skip


@pytest.mark.parametrize("pair", NOBODYS.values(), ids=NOBODYS)
def test_what_nobody_offers_is_left_aside_and_the_rest_is_kept(alice: User, hers: Client, pair: str) -> None:
    sent = {"offered": [*OFFERED, pair], "wish": [pair, "failed:sound"], "time_zone": "UTC"}
    assert hers.post(PAGE, sent).status_code == 302
    kept = Preference.objects.get(pk=alice.pk).channels
    assert {kind: ways for kind, ways in kept.items() if ways} == {"failed": ["sound"]}


WRONG: list[dict[str, Any]] = [
    HOURS | {"time_zone": "Nowhere/Atall"},
    HOURS | {"time_zone": "../../etc/passwd"},
    HOURS | {"time_zone": "x" * 500},
    HOURS | {"quiet_from": "25:00"},
    HOURS | {"quiet_from": ""},
    HOURS | {"quiet_until": "22:00"},
]


@pytest.mark.parametrize("sent", WRONG, ids=str)
def test_what_is_wrong_is_said_and_nothing_is_kept(hers: Client, sent: dict[str, Any]) -> None:
    answer = hers.post(PAGE, sent)
    assert answer.status_code == 422
    assert not Preference.objects.exists()
