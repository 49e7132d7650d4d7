"""Files as a browser gets them: through the proxy, by internal redirect, with the application's headers."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from PIL import Image, ImageChops, ImageStat

from tests import bucket
from tests.plugin import Ground
from tests.system import RunningSystem, running
from tests.visitor import Visitor

pytestmark = pytest.mark.system


@pytest.fixture(scope="module", params=["folder", pytest.param("bucket", marks=pytest.mark.long)])
def studio(
    request: pytest.FixtureRequest, ground: Ground, system: RunningSystem, system_environment: dict[str, str]
) -> Iterator[RunningSystem]:
    """The running system, and another one whose files lie in a bucket."""
    if request.param == "folder":
        yield system
        return
    with bucket.serving() as buckets:
        name = buckets.make("studio-media")
        with running(ground, "system-bucket", {**system_environment, **buckets.environment(name)}) as other:
            yield other
            assert [key for key in buckets.keys(name) if "/originals/" in key]
        media = other.system.site.data_dir / "media"
        assert [path for path in media.rglob("*") if path.is_file() and path.suffix != ""] == []


@pytest.fixture(scope="module")
def alice(studio: RunningSystem) -> Visitor:
    return Visitor(studio).sign_in()


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
    assert answer.headers["Content-Disposition"].startswith('inline; filename="base-')
    assert answer.headers["ETag"].startswith('"')
    assert answer.history == []
    program = requests.get(link, headers={"Authorization": f"Bearer {alice.key}"}, timeout=10)
    assert program.content == answer.content
    assert not {name for name in answer.headers if name.lower().startswith(("x-amz", "x-accel"))}
    assert int(answer.headers["Content-Length"]) == len(answer.content)
    with Image.open(io.BytesIO(answer.content)) as image:
        assert image.size == (1344, 768)


def test_a_part_and_an_unchanged_file_are_answered_so(alice: Visitor, link: str) -> None:
    whole = alice.browser.get(link, timeout=10)
    part = alice.browser.get(link, headers={"Range": "bytes=10-19"}, timeout=10)
    assert (part.status_code, part.content) == (206, whole.content[10:20])
    assert part.headers["Content-Range"] == f"bytes 10-19/{len(whole.content)}"
    stale = alice.browser.get(link, headers={"Range": "bytes=10-19", "If-Range": '"older"'}, timeout=10)
    assert (stale.status_code, stale.content) == (200, whole.content)
    beyond = alice.browser.get(link, headers={"Range": "bytes=99999999-"}, timeout=10)
    assert beyond.status_code == 416
    assert whole.content[:4] not in beyond.content
    head = alice.browser.head(link, timeout=10)
    assert (head.status_code, head.headers["Content-Length"]) == (200, str(len(whole.content)))
    same = alice.browser.get(link, headers={"If-None-Match": whole.headers["ETag"]}, timeout=10)
    assert (same.status_code, same.content) == (304, b"")


def test_strangers_signed_out_visitors_and_altered_links_get_nothing(
    studio: RunningSystem, alice: Visitor, link: str
) -> None:
    carol = Visitor(studio, "carol").sign_in()
    altered = link[:-1] + ("A" if link[-1] != "A" else "B")
    answers = {
        "signed out": requests.get(link, timeout=10),
        "stranger": carol.browser.get(link, timeout=10),
        "stranger's key": requests.get(link, headers={"Authorization": f"Bearer {carol.key}"}, timeout=10),
        "altered": alice.browser.get(altered, timeout=10),
        "unsigned": alice.browser.get(link.partition("?")[0], timeout=10),
    }
    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(answers, 404)


@pytest.mark.parametrize(
    "path",
    [
        "/_media/originals/",
        "/_media/tmp/",
        "/_bucket/part/studio-media/studio/media/",
        "/_bucket/whole/studio-media/",
        "/media/../secrets/SECRET_KEY.txt",
    ],
)
def test_files_cannot_be_reached_around_the_application(studio: RunningSystem, path: str) -> None:
    assert requests.get(f"{studio.url}{path}", timeout=10).status_code == 404


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
