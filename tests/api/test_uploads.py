"""POST /api/upload: what is taken in, what is refused, and that nothing is left of a refusal."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from accounts.models import User
from media_pipeline.models import Asset
from tests.media_pipeline import films, pictures

ADDRESS = "/api/upload"


def file(content: bytes, name: str = "a.png", content_type: str = "image/png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type)


def send(client: Client, *files: SimpleUploadedFile, **more: Any) -> Any:
    return client.post(ADDRESS, {"files": list(files)}, **more)


def test_files_become_assets_of_the_person_in_order(alice: User, client: Client) -> None:
    client.force_login(alice)
    answer = send(
        client, file(pictures.encoded("PNG", 64, 48)), file(films.encoded(seconds=0.5), "b.mp4", "text/plain")
    )
    assert answer.status_code == 201
    picture, film = answer.json()
    assert (picture["width"], picture["height"], picture["content_type"]) == (64, 48, "image/png")
    assert film["content_type"] == "video/mp4"
    assert set(Asset.objects.for_user(alice).values_list("is_upload", flat=True)) == {True}
    shown: Any = client.get(f"/media/{picture['url'].split('/media/')[1]}")
    assert shown.status_code == 200
    with Image.open(io.BytesIO(b"".join(shown.streaming_content))) as image:
        assert image.size == (64, 48)


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (pictures.SVG, "PNG, JPEG"),
        (pictures.HTML, "PNG, JPEG"),
        (b"", "empty"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 40, "damaged"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * (10 * 1_048_576), "larger than 10 MB"),
    ],
)
def test_one_bad_file_and_nothing_is_kept(content: bytes, word: str, alice: User, client: Client) -> None:
    client.force_login(alice)
    answer = send(client, file(pictures.encoded("PNG", 20, 20)), file(content))
    assert answer.status_code == 400
    body = answer.json()
    assert body["code"] == "bad_files"
    assert list(body["fields"]) == ["files.1"]
    assert word in body["fields"]["files.1"]
    assert not Asset.objects.exists()


def test_the_count_is_from_one_to_fourteen(alice: User, client: Client) -> None:
    client.force_login(alice)
    small = pictures.encoded("PNG", 4, 4)
    for count in (0, 15):
        answer = send(client, *(file(small) for _number in range(count)))
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_file_count")
    assert not Asset.objects.exists()


def test_a_field_nobody_knows_is_named(alice: User, client: Client) -> None:
    client.force_login(alice)
    answer = client.post(ADDRESS, {"files": file(pictures.encoded("PNG", 4, 4)), "folder": "x"})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")
    assert "folder" in answer.json()["fields"]


def test_a_stranger_and_another_type_are_refused(db: None, alice: User, client: Client) -> None:
    assert send(client, file(pictures.encoded("PNG", 4, 4))).status_code == 401
    client.force_login(alice)
    answer = client.post(ADDRESS, b"{}", content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")
    assert not Asset.objects.exists()


def test_the_upload_of_another_person_is_not_there(alice: User, carol: User, client: Client) -> None:
    client.force_login(alice)
    address = send(client, file(pictures.encoded("PNG", 4, 4))).json()[0]["url"].split("/media/")[1]
    client.force_login(carol)
    assert client.get(f"/media/{address}").status_code == 404


def test_uploads_have_a_rate_of_their_own(alice: User, client: Client, settings: Any) -> None:
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "upload": "2/m"}
    client.force_login(alice)
    statuses = [send(client, file(pictures.encoded("PNG", 4, 4))).status_code for _number in range(3)]
    assert statuses == [201, 201, 429]
