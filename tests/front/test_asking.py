"""The forms of pages: one press asks once, nobody loses a wish at a closed door, and the rate is one for all doors."""

import re
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client

from accounts.models import User
from generations.context import Shell
from generations.models import Generation, Stage
from providers import catalogue
from tests.conftest import ApiClient, MakePerson
from tests.studio import Ask, drive

pytestmark = pytest.mark.usefixtures("sandbox")
HTMX = {"HX-Request": "true"}
KEY = re.compile(r'name="idempotency_key" value="([0-9a-f-]{36})"')


@pytest.fixture
def ended(her: User, ask: Ask) -> Generation:
    """A generation that was cancelled while it stood in line."""
    generation = ask(her, "asked before")
    client = Client()
    client.force_login(her)
    client.post(f"/generations/{generation.pk}/cancel/")
    generation.refresh_from_db()
    assert generation.stage == Stage.CANCELLED
    return generation


def wish(**more: str) -> dict[str, str]:
    return {"model": "flux-schnell", "prompt": "a kite", "idempotency_key": "k-1", **more}


# -- once ------------------------------------------------------------------------------------------
def test_a_retry_sent_twice_is_made_once(hers: Client, her: User, ended: Generation) -> None:
    for page in ("/", f"/result/{ended.pk}/"):
        before = Generation.objects.for_user(her).count()
        content = hers.get(page).content.decode()
        address = content.index(f'action="/generations/{ended.pk}/retry/"')
        found = KEY.search(content, address)
        assert found is not None
        form = {"idempotency_key": found[1]}
        answers = [hers.post(f"/generations/{ended.pk}/retry/", form) for _press in range(2)]
        assert len({answer.headers["Location"] for answer in answers}) == 1
        assert Generation.objects.for_user(her).count() == before + 1


def test_a_picture_that_is_asked_for_again_twice_at_once_is_made_once(hers: Client, her: User, ask: Ask) -> None:
    made = drive(ask(her, "made before"))
    assert made.stage == Stage.COMPLETED
    content = hers.get("/").content.decode()
    form = content[content.index(f'action="/generations/{made.pk}/retry/"') :].partition("</form>")[0]
    found = KEY.search(form)
    assert found is not None
    for _press in range(2):
        hers.post(f"/generations/{made.pk}/retry/", {"idempotency_key": found[1]}, headers=HTMX)
    assert Generation.objects.for_user(her).count() == 2


def test_a_card_that_asked_gets_a_fresh_key(hers: Client, ended: Generation) -> None:
    answer = hers.post(f"/generations/{ended.pk}/retry/", {"idempotency_key": "k-2"}, headers=HTMX)
    assert answer.status_code == 200
    assert answer.headers["X-Next-Key"] not in {"", "k-2"}


def test_a_key_that_was_used_up_is_exchanged_for_another(hers: Client, her: User) -> None:
    assert hers.post("/", wish(), headers=HTMX).status_code == 201
    answer = hers.post("/", wish(prompt="edited"), headers=HTMX)
    assert answer.status_code == 422
    assert hers.post("/", wish(prompt="edited", idempotency_key=answer.headers["X-Next-Key"])).status_code == 302
    assert Generation.objects.for_user(her).count() == 2


def test_a_key_that_was_used_up_is_exchanged_without_scripts_too(hers: Client, her: User) -> None:
    hers.post("/", wish())
    page = hers.post("/", wish(prompt="edited"))
    assert page.status_code == 422
    content = page.content.decode()
    found = KEY.search(content, content.index('id="composer"'))
    assert found is not None
    assert hers.post("/", wish(prompt="edited", idempotency_key=found[1])).status_code == 302


# -- signed out meanwhile --------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/quote/", "/generations/01890a5d-ac96-774b-bcce-b302099a8057/retry/"])
def test_a_tab_that_was_signed_out_is_led_to_the_sign_in_page_and_back(path: str) -> None:
    headers = {**HTMX, "HX-Current-URL": "http://testserver/history/"}
    answer = Client().post(path, wish(), headers=headers)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/accounts/login/?next=/history/")
    plain = Client().post(path, wish())
    assert (plain.status_code, plain.headers["Location"]) == (302, "/accounts/login/?next=/")
    assert Generation.objects.count() == 0


@pytest.mark.django_db
def test_a_page_asked_for_is_come_back_to_and_a_fragment_is_not() -> None:
    assert Client().get("/history/").headers["Location"] == "/accounts/login/?next=/history/"
    fragment = Client().get("/composer/", headers=HTMX)
    assert (fragment.status_code, fragment.headers["HX-Redirect"]) == (401, "/accounts/login/?next=/")
    foreign = Client().get("/composer/", headers={**HTMX, "HX-Current-URL": "https://evil.example/x"})
    assert foreign.headers["HX-Redirect"] == "/accounts/login/?next=/"
    assert Client().get("/").status_code == 200


