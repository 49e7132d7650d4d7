"""One wish several times: its whole price on the button, asked once more when that is much, whole or not at all."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from accounts import credits
from accounts.models import User
from generations.models import Batch, Generation

pytestmark = pytest.mark.usefixtures("sandbox")
HTMX = {"HX-Request": "true"}
CONFIRM = re.compile(r'name="confirm" value="(\d+)"')


@pytest.fixture
def her(db: None, make_person: Callable[..., User]) -> User:
    """With enough for several wishes."""
    return make_person("alice", given_credits=1000)


def wish(**more: Any) -> dict[str, Any]:
    return {"model": "flux-2-pro", "prompt": "a kite", "idempotency_key": "k-1", "count": "3", **more}


def costly(**more: Any) -> dict[str, Any]:
    return wish(model="gen-4.5", count="4", **more)


def test_a_count_makes_a_batch_and_answers_with_all_its_cards(hers: Client, her: User) -> None:
    answer = hers.post("/", wish(), headers=HTMX)
    assert answer.status_code == 201
    rows = list(Generation.objects.for_user(her))
    assert len({row.seed for row in rows}) == 3
    assert Batch.objects.for_user(her).count() == 1
    shown = re.findall(r'<li class="card" id="generation-([0-9a-f-]{36})"', answer.content.decode())
    assert set(shown) == {str(row.pk) for row in rows}
    assert hers.post("/", wish()).status_code == 302
    assert Generation.objects.for_user(her).count() == 3


def test_the_button_says_the_whole_price(hers: Client) -> None:
    assert "3 × 3 = 9 cr" in hers.post("/quote/", wish()).content.decode()
    alone = hers.post("/quote/", wish(count="1")).content.decode()
    assert "3 cr" in alone
    assert "×" not in alone


@pytest.mark.parametrize("given", [{"count": "5"}, {"count": "0"}, {"model": "flux-schnell", "count": "2"}])
def test_more_than_there_may_be_is_refused_and_nothing_is_made(given: dict[str, str], hers: Client) -> None:
    answer = hers.post("/", wish(**given), headers=HTMX)
    assert (answer.status_code, "Some settings are not possible." in answer.content.decode()) == (400, True)
    assert not Generation.objects.exists()


def test_a_model_with_a_number_of_its_own_and_a_short_line_have_no_other(
    hers: Client, her: User, settings: Any
) -> None:
    assert 'name="count"' not in hers.get("/?model=flux-schnell").content.decode()
    assert re.search(r'name="count"[^>]* max="4"', hers.get("/?model=flux-2-pro").content.decode())
    settings.MAX_WAITING_GENERATIONS = 0
    User.objects.filter(pk=her.pk).update(max_active=2)
    assert re.search(r'name="count"[^>]* max="2"', hers.get("/?model=flux-2-pro").content.decode())


def test_another_model_keeps_the_number_or_says_that_it_is_lost(hers: Client) -> None:
    given = {"model": "flux-2-max", "from_model": "flux-2-pro", "count": "3"}
    assert re.search(r'name="count" value="3"', hers.get("/composer/", given, headers=HTMX).content.decode())
    lost = hers.get("/composer/", {**given, "model": "flux-schnell"}, headers=HTMX).content.decode()
    assert re.search(r'id="changed"[^>]*>Changed: How many 3 → 1<', lost)


def test_much_is_asked_once_more_and_nothing_is_made_before(hers: Client, her: User) -> None:
    answer = hers.post("/", costly(), headers=HTMX)
    content = answer.content.decode()
    assert (answer.status_code, answer.headers["HX-Retarget"]) == (409, "#generate")
    assert "This makes 4 generations for 240 credits. Nothing was charged yet. Confirm it." in content
    assert not Generation.objects.exists()
    assert credits.balance_of(her.pk).held == 0
    said = CONFIRM.findall(content)
    assert hers.post("/", costly(confirm=said[0]), headers=HTMX).status_code == 201
    assert Generation.objects.for_user(her).count() == 4


def test_what_was_confirmed_is_the_price_that_was_shown(hers: Client) -> None:
    said = CONFIRM.findall(hers.post("/", costly(), headers=HTMX).content.decode())
    dearer = hers.post("/", costly(confirm=said[0], duration="10"), headers=HTMX)
    assert dearer.status_code == 409
    assert CONFIRM.findall(dearer.content.decode()) != said
    assert not Generation.objects.exists()


def test_without_scripts_the_page_asks_once_more(hers: Client, her: User) -> None:
    page = hers.post("/", costly())
    assert page.status_code == 409
    content = page.content.decode()
    assert "a kite" in content
    assert hers.post("/", costly(confirm=CONFIRM.findall(content)[0])).status_code == 302
    assert Generation.objects.for_user(her).count() == 4


def test_a_batch_that_cannot_be_says_why_and_leaves_nothing(db: None, make_person: Callable[..., User]) -> None:
    poor = make_person("poor", given_credits=0)
    with transaction.atomic():
        credits.grant(user_id=poor.pk, millicredits=7000, reference="a little")
    client = Client()
    client.force_login(poor)
    assert "9 cr needed, 7 left" in client.post("/quote/", wish()).content.decode()
    answer = client.post("/", wish(), headers=HTMX)
    assert answer.status_code == 402
    assert "9 credits are needed, 7 are left. Nothing was charged." in answer.content.decode()
    assert not Generation.objects.exists()
