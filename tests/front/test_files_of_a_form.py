"""Files that a form names or brings become the wish's; nobody else's do. A change of model says what it left."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from generations.models import Generation, Input
from generations.trays import MOST_SPARE
from media_pipeline.models import Asset
from tests.media_pipeline import pictures

pytestmark = pytest.mark.usefixtures("sandbox")
HTMX = {"HX-Request": "true"}
LYING = re.compile(r'name="spare\.(\w+)" value="([0-9a-f-]{36})"')
NAMED = re.compile(r'name="inputs\.(\w+)" value="([0-9a-f-]{36})"')


def picture(name: str = "a.png", width: int = 64, height: int = 48) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, pictures.encoded("PNG", width, height), "image/png")


def uploaded(client: Client, number: int) -> list[str]:
    answer = client.post("/api/upload", {"files": [picture(width=60 + one) for one in range(number)]})
    return [row["id"] for row in answer.json()]


def wish(**more: Any) -> dict[str, Any]:
    return {"model": "flux-dev", "prompt": "a kite", "idempotency_key": "k-1", **more}


def shown(content: bytes) -> list[tuple[str, str]]:
    """Slot and id of every file in the composer."""
    return NAMED.findall(content.decode())


def test_files_named_in_the_form_are_the_wishs(hers: Client, her: User) -> None:
    ids = uploaded(hers, 2)
    answer = hers.post("/", wish(**{"model": "flux-2-pro", "inputs.image": ids}), headers=HTMX)
    assert answer.status_code == 201
    generation = Generation.objects.for_user(her).get()
    assert generation.task == "image-edit"
    assert [str(row.asset_id) for row in Input.objects.order_by("index")] == ids


@pytest.mark.parametrize("named", ["01890a5d-ac96-774b-bcce-b302099a8057", "nonsense"])
def test_a_file_that_is_not_there_is_refused_and_nothing_is_made(named: str, hers: Client) -> None:
    answer = hers.post("/", wish(**{"inputs.image": named}), headers=HTMX)
    assert answer.status_code == 400
    assert "there is no such file of yours. Upload it again." in answer.content.decode()
    assert not Generation.objects.exists()


def test_another_persons_file_is_not_there(hers: Client, carol: User) -> None:
    stranger = Client()
    stranger.force_login(carol)
    (foreign,) = uploaded(stranger, 1)
    assert hers.post("/", wish(**{"inputs.image": foreign}), headers=HTMX).status_code == 400
    assert shown(hers.get("/composer/", {"model": "flux-dev", "inputs.image": foreign}).content) == []
    assert not Generation.objects.exists()


def spare(content: bytes) -> list[tuple[str, str]]:
    """The same of those over the limit."""
    return LYING.findall(content.decode())


# -- without scripts -------------------------------------------------------------------------------
def test_files_come_with_the_form_where_there_are_no_scripts(hers: Client, her: User) -> None:
    answer = hers.post("/", wish(**{"model": "flux-2-pro", "files.image": [picture(width=70), picture()]}))
    assert answer.status_code == 302
    rows = Input.objects.filter(generation__user=her).order_by("index").select_related("asset")
    assert [(row.slot, row.asset.width) for row in rows] == [("image", 70), ("image", 64)]


def test_a_file_that_cannot_be_used_keeps_nothing(hers: Client) -> None:
    bad = SimpleUploadedFile("a.png", pictures.HTML, "image/png")
    answer = hers.post("/", wish(**{"files.image": [bad]}))
    assert answer.status_code == 400
    assert "This is none of the kinds that can be used" in answer.content.decode()
    assert not Generation.objects.exists()
    assert not Asset.objects.exists()


def test_a_refused_wish_keeps_its_files_for_the_next_try(hers: Client, her: User) -> None:
    answer = hers.post("/", wish(**{"prompt": " ", "files.image": [picture()]}))
    assert answer.status_code == 400
    ((slot, named),) = shown(answer.content)
    assert hers.post("/", wish(**{f"inputs.{slot}": named})).status_code == 302
    assert Generation.objects.for_user(her).get().task == "image-edit"


# -- another model ---------------------------------------------------------------------------------
OVER = "FLUX Dev takes 1 file here. What is red is neither sent nor charged"


def test_a_change_of_model_keeps_the_files_that_fit_shows_the_others_and_counts_what_has_no_place(
    hers: Client,
) -> None:
    ids = uploaded(hers, 3)
    given = {"model": "flux-2-max", "from_model": "flux-2-pro", "inputs.image": ids}
    same = hers.get("/composer/", given, headers=HTMX)
    assert shown(same.content) == [("image", one) for one in ids]
    assert (spare(same.content), 'id="left-out"' in same.content.decode()) == ([], False)
    fewer = hers.get("/composer/", {**given, "model": "flux-dev"}, headers=HTMX)
    assert shown(fewer.content) == [("image", ids[0])]
    assert spare(fewer.content) == [("image", one) for one in ids[1:]]
    assert 'id="left-out"' not in fewer.content.decode()
    assert OVER in fewer.content.decode()
    # Back at the first model all of them are there again.
    over = {"model": "flux-2-pro", "from_model": "flux-dev", "inputs.image": ids[:1], "spare.image": ids[1:]}
    again = hers.get("/composer/", over, headers=HTMX)
    assert (shown(again.content), spare(again.content)) == ([("image", one) for one in ids], [])
    none = hers.get("/composer/", {**given, "model": "flux-schnell"}, headers=HTMX).content.decode()
    assert "3 files were left out: FLUX Schnell has no place for them." in none


def test_what_is_over_the_limit_is_kept_and_not_sent(hers: Client, her: User) -> None:
    first, second = uploaded(hers, 2)
    lying = {"inputs.image": second, "spare.image": first, "room": "create"}
    assert hers.post("/draft/create/", wish(**lying), headers=HTMX).status_code == 204
    content = hers.get("/").content
    assert (shown(content), spare(content)) == ([("image", second)], [("image", first)])
    refused = hers.post("/", wish(**{**lying, "prompt": " "}))
    assert spare(refused.content) == [("image", first)]
    assert hers.post("/", wish(**lying), headers=HTMX).status_code == 201
    assert [str(row.asset_id) for row in Input.objects.filter(generation__user=her)] == [second]


def test_only_so_many_are_kept_over_the_limit(hers: Client) -> None:
    ids = [*uploaded(hers, 5), *uploaded(hers, 5)]
    content = hers.get("/composer/", {"model": "flux-dev", "inputs.image": ids}, headers=HTMX).content
    assert spare(content) == [("image", one) for one in ids[1 : MOST_SPARE + 1]]
    assert "1 file was left out: FLUX Dev has no place for it." in content.decode()


def test_the_settings_of_an_earlier_result_bring_its_files(hers: Client, her: User) -> None:
    (named,) = uploaded(hers, 1)
    hers.post("/", wish(**{"inputs.image": named}))
    generation = Generation.objects.for_user(her).get()
    assert shown(hers.get(f"/?from={generation.pk}").content) == [("image", named)]