# -- open for too long -----------------------------------------------------------------------------
def test_a_fresh_token_is_for_the_page_of_who_is_signed_in(her: User, make_person: MakePerson) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(her)
    client.get("/")
    other = make_person("bob")
    for person, is_hers in ((str(her.pk), True), (str(other.pk), False), ("", False)):
        answer = client.post("/", wish(), headers={**HTMX, "X-Person": person})
        assert answer.status_code == 403
        assert ("X-Fresh-Token" in answer, "HX-Refresh" in answer) == (is_hers, not is_hers)
    assert not Generation.objects.exists()
    fresh = client.post("/", wish(), headers={**HTMX, "X-Person": str(her.pk)}).headers["X-Fresh-Token"]
    assert client.post("/", wish(), headers={**HTMX, "X-CSRFToken": fresh}).status_code == 201
    assert Generation.objects.for_user(her).count() == 1


# -- how often -------------------------------------------------------------------------------------
def until_refused(client: Client, path: str, form: dict[str, str]) -> tuple[int, Any]:
    """How many were not refused for their number, and the refusal. Twice the rate: a minute may end meanwhile."""
    for number in range(2 * catalogue.get("flux-schnell").rate_per_minute + 1):
        answer = client.post(path, form, headers=HTMX)
        if answer.status_code == 429 and answer.headers.get("X-RateLimit-Remaining") == "0":
            return number, answer
    pytest.fail("never refused")


def test_the_form_and_programs_share_a_models_rate(hers: Client, her: User) -> None:
    """With a prompt that is refused, so that only the asking counts."""
    rate = catalogue.get("flux-schnell").rate_per_minute
    number, answer = until_refused(hers, "/", wish(prompt=" "))
    assert number >= rate
    assert "Too many requests." in answer.content.decode()
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.headers["HX-Retarget"] == "#composer-notice"
    body = {"model": "flux-schnell", "prompt": "a kite"}
    assert ApiClient(her).send("/api/generations/create", body).json()["code"] == "rate_limited"
    assert Generation.objects.for_user(her).count() == 0


def test_asking_again_counts_against_the_same_rate(hers: Client, ended: Generation, her: User) -> None:
    path = f"/generations/{ended.pk}/retry/"
    _number, answer = until_refused(hers, path, {"idempotency_key": "k-3"})
    assert "Too many requests." in answer.content.decode()
    assert hers.post("/", wish(), headers=HTMX).status_code == 429
    assert Generation.objects.for_user(her).count() == 2
    plain = hers.post(path, {"idempotency_key": "k-4"})
    assert (plain.status_code, "Too many requests." in plain.content.decode()) == (429, True)


# -- what a page shows -----------------------------------------------------------------------------
def test_the_result_page_is_never_older_than_its_change_number(hers: Client, her: User, ask: Ask) -> None:
    """Another process changes the row just before the page reads its change number."""
    generation = ask(her, "at first")

    def meanwhile(execute: Any, sql: str, *args: Any) -> Any:
        is_look = sql.startswith('SELECT "accounts_user"."id", "accounts_user"."seq" FROM')
        if is_look and not changed:
            changed.append(sql)
            Generation.objects.filter(pk=generation.pk).update(prompt="changed meanwhile")
            User.objects.filter(pk=her.pk).update(seq=F("seq") + 1)
        return execute(sql, *args)

    changed: list[str] = []
    with connection.execute_wrapper(meanwhile):
        content = hers.get(f"/result/{generation.pk}/").content.decode()
    assert changed
    her.refresh_from_db()
    assert f'data-cursor="{her.seq}"' in content
    assert "changed meanwhile" in content


def test_a_change_of_model_says_what_it_did_not_take(hers: Client) -> None:
    given = {"model": "flux-schnell", "from_model": "flux-dev", "prompt": "a kite"}
    given |= {"guidance": "7", "num_inference_steps": "28", "aspect_ratio": "16:9", "output_quality": "80"}
    content = hers.get("/composer/", given, headers=HTMX).content.decode()
    assert re.search(r'id="changed"[^>]*>Changed: Guidance: left out<', content)
    quiet = hers.get("/composer/", {**given, "guidance": "3.0"}, headers=HTMX).content.decode()
    assert 'id="changed"' not in quiet
    reset = hers.get("/composer/", {**given, "num_inference_steps": "40"}, headers=HTMX).content.decode()
    assert re.search(r'id="changed"[^>]*>Changed: Guidance: left out, Steps 40 → 4<', reset)


def test_fonts_are_named_when_they_were_collected_and_looked_for_once(settings: Any, tmp_path: Any) -> None:
    settings.DATA_DIR = settings.STATIC_ROOT = tmp_path
    (tmp_path / "fonts").mkdir()
    assert Shell(None).has_fonts is False
    settings.STATIC_ROOT = tmp_path / "collected"
    (tmp_path / "collected/fonts").mkdir(parents=True)
    face = tmp_path / "collected/fonts/golos.css"
    face.touch()
    assert Shell(None).has_fonts is True
    face.unlink()
    assert Shell(None).has_fonts is True
