"""The queue's page: filters, pages by key, the story of each row in words, and what one may do with it."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from generations import jobs
from generations.models import Event, Generation, Item, Stage
from providers import catalogue
from providers.catalogue.tasks import MAKES_VIDEO
from tests.queue.conftest import Put
from tests.studio import Ask, step

pytestmark = pytest.mark.usefixtures("sandbox")
HTMX = {"HX-Request": "true"}
ROW = re.compile(r'id="job-([0-9a-f-]{36})"')
OLDER = re.compile(r'<a class="button button-quiet" href="(/queue/\?[^"]*cursor=[^"]+)"')


def content(client: Client, address: str, **headers: str) -> str:
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200
    return str(answer.content.decode())


def shown(client: Client, address: str) -> list[str]:
    return ROW.findall(content(client, address))


def part_of(page: str, generation: Generation) -> str:
    """The row of one generation."""
    start = page.index(f'id="job-{generation.pk}"')
    return page[start : page.index("</details>", start)]


@pytest.fixture
def rows(alice: User, put: Put) -> dict[str, Generation]:
    return {
        "waiting": put(alice, "waits", stage=Stage.QUEUED),
        "working": put(alice, "is at work", stage=Stage.RUNNING),
        "ended": put(alice, "is there"),
        "cancelled": put(alice, "was stopped", stage=Stage.CANCELLED),
        "failed": put(alice, "went wrong", stage=Stage.FAILED),
        "film": put(alice, "moves", task="text-to-video", model="veo", model_name="Veo"),
    }


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", {"waiting", "working", "ended", "cancelled", "failed", "film"}),
        ("?state=waiting", {"waiting"}),
        ("?state=working", {"working"}),
        ("?state=ended", {"ended", "cancelled", "film"}),
        ("?state=failed", {"failed"}),
        ("?kind=video", {"film"}),
        ("?kind=image&state=ended", {"ended", "cancelled"}),
        ("?model=veo", {"film"}),
        ("?model=veo&state=failed", set()),
        ("?state=nonsense&kind=%00&model=", {"waiting", "working", "ended", "cancelled", "failed", "film"}),
    ],
)
def test_each_filter_shows_what_it_says(hers: Client, rows: dict[str, Generation], query: str, names: set[str]) -> None:
    assert set(shown(hers, f"/queue/{query}")) == {str(rows[name].pk) for name in names}


def test_a_task_that_makes_films_is_one_that_films_come_of() -> None:
    for model in catalogue.all_models():
        kinds = {"video" if task in MAKES_VIDEO else "image" for task in model.tasks}
        assert kinds == {model.output_kind}, model.id


def test_pages_have_no_gaps_and_no_doubles_also_when_something_is_added(hers: Client, alice: User, put: Put) -> None:
    start = timezone.now() - timedelta(days=1)
    made = [put(alice, f"row {number}", at=start + timedelta(seconds=number // 2)) for number in range(45)]
    seen: list[str] = []
    address = "/queue/?state=ended"
    while address:
        page = content(hers, address)
        seen += ROW.findall(page)
        put(alice, "came meanwhile")
        address = unescape(found[1]) if (found := OLDER.search(page)) else ""
    expected = sorted(made, key=lambda row: (row.created_at, row.pk), reverse=True)
    assert seen == [str(row.pk) for row in expected]


def test_the_drawer_gets_rows_alone_for_an_older_page(hers: Client, alice: User, put: Put) -> None:
    for number in range(25):
        put(alice, f"row {number}")
    drawer = content(hers, "/queue/", **HTMX)
    assert "<html" not in drawer
    assert 'method="dialog"' in drawer
    (address,) = re.findall(r'data-more hx-get="([^"]+)"', drawer)
    older = content(hers, unescape(address), **HTMX)
    assert len(ROW.findall(older)) == 5
    assert 'id="line"' not in older


def test_queries_are_as_many_for_many_rows_as_for_few(
    hers: Client, alice: User, put: Put, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Session, person, line, rows, their files, their stories, counts, models, balance, queue and its files."""
    put(alice, "one")
    # What a process remembers of the providers' tokens it asks for once a minute.
    content(hers, "/queue/")
    for count in (0, 40):
        for number in range(count):
            put(alice, f"row {number}")
        for address, headers, queries in (
            ("/queue/", {}, 13 if count else 12),
            ("/queue/?state=ended&kind=image&model=flux-schnell", {}, 13 if count else 12),
            ("/queue/", HTMX, 8),
        ):
            with django_assert_num_queries(queries):
                content(hers, address, **headers)


def counts(client: Client, address: str) -> dict[str, str]:
    return dict(re.findall(r'class="pill-count" id="jobs-count-(\w+)">([\d+]+)<', content(client, address)))


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", "6 1 1 3 1"),
        ("?state=failed", "6 1 1 3 1"),
        ("?kind=video", "1 0 0 1 0"),
        ("?kind=image&state=ended", "5 1 1 2 1"),
        ("?model=veo&kind=image", "0 0 0 0 0"),
    ],
)
@pytest.mark.usefixtures("rows")
def test_each_state_says_how_many_it_would_show(hers: Client, alice: User, put: Put, query: str, numbers: str) -> None:
    put(alice, "long ago", at=timezone.now() - timedelta(days=31))
    states = ("all", "waiting", "working", "ended", "failed")
    assert counts(hers, f"/queue/{query}") == dict(zip(states, numbers.split(), strict=True))


