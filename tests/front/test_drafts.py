"""What a person wrote and did not ask for yet is there again on any device, until it is asked for."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from generations.models import Draft, Generation
from generations.models.draft import MAX_CHARS
from tests.media_pipeline import pictures

pytestmark = pytest.mark.usefixtures("sandbox")
HTMX = {"HX-Request": "true"}


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def written(**more: Any) -> dict[str, Any]:
    return {"model": "flux-2-pro", "goal": "image", "prompt": "a half-written", "idempotency_key": "k-1", **more}


def prompt_in(client: Client, path: str = "/") -> str:
    found = re.search(r"<textarea[^>]*>([^<]*)</textarea>", client.get(path).content.decode())
    assert found is not None
    return found[1]


def test_everything_that_was_set_is_there_on_another_device(hers: Client, her: User) -> None:
    file = SimpleUploadedFile("a.png", pictures.encoded(), "image/png")
    picture = hers.post("/api/upload", {"files": [file]}).json()[0]["id"]
    more = {"aspect_ratio": "3:2", "seed": "77", "count": "3", "also": ["flux-2-max"], "inputs.image": [picture]}
    assert hers.post("/draft/create/", written(**more), headers=HTMX).status_code == 204
    content = client_of(her).get("/").content.decode()
    assert "a half-written</textarea>" in content
    assert 'name="model" value="flux-2-pro"' in content
    assert re.search(r'name="aspect_ratio" value="3:2" checked', content)
    assert re.search(r'name="seed" value="77"', content)
    assert re.search(r'name="count" value="3"', content)
    assert re.findall(r'name="also" value="([\w.-]+)" checked', content) == ["flux-2-max"]
    assert f'name="inputs.image" value="{picture}"' in content
    assert 'id="draft-note"' in content


def test_a_switch_that_was_turned_off_stays_off(hers: Client) -> None:
    page = hers.get("/?model=qwen-image-2").content.decode()
    switches = re.findall(r'role="switch" name="(\w+)" checked', page)
    assert switches, "a model whose switch is on at first"
    hers.post("/draft/create/", written(model="qwen-image-2"), headers=HTMX)
    assert re.findall(r'role="switch" name="(\w+)" checked', hers.get("/").content.decode()) == []


def test_a_draft_is_one_row_for_each_room(hers: Client, her: User) -> None:
    for prompt in ("first", "second"):
        hers.post("/draft/create/", written(prompt=prompt), headers=HTMX)
    hers.post("/draft/inpaint/", written(prompt="a hat", model="", goal="inpaint"), headers=HTMX)
    assert Draft.objects.for_user(her).count() == 2
    assert (prompt_in(hers), prompt_in(hers, "/inpaint/"), prompt_in(hers, "/expand/")) == ("second", "a hat", "")
    assert hers.post("/draft/elsewhere/", written(), headers=HTMX).status_code == 404


def test_a_draft_is_nobody_elses(hers: Client, her: User, make_person: Callable[..., User]) -> None:
    hers.post("/draft/create/", written(), headers=HTMX)
    carols = client_of(make_person("carol"))
    assert prompt_in(carols) == ""
    carols.post("/draft/create/forget/")
    file = SimpleUploadedFile("a.png", pictures.encoded(), "image/png")
    picture = carols.post("/api/upload", {"files": [file]}).json()[0]["id"]
    hers.post("/draft/create/", written(**{"inputs.image": [picture]}), headers=HTMX)
    content = hers.get("/").content.decode()
    assert "a half-written" in content
    assert picture not in content


def test_an_address_that_says_what_to_make_is_stronger(hers: Client) -> None:
    hers.post("/draft/create/", written(), headers=HTMX)
    assert prompt_in(hers, "/?prompt=another") == "another"
    assert prompt_in(hers, "/?model=flux-dev") == ""


def test_what_was_asked_for_is_no_draft_any_more_not_even_late(hers: Client, her: User) -> None:
    hers.post("/draft/create/", written(room="create"), headers=HTMX)
    assert hers.post("/", written(room="create"), headers=HTMX).status_code == 201
    assert not Draft.objects.for_user(her).exists()
    assert hers.post("/draft/create/", written(), headers=HTMX).status_code == 204
    assert not Draft.objects.for_user(her).exists()
    assert hers.post("/draft/create/", written(idempotency_key="k-2"), headers=HTMX).status_code == 204
    assert Draft.objects.for_user(her).exists()


def test_a_refused_wish_stays_a_draft(hers: Client, her: User) -> None:
    hers.post("/draft/create/", written(), headers=HTMX)
    assert hers.post("/", written(count="99"), headers=HTMX).status_code == 400
    assert prompt_in(hers) == "a half-written"
    assert not Generation.objects.for_user(her).exists()


def test_starting_anew_empties_the_composer(hers: Client) -> None:
    hers.post("/draft/create/", written(), headers=HTMX)
    answer = hers.post("/draft/create/forget/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    content = hers.get("/").content.decode()
    assert "a half-written" not in content
    assert 'id="draft-note"' not in content


@pytest.mark.parametrize("prompt", ["x" * (MAX_CHARS + 1), "nul \x00"])
def test_what_cannot_be_kept_leaves_the_former_draft(hers: Client, prompt: str) -> None:
    hers.post("/draft/create/", written(), headers=HTMX)
    assert hers.post("/draft/create/", written(prompt=prompt), headers=HTMX).status_code == 400
    assert prompt_in(hers) == "a half-written"


def test_the_database_bounds_a_draft_too(her: User) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Draft.objects.create(user=her, room="create", content={"prompt": ["x" * MAX_CHARS]})
    with pytest.raises(IntegrityError), transaction.atomic():
        Draft.objects.create(user=her, room="nowhere", content={})


def test_whoever_was_signed_out_is_not_led_away_from_what_they_write(db: None) -> None:
    answer = Client().post("/draft/create/", written(), headers=HTMX)
    assert (answer.status_code, answer.headers.get("HX-Redirect")) == (401, None)
    assert not Draft.objects.exists()


def test_the_page_asks_once_for_the_draft(hers: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    hers.get("/")
    with django_assert_num_queries(9) as queries:
        hers.get("/")
    assert len([one for one in queries if "generations_draft" in one["sql"]]) == 1


# -- what is taken from an earlier result ----------------------------------------------------------
TAKEN = re.compile(r'<input type="hidden" name="taken" value="([0-9a-f-]{36})" form="composer">')


@pytest.fixture
def earlier(hers: Client, her: User) -> str:
    hers.post("/", written(model="flux-dev", prompt="made before", seed="77", idempotency_key="k-0"), headers=HTMX)
    return str(Generation.objects.for_user(her).get().pk)


def take(client: Client, address: str) -> tuple[str, str]:
    """The page, and the id it has for Undo."""
    content = client.get(address).content.decode()
    found = TAKEN.search(content)
    assert found is not None
    return content, found[1]


@pytest.mark.parametrize(
    ("what", "told", "stands"),
    [
        ("all", "Settings loaded, seed included.", ("made before", "77", "flux-dev")),
        ("", "Settings loaded.", ("made before", "", "flux-dev")),
        ("settings", "Settings loaded, your words kept.", ("a half-written", "", "flux-dev")),
        ("prompt", "Prompt loaded.", ("made before", "5", "flux-2-pro")),
        ("seed", "Seed loaded.", ("a half-written", "77", "flux-2-pro")),
    ],
)
def test_what_is_taken_is_told_and_the_rest_stays(
    hers: Client, earlier: str, what: str, told: str, stands: tuple[str, str, str]
) -> None:
    prompt, seed, model = stands
    hers.post("/draft/create/", written(seed="5"), headers=HTMX)
    content, _taken = take(hers, f"/?from={earlier}&take={what}")
    assert f'<p class="toast-text">{told}</p>' in content
    assert f"{prompt}</textarea>" in content
    assert re.search(rf'name="seed" value="{seed}"', content)
    assert f'name="model" value="{model}"' in content
    # To look is not to change.
    assert prompt_in(hers) == "a half-written"


def test_a_seed_that_the_model_does_not_take_is_told(hers: Client, earlier: str) -> None:
    hers.post("/draft/create/", written(model="nano-banana-pro"), headers=HTMX)
    content = hers.get(f"/?from={earlier}&take=seed").content.decode()
    assert "Changed: Seed: left out" in content
    assert TAKEN.search(content) is None


def test_words_are_not_taken_where_no_words_are_taken(hers: Client, earlier: str) -> None:
    hers.post("/draft/create/", written(model="birefnet", goal="improve"), headers=HTMX)
    content = hers.get(f"/?from={earlier}&take=prompt").content.decode()
    assert "Changed: Description: left out" in content
    assert TAKEN.search(content) is None


def test_undone_the_former_draft_is_there_again_whatever_was_written_since(hers: Client, earlier: str) -> None:
    hers.post("/draft/create/", written(), headers=HTMX)
    _content, taken = take(hers, f"/?from={earlier}")
    for prompt in ("made before, but", "made before, but bluer"):
        hers.post("/draft/create/", written(prompt=prompt, taken=taken), headers=HTMX)
    assert prompt_in(hers) == "made before, but bluer"
    answer = hers.post("/draft/create/back/", {"taken": taken})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert prompt_in(hers) == "a half-written"
    # Twice does no harm, nor does a page that has nothing to undo.
    hers.post("/draft/create/back/", {"taken": taken})
    hers.post("/draft/create/back/", {"taken": "nonsense"})
    assert prompt_in(hers) == "a half-written"


def test_undone_an_empty_composer_is_empty_again(hers: Client, her: User, earlier: str) -> None:
    _content, taken = take(hers, f"/?from={earlier}")
    hers.post("/draft/create/", written(prompt="made before, but", taken=taken), headers=HTMX)
    hers.post("/draft/create/back/", {"taken": taken})
    assert prompt_in(hers) == ""
    assert not Draft.objects.for_user(her).exists()


def test_a_wish_of_what_was_taken_leaves_the_former_draft(hers: Client, her: User, earlier: str) -> None:
    hers.post("/draft/create/", written(), headers=HTMX)
    _content, taken = take(hers, f"/?from={earlier}")
    for number, edits in enumerate((0, 1)):
        if edits:
            hers.post("/draft/create/", written(prompt="another", taken=taken), headers=HTMX)
        more = {"prompt": "another", "taken": taken, "idempotency_key": f"k-{number + 5}", "room": "create"}
        assert hers.post("/", written(**more), headers=HTMX).status_code == 201
        assert prompt_in(hers) == "a half-written"


@pytest.mark.parametrize(
    ("more", "status"),
    [({"count": "4", "model": "gen-4.5", "goal": "video"}, 409), ({"prompt": ""}, 400)],
    ids=["price", "refused"],
)
def test_a_page_that_asks_again_without_scripts_knows_what_was_taken(
    hers: Client, earlier: str, more: dict[str, str], status: int
) -> None:
    _content, taken = take(hers, f"/?from={earlier}")
    answer = hers.post("/", written(taken=taken, room="create", idempotency_key="k-9", **more))
    assert answer.status_code == status
    found = TAKEN.search(answer.content.decode())
    assert found is not None
    assert found[1] == taken


def test_nobody_takes_back_anothers_draft(hers: Client, earlier: str, make_person: Callable[..., User]) -> None:
    hers.post("/draft/create/", written(), headers=HTMX)
    _content, taken = take(hers, f"/?from={earlier}")
    hers.post("/draft/create/", written(prompt="hers now", taken=taken), headers=HTMX)
    client_of(make_person("carol")).post("/draft/create/back/", {"taken": taken})
    assert prompt_in(hers) == "hers now"
    assert hers.post("/draft/elsewhere/back/", {"taken": taken}).status_code == 404


@pytest.mark.parametrize("slot", ["first_frame", "last_frame"])
def test_a_picture_goes_on_to_a_model_with_a_place_for_it(hers: Client, slot: str) -> None:
    file = SimpleUploadedFile("a.png", pictures.encoded(), "image/png")
    picture = hers.post("/api/upload", {"files": [file]}).json()[0]["id"]
    content, _taken = take(hers, f"/?goal=video&inputs.{slot}={picture}")
    assert f'name="inputs.{slot}" value="{picture}"' in content
    assert '<p class="toast-text">File loaded.</p>' in content


def test_what_is_taken_in_the_place_of_what_was_taken_leaves_the_former_draft(hers: Client, earlier: str) -> None:
    hers.post("/draft/create/", written(), headers=HTMX)
    # The second time by another way, or by loading the page anew.
    for number in range(2):
        _content, taken = take(hers, f"/?from={earlier}")
        hers.post("/draft/create/", written(prompt=f"made before, but {number}", taken=taken), headers=HTMX)
    hers.post("/draft/create/back/", {"taken": taken})
    assert prompt_in(hers) == "a half-written"
