"""The bell, the list, opening and reading; whose it is, and what it costs."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest
from django.test import Client
from django.utils.timezone import localtime
from pytest_django import DjangoAssertNumQueries

from accounts.ids import uuid7
from accounts.models import User
from generations import feed
from generations.actions.changing import mark_viewed
from generations.models import Generation, Output
from notifications import tasks
from notifications.bell import Bell
from notifications.models import Kind, Notification
from notifications.texts import title_of
from tests.generations.test_other_providers import uploaded
from tests.notifications.conftest import Ended


@pytest.fixture
def told(alice: User, ended: Ended) -> Notification:
    ended(alice, "a lighthouse")
    tasks.look_for_news()
    return Notification.objects.get()


def make(user: User, number: int) -> None:
    rows = [Notification(user=user, kind=Kind.CREDITS_LOW, dedupe_key=f"{user.pk}:{n}") for n in range(number)]
    Notification.objects.bulk_create(rows)


def test_the_bell_counts_and_is_on_every_page(alice: User, hers: Client, told: Notification) -> None:
    page = hers.get("/library/").content.decode()
    assert "Notifications: 1 unread" in page
    assert "Ready: a lighthouse" in page


def test_what_came_is_seen_and_what_did_not_has_a_sign(alice: User, hers: Client, told: Notification) -> None:
    assert 'class="bell-picture"' not in hers.get("/notifications/").content.decode()
    asset = uploaded(alice)
    Output.objects.create(generation=Generation.objects.get(), index=0, state="stored", asset=asset)
    page = unescape(hers.get("/notifications/").content.decode())
    place = re.search(rf'id="told-{told.pk}".*?<img class="bell-picture" src="([^"]+)"', page, re.DOTALL)
    assert place and place[1].startswith(f"/media/{asset.pk}/320?")
    assert hers.get(place[1]).status_code == 200


@pytest.mark.parametrize(("language", "day"), [("en", "3 November"), ("ru", "3 ноября")])
def test_what_is_of_today_has_its_hour_and_what_is_older_its_day(
    alice: User, hers: Client, told: Notification, language: str, day: str
) -> None:
    hour = localtime(told.created_at).strftime(">%H:%M</time>")
    hers.cookies["django_language"] = language
    assert hour in hers.get("/notifications/").content.decode()
    Notification.objects.update(created_at=datetime(2020, 11, 3, 12, tzinfo=UTC))
    page = hers.get("/notifications/").content.decode()
    assert f">{day}</time>" in page
    assert hour not in page


def test_the_bell_counts_no_further_than_a_hundred(alice: User) -> None:
    make(alice, 120)
    assert (Bell(alice).count_text, len(Bell(alice).rows)) == ("99+", 5)


def test_opening_one_is_reading_it_and_leads_to_its_result(hers: Client, told: Notification) -> None:
    answer = hers.get(f"/notifications/{told.pk}/")
    assert (answer.status_code, answer.url) == (302, f"/result/{told.generation_id}/")  # type: ignore[attr-defined]
    told.refresh_from_db()
    assert told.is_read
    first = told.read_at
    hers.get(f"/notifications/{told.pk}/")
    told.refresh_from_db()
    assert told.read_at == first


def test_one_or_all_can_be_marked_and_other_pages_hear_of_it(alice: User, hers: Client, told: Notification) -> None:
    before = User.objects.get(pk=alice.pk).seq
    assert hers.post(f"/notifications/{told.pk}/read/").status_code == 302
    make(alice, 3)
    newest = Notification.objects.newest_first()[0]
    answer = hers.post("/notifications/read/", {"until": str(newest.pk)}, headers={"HX-Request": "true"})
    assert answer.headers["X-Live-Fragment"] == "1"
    assert "everything has been read" in answer.content.decode()
    assert (Bell(alice).count, User.objects.get(pk=alice.pk).seq) == (0, before + 2)


def test_all_is_what_the_page_showed(alice: User, hers: Client, told: Notification) -> None:
    make(alice, 1)
    hers.post("/notifications/read/", {"until": str(told.pk)})
    assert list(Notification.objects.unread().values_list("kind", flat=True)) == ["credits_low"]


def test_a_result_that_was_opened_is_read_with_the_next_look(alice: User, told: Notification, ended: Ended) -> None:
    assert told.generation is not None
    mark_viewed(told.generation)
    ended(alice, "another")
    tasks.look_for_news()
    told.refresh_from_db()
    assert (told.is_read, Bell(alice).count) == (True, 1)


@pytest.mark.parametrize("path", ["", "read/"])
def test_a_stranger_gets_404_and_changes_nothing(carol: User, told: Notification, path: str) -> None:
    client = Client()
    client.force_login(carol)
    address = f"/notifications/{told.pk}/{path}"
    assert (client.post(address) if path else client.get(address)).status_code == 404
    client.post("/notifications/read/", {"until": str(uuid7())})
    told.refresh_from_db()
    assert not told.is_read
    assert "a lighthouse" not in client.get("/notifications/").content.decode()


@pytest.mark.parametrize("until", ["", "x", "0" * 5000, "\x00", "' OR 1=1 --"])
def test_garbage_marks_nothing(hers: Client, told: Notification, until: str) -> None:
    assert hers.post("/notifications/read/", {"until": until}).status_code == 302
    told.refresh_from_db()
    assert not told.is_read


def test_the_list_is_paged_by_key(alice: User, hers: Client) -> None:
    make(alice, 70)
    seen: list[str] = []
    address = "/notifications/"
    for _page in range(3):
        answer = hers.get(address)
        seen += [str(row.pk) for row in answer.context["page"].rows]
        address = f"/notifications/?cursor={answer.context['page'].next_cursor}"
    assert (len(seen), len(set(seen))) == (70, 70)
    assert hers.get("/notifications/?cursor=nonsense").status_code == 302


def test_a_long_list_costs_what_a_short_one_costs(
    alice: User, hers: Client, django_assert_num_queries: DjangoAssertNumQueries, ended: Ended
) -> None:
    hers.get("/notifications/")  # whose provider has a token is remembered
    for number in (1, 40):
        make_many(alice, ended, number)
        with django_assert_num_queries(6):
            hers.get("/notifications/")


def make_many(alice: User, ended: Ended, number: int) -> None:
    for one in range(number):
        ended(alice, f"row {one}", viewed_at="2026-01-01T00:00:00Z")
    tasks.look_for_news()


def test_hostile_words_stay_words(alice: User, hers: Client, ended: Ended) -> None:
    ended(alice, "<script>alert(1)</script>\r\nBcc: everybody@example.com\u202e" + "x" * 500)
    ended(alice, "\u0007\n \n")
    tasks.look_for_news()
    page = hers.get("/notifications/").content.decode()
    assert "<script>alert(1)" not in page
    assert "Ready: <script>alert(1)</script>" in unescape(page)
    titles = {title_of(row) for row in Notification.objects.with_generation()}
    assert titles == {"Ready: <script>alert(1)</script>", "Ready: FLUX Schnell"}


def test_a_socket_is_sent_the_bell(alice: User, told: Notification) -> None:
    frame = feed.read(alice.pk, 0, feed.Page())
    assert frame is not None
    (part,) = [one for one in frame["fragments"] if one["id"] == "bell"]
    assert "Notifications: 1 unread" in part["html"]
    russian = feed.read(alice.pk, 0, feed.Page(language="ru"))
    assert "Готово: a lighthouse" in str(russian)
