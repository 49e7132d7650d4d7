"""What leaves the studio: files that say nothing, files with their recipe inside when asked, and the recipe itself."""

import io
import json
from html import unescape
from pathlib import Path
from typing import Any

import av
import pytest
from django.test import Client
from PIL import Image, PngImagePlugin

from accounts.models import User
from generations.models import Attempt, Generation, Item
from media_pipeline import storage
from media_pipeline.models import Asset
from tests.library.conftest import Put
from tests.media_pipeline import films, pictures

PROMPT = 'лиса & "снег" <ночью>'
SECRET = b"made by a stranger"


def spoken(kind: str) -> bytes:
    """A picture that tells of itself in every way its kind has."""
    note = PngImagePlugin.PngInfo()
    note.add_itxt("parameters", SECRET.decode())
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    xmp = b"<x:xmpmeta>" + SECRET + b"</x:xmpmeta>"
    more: dict[str, dict[str, Any]] = {
        "PNG": {"pnginfo": note, "exif": exif},
        "JPEG": {"exif": exif, "xmp": xmp, "comment": SECRET, "progressive": True},
        "WEBP": {"exif": exif, "xmp": xmp, "lossless": True},
    }
    return pictures.encoded(kind, **more[kind]) + SECRET * (kind != "WEBP")


@pytest.fixture
def work(alice: User, put: Put, settings: Any, tmp_path: Path) -> Item:
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "media_pipeline.folder.Folder", "OPTIONS": {"location": tmp_path}},
    }
    item = put(alice, PROMPT)
    Generation.objects.filter(pk=item.pk).update(seed=77, params={"seed": 77, "aspect_ratio": "16:9"})
    Attempt.objects.create(
        generation_id=item.pk, number=1, provider="replicate", endpoint="x", version="v-5c7",
        token_label="secret-token", state="closed", fuse_at=item.created_at,
    )  # fmt: skip
    return item


def store(item: Item, content: bytes, content_type: str, extension: str) -> None:
    key = f"originals/00/{item.pk}.{extension}"
    Asset.objects.filter(output__generation=item.pk).update(key=key, content_type=content_type)
    storage.path_of(key).parent.mkdir(parents=True, exist_ok=True)
    storage.path_of(key).write_bytes(content)


def taken(client: Client, item: Item, query: str = "") -> bytes:
    answer = client.get(f"/result/{item.pk}/files/1/{query}")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def pixels(content: bytes) -> bytes:
    with Image.open(io.BytesIO(content)) as image:
        return image.convert("RGBA").tobytes()


@pytest.mark.parametrize(
    ("kind", "content_type", "extension"),
    [("PNG", "image/png", "png"), ("JPEG", "image/jpeg", "jpg"), ("WEBP", "image/webp", "webp")],
)
def test_a_picture_says_nothing_until_it_is_asked_to(
    hers: Client, work: Item, kind: str, content_type: str, extension: str
) -> None:
    made = spoken(kind)
    assert SECRET in made
    store(work, made, content_type, extension)
    silent, telling = taken(hers, work), taken(hers, work, "?facts=1")
    assert SECRET not in silent + telling
    assert "лиса".encode() not in silent
    assert pixels(silent) == pixels(telling) == pixels(made)
    with Image.open(io.BytesIO(silent)) as image:
        assert set(image.info) <= {
            "jfif",
            "jfif_version",
            "jfif_unit",
            "jfif_density",
            "progressive",
            "progression",
        } | ({"loop", "background", "timestamp", "duration"})
        assert not image.getexif()
    with Image.open(io.BytesIO(telling)) as image:
        note = image.info["Description"] if kind == "PNG" else image.info["xmp"].decode()
    text = note if kind == "PNG" else unescape(note.split('x-default">')[1].split("</rdf:li>")[0])
    facts = json.loads(text)
    assert (facts["prompt"], facts["seed"], facts["version"]) == (PROMPT, 77, "v-5c7")
    assert "secret-token" not in text


@pytest.mark.parametrize("is_lossless", [True, False])
def test_a_plain_webp_of_either_kind_takes_a_note(hers: Client, work: Item, *, is_lossless: bool) -> None:
    made = pictures.encoded("WEBP", 63, 41, lossless=is_lossless)
    store(work, made, "image/webp", "webp")
    assert taken(hers, work) == made
    telling = taken(hers, work, "?facts=1")
    assert pixels(telling) == pixels(made)
    with Image.open(io.BytesIO(telling)) as image:
        assert image.size == (63, 41)
        assert b"v-5c7" in image.info["xmp"]


def test_a_turned_photograph_stays_upright(hers: Client, work: Item) -> None:
    store(work, pictures.photograph_with_place(orientation=6), "image/jpeg", "jpg")
    silent = taken(hers, work)
    assert b"CameraMaker" not in silent
    assert b"taken at home" not in silent
    with Image.open(io.BytesIO(silent)) as image:
        assert dict(image.getexif()) == {0x0112: 6}
        assert image.info["icc_profile"]


def test_a_picture_of_a_rare_kind_is_drawn_anew(hers: Client, work: Item) -> None:
    store(work, pictures.encoded("GIF", comment=SECRET), "image/gif", "gif")
    silent = taken(hers, work)
    assert SECRET not in silent
    with Image.open(io.BytesIO(silent)) as image:
        assert image.format == "PNG"


def test_a_film_has_a_comment_only_when_asked(hers: Client, work: Item, tmp_path: Path) -> None:
    store(work, films.encoded(metadata={"comment": SECRET.decode()}), "video/mp4", "mp4")
    for query, has_note in (("", False), ("?facts=1", True)):
        path = tmp_path / "taken.mp4"
        path.write_bytes(taken(hers, work, query))
        with av.open(str(path)) as film:
            assert SECRET.decode() not in film.metadata.values()
            assert ("comment" in film.metadata) == has_note
            assert film.streams.video[0].frames > 0
            if has_note:
                assert json.loads(film.metadata["comment"])["seed"] == 77


def test_the_recipe_stands_on_the_result_page_without_tokens(hers: Client, work: Item) -> None:
    page = unescape(hers.get(f"/result/{work.pk}/").content.decode())
    facts = json.loads(page.split('id="recipe-facts" hidden>')[1].split("</pre>")[0])
    assert facts["settings"] == {"seed": 77, "aspect_ratio": "16:9"}
    assert facts["prompt"] == PROMPT
    text = page.split('id="recipe-text" hidden>')[1].split("</pre>")[0]
    assert {"Version: v-5c7", "Seed: 77", "Provider: Replicate"} <= set(text.splitlines())
    assert "secret-token" not in page


def test_only_what_is_there_and_only_for_its_person(hers: Client, work: Item, bob: User) -> None:
    store(work, spoken("PNG"), "image/png", "png")
    for number in (0, 2):
        assert hers.get(f"/result/{work.pk}/files/{number}/").status_code == 404
    client = Client()
    assert client.get(f"/result/{work.pk}/files/1/").status_code == 302
    client.force_login(bob)
    assert client.get(f"/result/{work.pk}/files/1/").status_code == 404
    storage.path_of(f"originals/00/{work.pk}.png").unlink()
    assert hers.get(f"/result/{work.pk}/files/1/").status_code == 404
