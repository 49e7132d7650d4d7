"""One wish on several models: each one's price before it is asked, all of them or none, and why one cannot."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts import credits
from accounts.models import User
from generations.models import Batch, Generation
from tests.media_pipeline import pictures

pytestmark = pytest.mark.usefixtures("sandbox")
HTMX = {"HX-Request": "true"}
CONFIRM = re.compile(r'name="confirm" value="(\d+)"')


@pytest.fixture
def her(db: None, make_person: Callable[..., User]) -> User:
    """With enough for several wishes."""
    return make_person("alice", given_credits=1000)


def wish(*also: str, **more: Any) -> dict[str, Any]:
    return {"model": "flux-2-pro", "prompt": "a kite", "idempotency_key": "k-1", "also": also, **more}


def lines(content: str) -> list[str]:
    """The lines of the bill as people read them."""
    found = re.findall(r'<li class="bill-line".*?</li>', content, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", one).split()) for one in found]


def test_the_quote_says_what_each_model_costs_and_the_whole(hers: Client) -> None:
    content = hers.post("/quote/", wish("flux-dev", "flux-schnell", count="2")).content.decode()
    assert lines(content) == ["FLUX.2 Pro 2 × 3 = 6 cr", "FLUX Schnell 2 × 0.3 = 0.6 cr", "FLUX Dev 2 × 2.5 = 5 cr"]
    assert "3 models = 11.6 cr" in content
    assert "disabled" not in content


def test_one_press_asks_all_of_them_and_a_second_one_nobody(hers: Client, her: User) -> None:
    answer = hers.post("/", wish("flux-dev", "flux-schnell", seed="7"), headers=HTMX)
    assert answer.status_code == 201
    rows = Generation.objects.for_user(her)
    assert {row.model: row.seed for row in rows} == {"flux-2-pro": 7, "flux-dev": 7, "flux-schnell": 7}
    assert Batch.objects.for_user(her).count() == 1
    assert answer.content.decode().count('<li class="card"') == 3
    assert hers.post("/", wish("flux-dev", "flux-schnell", seed="7")).status_code == 302
    assert rows.count() == 3
    assert hers.post("/", wish("flux-dev", seed="7")).status_code == 422
    assert rows.count() == 3


def test_what_another_model_does_not_take_is_said_and_left_out(hers: Client, her: User) -> None:
    asked = wish("flux-schnell", model="flux-dev", guidance="7")
    assert "without: Guidance" in lines(hers.post("/quote/", asked).content.decode())[1]
    assert hers.post("/", asked, headers=HTMX).status_code == 201
    params = {row.model: row.params for row in Generation.objects.for_user(her)}
    assert params["flux-dev"]["guidance"] == 7
    assert "guidance" not in params["flux-schnell"]


def test_a_setting_the_first_model_cannot_have_is_refused_and_not_left_out(hers: Client) -> None:
    answer = hers.post("/", wish("flux-schnell", model="flux-dev", guidance="700"), headers=HTMX)
    assert (answer.status_code, "Guidance must be a number" in answer.content.decode()) == (400, True)
    assert not Generation.objects.exists()


def test_a_model_that_cannot_blocks_all_says_why_once_and_costs_nothing(hers: Client, her: User) -> None:
    file = SimpleUploadedFile("a.png", pictures.encoded(), "image/png")
    picture = hers.post("/api/upload", {"files": [file]}).json()[0]["id"]
    asked = wish("flux-schnell", "flux-2-max", **{"inputs.image": picture})
    quoted = hers.post("/quote/", asked, headers=HTMX).content.decode()
    assert lines(quoted)[1] == "FLUX Schnell cannot It cannot be made with these files."
    assert re.search(r'id="generate-button"[^>]* disabled', quoted)
    answer = hers.post("/", asked, headers=HTMX)
    content = answer.content.decode()
    assert (answer.status_code, content.count("<li>")) == (400, 1)
    assert "Not every model can do this. Nothing was charged." in content
    assert "<li>FLUX Schnell: FLUX Schnell takes no files called image.</li>" in content
    assert not Generation.objects.exists()
    assert credits.balance_of(her.pk).held == 0
    assert hers.post("/", wish("flux-2-max", **{"inputs.image": picture}), headers=HTMX).status_code == 201


def test_much_is_confirmed_with_each_models_part(hers: Client, her: User) -> None:
    asked = wish("flux-dev", "flux-schnell", count="3")
    page = hers.post("/", asked)
    content = page.content.decode()
    assert page.status_code == 409
    assert "This makes 9 generations for" in content
    assert len(lines(content)) == 3
    assert re.findall(r'name="also" value="([\w.-]+)" checked', content) == ["flux-schnell", "flux-dev"]
    assert hers.post("/", {**asked, "confirm": CONFIRM.findall(content)[0]}).status_code == 302
    assert Generation.objects.for_user(her).count() == 9


@pytest.mark.parametrize(
    ("also", "sentence"),
    [
        (["kling-v2.1"], "The model kling-v2.1 cannot do this."),
        (["nowhere"], "The model nowhere cannot do this."),
        (["flux-dev", "flux-schnell", "flux-2-max", "flux-1.1-pro"], "At most 3 further models can be asked at once."),
    ],
)
def test_models_of_no_use_and_too_many_are_refused(hers: Client, also: list[str], sentence: str) -> None:
    answer = hers.post("/", wish(*also), headers=HTMX)
    assert (answer.status_code, sentence in answer.content.decode()) == (400, True)
    assert not Generation.objects.exists()


def test_another_model_keeps_its_companions_and_names_those_it_loses(hers: Client) -> None:
    given = {"model": "flux-2-max", "from_model": "flux-2-pro", "also": ["flux-2-max", "flux-dev"]}
    kept = hers.get("/composer/", given, headers=HTMX).content.decode()
    assert re.findall(r'name="also" value="([\w.-]+)" checked', kept) == ["flux-dev"]
    assert 'id="changed"' not in kept
    lost = hers.get("/composer/", {**given, "goal": "video", "model": ""}, headers=HTMX).content.decode()
    assert re.search(r'id="changed"[^>]*>[^<]*FLUX Dev', lost)


def test_every_model_counts_against_its_own_rate(hers: Client) -> None:
    def left() -> int:
        answer = hers.post("/", wish(model="flux-schnell", prompt=" "), headers=HTMX)
        return int(answer.headers["X-RateLimit-Remaining"])

    counted = []
    for _minute in range(2):  # one may end in between
        before = left()
        hers.post("/", wish("flux-schnell", prompt=" "), headers=HTMX)
        counted.append(before - left())
    assert 2 in counted
