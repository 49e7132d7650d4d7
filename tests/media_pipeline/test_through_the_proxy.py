"""Files as a browser gets them: through the proxy, by internal redirect, with the application's headers."""

import io
from typing import Any

import pytest
import requests
from PIL import Image, ImageChops, ImageStat

from tests.system import RunningSystem
from tests.visitor import Visitor

pytestmark = pytest.mark.system


@pytest.fixture(scope="module")
def alice(system: RunningSystem) -> Visitor:
    return Visitor(system).sign_in()


@pytest.fixture(scope="module")
def row(alice: Visitor) -> dict[str, Any]:
    generation = alice.ask("a picture behind the proxy", aspect_ratio="16:9", seed=11)
    return alice.wait_for(generation, "completed")


@pytest.fixture(scope="module")
def link(row: dict[str, Any]) -> str:
    (first,) = row["output_urls"]
    return str(first)


def test_the_owner_gets_the_whole_file_with_safe_headers(alice: Visitor, link: str) -> None:
    answer = alice.browser.get(link, timeout=10)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "image/webp"
    assert answer.headers["Cache-Control"] == "private, max-age=86400, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "X-Accel-Redirect" not in answer.headers
    assert int(answer.headers["Content-Length"]) == len(answer.content)
    with Image.open(io.BytesIO(answer.content)) as image:
        assert image.size == (1344, 768)


def test_a_part_and_an_unchanged_file_are_answered_so(alice: Visitor, link: str) -> None:
    whole = alice.browser.get(link, timeout=10)
    part = alice.browser.get(link, headers={"Range": "bytes=10-19"}, timeout=10)
    assert (part.status_code, part.content) == (206, whole.content[10:20])
    assert part.headers["Content-Range"] == f"bytes 10-19/{len(whole.content)}"
    same = alice.browser.get(link, headers={"If-None-Match": whole.headers["ETag"]}, timeout=10)
    assert (same.status_code, same.content) == (304, b"")


def test_strangers_signed_out_visitors_and_altered_links_get_nothing(
    system: RunningSystem, alice: Visitor, link: str
) -> None:
    carol = Visitor(system, "carol").sign_in()
    altered = link[:-1] + ("A" if link[-1] != "A" else "B")
    answers = {
        "signed out": requests.get(link, timeout=10),
        "stranger": carol.browser.get(link, timeout=10),
        "stranger's key": requests.get(link, headers={"Authorization": f"Bearer {carol.key}"}, timeout=10),
        "altered": alice.browser.get(altered, timeout=10),
        "unsigned": alice.browser.get(link.partition("?")[0], timeout=10),
    }
    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(answers, 404)


@pytest.mark.parametrize("path", ["/_media/originals/", "/_media/tmp/", "/media/../secrets/SECRET_KEY.txt"])
def test_files_cannot_be_reached_around_the_application(system: RunningSystem, path: str) -> None:
    assert requests.get(f"{system.url}{path}", timeout=10).status_code == 404


def test_two_thumbnails_are_there(alice: Visitor, row: dict[str, Any]) -> None:
    answer = alice.browser.get(str(row["thumbnail_url"]), timeout=10)
    with Image.open(io.BytesIO(answer.content)) as image:
        assert (image.format, max(image.size)) == ("WEBP", 320)


def picture(alice: Visitor, prompt: str, seed: int) -> Image.Image:
    row = alice.wait_for(alice.ask(prompt, seed=seed, megapixels="0.25"), "completed")
    return Image.open(io.BytesIO(alice.browser.get(row["output_urls"][0], timeout=10).content)).convert("RGB")


def test_the_same_seed_gives_the_same_picture_and_other_words_another(alice: Visitor) -> None:
    first, again = picture(alice, "a red desert", 5), picture(alice, "a red desert", 5)
    other = picture(alice, "a green forest in rain", 5)
    assert ImageChops.difference(first, again).getbbox() is None
    assert sum(ImageStat.Stat(ImageChops.difference(first, other)).mean) > 30
