"""What ends becomes one notification, whoever looks how often."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from config.local.waiting import until
from generations import feed, lifecycle
from generations.actions import changing
from generations.models import Event, Export
from notifications import tasks
from notifications.bell import Bell
from notifications.models import Delivery, Notification
from notifications.steps import noticing
from notifications.texts import body_of, title_of
from tests.generations.conftest import Ask, Sandbox, drive, step
from tests.notifications.conftest import Ended, Want
from tests.threads import at_once


def kinds_of(user: User) -> list[str]:
    return list(Notification.objects.for_user(user).order_by("created_at", "id").values_list("kind", flat=True))


def test_a_real_ending_is_told_once(alice: User, sandbox: Sandbox, ask: Ask) -> None:
    generation = drive(ask(alice, "a quiet harbour"))
    for _time in range(3):
        tasks.look_for_news()
    (told,) = Notification.objects.for_user(alice)
    assert (told.kind, told.generation_id, told.read_at) == ("completed", generation.pk, None)
    assert title_of(told) == "Ready: a quiet harbour"
    assert body_of(told) == "FLUX Schnell · charged 0.3 cr"


def test_a_real_failure_says_what_it_cost_and_what_to_do(alice: User, sandbox: Sandbox, ask: Ask) -> None:
    drive(ask(alice, "a crowd [[refuse]]"))
    tasks.look_for_news()
    (told,) = Notification.objects.for_user(alice)
    assert (told.kind, title_of(told)) == ("failed", "Failed: a crowd [[refuse]]")
    assert "Nothing was charged" in body_of(told)


def test_nothing_is_told_before_the_end_and_of_what_was_cancelled(alice: User, sandbox: Sandbox, ask: Ask) -> None:
    step(ask(alice, "under way"))
    Event.objects.create(generation=ask(alice, "stopped"), kind="cancelled")
    tasks.look_for_news()
    assert kinds_of(alice) == []


def test_a_late_success_and_a_refund_are_told_beside_the_failure(alice: User, ended: Ended) -> None:
    row = ended(alice, kind="failed")
    tasks.look_for_news()
    Event.objects.create(generation=row, kind="late")
    Event.objects.create(generation=row, kind="refunded", data={"millicredits": 300})
    tasks.look_for_news()
    tasks.look_for_news()
    assert sorted(kinds_of(alice)) == ["failed", "late", "refunded"]
    assert body_of(Notification.objects.get(kind="refunded")).startswith("The operator gave back 0.3 cr.")


@pytest.mark.parametrize(("state", "title"), [("ready", "Your archive is ready"), ("failed", "could not be packed")])
def test_an_archive_is_told_once(alice: User, state: str, title: str) -> None:
    archive = Export.objects.create(user=alice, generation_ids=[], state="pending")
    tasks.look_for_news()
    assert kinds_of(alice) == []
    Export.objects.filter(pk=archive.pk).update(state=state, files=3)
    tasks.look_for_news()
    tasks.look_for_news()
    (told,) = Notification.objects.for_user(alice)
    assert title in title_of(told)


def test_low_credits_are_told_once_a_day(alice: User, ended: Ended, settings: Any) -> None:
    settings.CREDITS_LOW = 101
    for _time in range(2):
        ended(alice)
        tasks.look_for_news()
    assert sorted(kinds_of(alice)) == ["completed", "completed", "credits_low"]


def test_what_ended_long_ago_is_no_news(alice: User, ended: Ended) -> None:
    row = ended(alice)
    Event.objects.filter(generation=row).update(created_at=timezone.now() - timedelta(days=2))
    tasks.look_for_news()
    assert (kinds_of(alice), Event.objects.news().count()) == ([], 0)


def test_what_nobody_wants_is_not_written_down(alice: User, ended: Ended, want: Want) -> None:
    want(alice, {"completed": []})
    ended(alice)
    tasks.look_for_news()
    assert (kinds_of(alice), Event.objects.news().count()) == ([], 0)


def test_a_page_is_told_that_something_changed(alice: User, ended: Ended) -> None:
    ended(alice)
    before = User.objects.get(pk=alice.pk).seq
    tasks.look_for_news()
    tasks.look_for_news()
    assert User.objects.get(pk=alice.pk).seq == before + 1


@pytest.mark.usefixtures("committed")
def test_many_lookers_at_once_tell_each_ending_once(make_person: Any, ended: Ended, want: Want) -> None:
    people = [make_person("alice"), make_person("bob")]
    for person in people:
        want(person, {"completed": ["bell", "email"]})
        for number in range(5):
            ended(person, f"row {number}")
    assert at_once(lambda _number: noticing.notice(), 8) == [None] * 8
    until(lambda: not Event.objects.news().exists(), 10)
    for person in people:
        assert kinds_of(person) == ["completed"] * 5
        assert Delivery.objects.filter(notification__user=person, channel="email").count() == 5


def test_pages_are_sent_the_bell_when_it_has_changed_and_not_with_every_change(alice: User, ended: Ended) -> None:
    def sent(cursor: int) -> bool:
        frame = feed.read(alice.pk, cursor, feed.Page())
        return frame is not None and "bell" in {part["id"] for part in frame["fragments"]}

    row = ended(alice)
    lifecycle.touch(row.pk, alice.pk)
    assert not sent(0)
    tasks.look_for_news()
    rung = User.objects.get(pk=alice.pk).seq
    assert sent(rung - 1)
    changing.mark_viewed(row)
    assert not sent(rung)
    # A page that missed the ring hears of it with whatever came after.
    assert sent(rung - 1)
    # With the next news what was opened since is read, which is a change of the bell, too.
    ended(alice, kind="cancelled")
    ended(alice)
    tasks.look_for_news()
    assert sent(rung + 1)
    assert Bell(alice).count == 1
