"""The whole story of one file: from a URL to files in the storage, over real HTTP and real disks."""

import fcntl
import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from PIL import Image
from pytest_django import Settings

from media_pipeline import slots, storage
from media_pipeline.errors import MediaError
from media_pipeline.fetching import Expired
from media_pipeline.ingest import KeptFile, keep
from media_pipeline.inspection import Unreadable
from media_pipeline.receiving import TooLarge, Truncated
from media_pipeline.sniffing import TypeRefused
from tests.media_pipeline import pictures
from tests.media_pipeline.servers import ScriptedServer, answer

KEY = "0199aa00-0000-7000-8000-000000000001-0"
pytestmark = pytest.mark.usefixtures("leftovers")


def files(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def test_a_picture_is_kept_under_names_made_from_the_key(sandbox: ScriptedServer, media_root: Path) -> None:
    content = pictures.encoded("PNG", 1024, 768)
    sandbox.routes["/out.png"] = answer(content, Content_Type="image/png")
    kept = keep(f"{sandbox.origin}/out.png", key=KEY)
    shard = hashlib.sha256(KEY.encode()).hexdigest()[:2]
    assert kept == KeptFile(
        key=f"originals/{shard}/{KEY}.png",
        sha256=hashlib.sha256(content).hexdigest(),
        content_type="image/png",
        size_bytes=len(content),
        width=1024,
        height=768,
        thumbnails={side: f"thumbs/{shard}/{KEY}-{side}.webp" for side in ("320", "640")},
    )
    assert files(media_root) == sorted([kept.key, *kept.thumbnails.values()])
    with default_storage.open(kept.key) as stored:
        assert stored.read() == content
    with Image.open(media_root / kept.thumbnails["640"]) as thumbnail:
        assert (thumbnail.format, thumbnail.size) == ("WEBP", (640, 480))
    assert (media_root / kept.key).stat().st_mode & 0o777 == 0o644


def test_keeping_twice_overwrites_its_own_files(sandbox: ScriptedServer, media_root: Path) -> None:
    sandbox.routes["/out"] = answer(pictures.encoded("PNG", 100, 50))
    first = keep(f"{sandbox.origin}/out", key=KEY)
    assert keep(f"{sandbox.origin}/out", key=KEY) == first
    sandbox.routes["/out"] = answer(pictures.encoded("PNG", 60, 50))
    assert keep(f"{sandbox.origin}/out", key=KEY).width == 60
    assert len(files(media_root)) == 3


@pytest.mark.parametrize("declared", ["text/html", "application/octet-stream", "image/jpeg", ""])
def test_the_bytes_say_what_it_is_and_not_the_header_or_the_name(declared: str, sandbox: ScriptedServer) -> None:
    sandbox.routes["/out.exe"] = answer(pictures.encoded("PNG"), Content_Type=declared)
    kept = keep(f"{sandbox.origin}/out.exe", key=KEY)
    assert (kept.content_type, kept.key[-4:]) == ("image/png", ".png")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (pictures.HTML, TypeRefused),
        (pictures.SVG, TypeRefused),
        (pictures.encoded("JPEG", 400, 300)[:-500], Unreadable),
    ],
    ids=["an error page with 200", "an SVG", "a cut JPEG of the length announced"],
)
def test_what_is_refused_leaves_nothing_behind(
    content: bytes, expected: type[MediaError], sandbox: ScriptedServer, media_root: Path
) -> None:
    sandbox.routes["/out.png"] = answer(content, Content_Type="image/png")
    with pytest.raises(expected) as refusal:
        keep(f"{sandbox.origin}/out.png", key=KEY)
    assert refusal.value.is_permanent
    assert files(media_root) == []


def test_a_download_that_fails_leaves_nothing_behind(
    sandbox: ScriptedServer, media_root: Path, settings: Settings
) -> None:
    settings.MEDIA_MAX_BYTES = 1_000_000
    sandbox.routes["/cut"] = answer(b"12345", Content_Length="10")
    sandbox.routes["/flood"] = sandbox.drip(b"HTTP/1.1 200 OK\r\n\r\n", every=0, piece=bytes(65536))
    for path, expected in {"/cut": Truncated, "/flood": TooLarge, "/absent": Expired}.items():
        with pytest.raises(expected):
            keep(sandbox.origin + path, key=KEY)
    assert files(media_root) == []


def test_a_failed_second_run_leaves_the_first_ones_files_alone(sandbox: ScriptedServer, media_root: Path) -> None:
    sandbox.routes["/out"] = answer(pictures.encoded("PNG", 100, 50))
    keep(f"{sandbox.origin}/out", key=KEY)
    before = files(media_root)
    sandbox.routes["/out"] = answer(pictures.HTML)
    with pytest.raises(TypeRefused):
        keep(f"{sandbox.origin}/out", key=KEY)
    assert files(media_root) == before


@pytest.mark.parametrize("key", ["", "../evil", "a/b", "a\0b", "a" * 101, ".hidden", "-a", "a.png", "ä"])
def test_a_key_that_is_no_plain_name_is_a_mistake_of_ours(key: str, sandbox: ScriptedServer, media_root: Path) -> None:
    sandbox.routes["/out"] = answer(pictures.encoded())
    with pytest.raises(ValueError, match="cannot name a file"):
        keep(f"{sandbox.origin}/out", key=key)
    assert files(media_root) == []


def test_a_full_disk_stops_the_work_before_anything_is_fetched(
    sandbox: ScriptedServer, media_root: Path, settings: Settings
) -> None:
    settings.MEDIA_MIN_FREE_BYTES = 1 << 60
    with pytest.raises(storage.DiskFull) as failure:
        keep(f"{sandbox.origin}/out", key=KEY)
    assert (failure.value.is_permanent, failure.value.is_ours) == (False, True)
    assert sandbox.connections == 0


@pytest.fixture
def other_holders(settings: Settings) -> Iterator[list[str]]:
    """Another process of this machine holds every slot but one."""
    settings.MEDIA_JOBS_PER_MACHINE = 3
    folder = Path(settings.DATA_DIR) / "slots"
    folder.mkdir(parents=True)
    with (folder / "media-0.lock").open("a") as first, (folder / "media-2.lock").open("a") as third:
        for file in (first, third):
            fcntl.flock(file, fcntl.LOCK_EX)
        yield [first.name, third.name]


def test_no_more_than_so_many_work_at_once_on_a_machine(other_holders: list[str]) -> None:
    with slots.one() as number:
        assert number == 1
        with pytest.raises(slots.NoFreeSlot) as refusal, slots.one():
            pytest.fail("a second one was let in")
        assert (refusal.value.is_permanent, refusal.value.is_ours) == (False, True)
    with slots.one() as number:
        assert number == 1


def test_a_slot_is_free_again_after_a_failure(settings: Settings) -> None:
    settings.MEDIA_JOBS_PER_MACHINE = 1
    with pytest.raises(RuntimeError), slots.one():
        raise RuntimeError
    with slots.one() as number:
        assert number == 0