def test_what_is_in_the_trash_is_not_counted(hers: Client, alice: User, put: Put) -> None:
    row = put(alice, "thrown away")
    now = timezone.now()
    Item.objects.create(
        generation=row, user=alice, created_at=now, month=now.date(), kind="image", model=row.model,
        provider=row.provider, prompt=row.prompt, trashed_at=now,
    )  # fmt: skip
    assert set(counts(hers, "/queue/").values()) == {"0"}


def test_counting_goes_no_further_than_a_hundred(
    hers: Client, alice: User, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "COUNTED", 3)
    for number in range(5):
        put(alice, f"row {number}")
    for number in range(3):
        put(alice, f"lost {number}", stage=Stage.FAILED)
    assert counts(hers, "/queue/") == {"all": "3+", "waiting": "0", "working": "0", "ended": "3+", "failed": "3"}


def test_what_is_older_than_a_month_is_in_the_library(hers: Client, alice: User, put: Put) -> None:
    put(alice, "long ago", at=timezone.now() - timedelta(days=31))
    page = content(hers, "/queue/")
    assert ROW.findall(page) == []
    assert 'href="/history/"' in page


def test_nobody_sees_anybody_elses(rows: dict[str, Generation], bob: User) -> None:
    client = Client()
    assert client.get("/queue/").headers["Location"] == "/accounts/login/?next=/queue/"
    client.force_login(bob)
    assert shown(client, "/queue/") == []
    assert set(counts(client, "/queue/").values()) == {"0"}
    for row in rows.values():
        for address in (f"/generations/{row.pk}/cancel/", f"/generations/{row.pk}/front/"):
            assert client.post(address).status_code == 404
        assert client.get(f"/generations/{row.pk}/cancel/").status_code == 404
    assert Generation.objects.filter(cancel_requested_at__isnull=False).count() == 0


def test_a_damaged_address_leads_to_the_first_page(hers: Client, rows: dict[str, Generation]) -> None:
    assert hers.get("/queue/?cursor=nonsense").headers["Location"] == "/queue/"


def test_a_row_tells_its_story_in_words_and_what_to_do(hers: Client, rows: dict[str, Generation]) -> None:
    Event.objects.create(generation=rows["failed"], kind="failed", data={"code": "timed_out"})
    page = content(hers, "/queue/")
    failed = part_of(page, rows["failed"])
    assert "Put in line" in failed
    assert "Failed: Timed out" in failed
    assert "The provider did not finish in time." in failed
    assert "not charged" in failed


@pytest.mark.parametrize(
    ("name", "there", "absent"),
    [
        ("waiting", ["front", "cancel"], ["retry", "check"]),
        ("working", ["check", "cancel"], ["retry", "front"]),
        ("ended", ["retry"], ["cancel", "check", "front"]),
        ("failed", ["retry"], ["cancel", "check", "front"]),
        ("cancelled", ["retry"], ["cancel", "check", "front"]),
    ],
)
def test_a_row_offers_what_is_possible_and_nothing_else(
    hers: Client, rows: dict[str, Generation], name: str, there: list[str], absent: list[str]
) -> None:
    row = part_of(content(hers, "/queue/"), rows[name])
    assert [word for word in there + absent if f"/generations/{rows[name].pk}/{word}/" in row] == there
    assert (f"/?from={rows[name].pk}&amp;take=all" in row) == ("retry" in there)


def test_editing_and_retrying_begins_with_everything_filled_in(hers: Client, alice: User, ask: Ask) -> None:
    row = ask(alice, "a kite over a lake", seed=4711, aspect_ratio="16:9")
    page = content(hers, f"/?from={row.pk}&take=all")
    assert re.search(r'name="prompt"[^>]*>a kite over a lake</textarea>', page)
    assert re.search(r'name="seed"[^>]*value="4711"', page)
    assert re.search(r'name="aspect_ratio" value="16:9"[^>]*checked', page)
    # Without saying so the next picture is another one.
    assert "4711" not in content(hers, f"/?from={row.pk}")


def test_the_page_works_without_scripts(hers: Client, alice: User, ask: Ask) -> None:
    at_work, first, second = step(ask(alice, "at work [[slow=60]]")), ask(alice, "first"), ask(alice, "second")
    assert hers.post("/queue/pause/").headers["Location"] == "/queue/"
    page = content(hers, "/queue/")
    assert "Paused since" in page
    assert "1 of 5 at work" in page
    assert "2 wait" in page
    for address in ("/", "/history/"):
        assert "Your line is paused." in content(hers, address)
    assert "this one will wait until you let it go on" in content(hers, "/")
    assert hers.post(f"/generations/{second.pk}/front/").headers["Location"] == "/queue/"
    assert list(Generation.objects.filter(stage="queued").in_own_order()) == [second, first]
    hers.post("/queue/resume/")
    assert "Paused since" not in content(hers, "/queue/")
    assert hers.post("/queue/cancel/", {"what": "waiting"}).headers["Location"] == "/queue/"
    assert "2 generations were cancelled or are being cancelled." in content(hers, "/queue/")
    at_work.refresh_from_db()
    assert at_work.cancel_requested_at is None


def test_too_late_to_move_is_said_and_changes_nothing(hers: Client, rows: dict[str, Generation]) -> None:
    answer: Any = hers.post(f"/generations/{rows['working'].pk}/front/", headers=HTMX)
    assert (answer.status_code, answer.headers["HX-Retarget"]) == (409, "#notice")
    assert "does not wait in line any more" in answer.content.decode()
