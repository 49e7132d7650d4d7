"""Files in a bucket: placed whole or not at all, lent for a while, cleaned up by pages. Spoken to over real HTTP."""

import logging
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from PIL import Image
from pytest_django import Settings

from accounts.ids import uuid7
from accounts.models import User
from media_pipeline import copies, slots, spool, storage, sweeping
from media_pipeline.ingest import keep
from media_pipeline.models import Asset
from media_pipeline.receiving import TooLarge, digest_of
from providers import registry
from providers.adapters.local import Local
from providers.contract import InputFile, JobRef, JobRequest, Line
from tests.bucket import PREFIX, SECRET_KEY, Buckets
from tests.media_pipeline import pictures
from tests.media_pipeline.servers import ScriptedServer, answer

KEY = "originals/0a/one-0.png"
CROP = {"aspect_ratio": "1:1", "anchor": "center", "longer_side": "auto", "output_format": "png", "output_quality": 92}
pytestmark = pytest.mark.usefixtures("bucket_name", "leftovers")


def place(content: bytes, key: str = KEY) -> None:
    with storage.parts() as new_part:
        part = new_part()
        part.write_bytes(content)
        storage.place(part, key)


def test_a_result_is_kept_in_the_bucket_and_nothing_of_it_stays_here(
    *, buckets: Buckets, bucket_name: str, sandbox: ScriptedServer, media_root: Path
) -> None:
    content = pictures.encoded("PNG", 800, 600)
    sandbox.routes["/out"] = answer(content)
    for _ in range(2):
        kept = keep(f"{sandbox.origin}/out", key="one-0")
    assert buckets.keys(bucket_name) == sorted(f"{PREFIX}/{key}" for key in (kept.key, *kept.thumbnails.values()))
    assert buckets.content(bucket_name, f"{PREFIX}/{kept.key}") == content
    assert kept.sha256 == digest_of(content)
    assert [path for path in media_root.rglob("*") if path.is_file()] == []


def test_an_object_has_our_type_and_a_checksum_the_server_compared(buckets: Buckets, bucket_name: str) -> None:
    place(b"<script>", KEY)
    found = buckets.client.head_object(Bucket=bucket_name, Key=f"{PREFIX}/{KEY}", ChecksumMode="ENABLED")
    assert (found["ContentType"], found["ContentLength"]) == ("image/png", 8)
    assert found["ChecksumSHA256"]


def test_a_lent_copy_goes_with_its_block_however_that_ends(media_root: Path) -> None:
    place(b"some bytes")
    with storage.lend(KEY) as path:
        assert path.is_relative_to(media_root)
        assert path.read_bytes() == b"some bytes"
    assert not path.exists()
    with pytest.raises(ZeroDivisionError), storage.lend(KEY) as path:
        assert 1 / 0
    assert not path.exists()


def test_a_copy_is_bounded_and_waits_for_room(settings: Settings) -> None:
    place(bytes(1000))
    settings.MEDIA_MAX_BYTES = settings.MEDIA_MAX_VIDEO_BYTES = 999
    with pytest.raises(TooLarge), storage.lend(KEY):
        pass
    settings.MEDIA_MIN_FREE_BYTES = 2**60
    with pytest.raises(storage.DiskFull), storage.lend(KEY):
        pass


def test_what_is_not_there_is_a_missing_file() -> None:
    for ask in (storage.shelf().length, storage.shelf().written_at, default_storage.open):
        with pytest.raises(FileNotFoundError):
            ask("originals/0a/nothing.png")
    with pytest.raises(FileNotFoundError), storage.lend("originals/0a/nothing.png"):
        pass
    storage.remove("originals/0a/nothing.png")


def test_a_server_that_is_away_or_refuses_is_waited_for(buckets: Buckets, bucket_name: str, settings: Settings) -> None:
    place(b"x")
    buckets.client.delete_object(Bucket=bucket_name, Key=f"{PREFIX}/{KEY}")
    buckets.client.delete_bucket(Bucket=bucket_name)
    with pytest.raises(storage.StorageAway, match="NoSuchBucket") as failure:
        place(b"x")
    assert failure.value.is_ours
    assert SECRET_KEY not in str(failure.value)
    options = settings.STORAGES["default"]["OPTIONS"] | {"endpoint_url": "http://127.0.0.1:1"}
    settings.STORAGES = {**settings.STORAGES, "default": {**settings.STORAGES["default"], "OPTIONS": options}}
    with pytest.raises(storage.StorageAway, match="cannot be reached"), storage.lend(KEY):
        pass


def test_a_spooled_result_can_be_taken_up_on_another_machine(buckets: Buckets, bucket_name: str) -> None:
    content = pictures.encoded("WEBP")
    url = spool.lay_down(content, name="two-0")
    kept = keep(url, key="two-0")
    assert buckets.content(bucket_name, f"{PREFIX}/{kept.key}") == content
    spool.forget(url)
    assert not [key for key in buckets.keys(bucket_name) if "/spool/" in key]
    with pytest.raises(spool.Missing):
        keep(url, key="two-0")


def test_a_copy_given_away_comes_from_the_bucket(alice: User, sandbox: ScriptedServer, tmp_path: Path) -> None:
    sandbox.routes["/out"] = answer(pictures.encoded("PNG", 40, 30))
    kept = keep(f"{sandbox.origin}/out", key=str(uuid7()))
    file = Asset.objects.record(uuid7(), alice.pk, kept).file("original")
    assert file
    with slots.one("upload"):
        copy = copies.copy_of(file)
    with Image.open(copy.body) as image:
        assert image.size == (40, 30)


def test_the_clean_up_reads_pages_and_leaves_what_has_a_row_or_is_young_or_not_ours(
    *,
    alice: User,
    buckets: Buckets,
    bucket_name: str,
    sandbox: ScriptedServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sandbox.routes["/out"] = answer(pictures.encoded())
    kept = keep(f"{sandbox.origin}/out", key=str(uuid7()))
    Asset.objects.record(uuid7(), alice.pk, kept)
    others = [f"{PREFIX}/originals/0a/notes.txt", "originals/0a/lonely-0.png", f"{PREFIX}/backup/0a/lonely-0.png"]
    for name in others:
        buckets.client.put_object(Bucket=bucket_name, Key=name, Body=b"x")
    for number in range(7):
        place(b"x", f"originals/{number * 30:02x}/lonely-{number}.png")
    assert sweeping.delete_orphans(older_than_seconds=3600)["files"] == (0, 0)
    monkeypatch.setattr(sweeping, "FILES_PER_RUN", 4)
    monkeypatch.setattr(sweeping, "FILES_PER_QUERY", 2)
    removed = [sweeping.delete_orphans(older_than_seconds=-3600)["files"].removed for _ in range(4)]
    assert sum(removed) == 7
    assert sorted(buckets.keys(bucket_name)) == sorted(
        [*others, *(f"{PREFIX}/{key}" for key in (kept.key, *kept.thumbnails.values()))]
    )


def test_work_on_this_machine_brings_its_files_here_and_takes_them_away(tmp_path: Path) -> None:
    place(pictures.encoded("PNG", 64, 48))
    line = registry.options("local", "") | {"work_dir": str(tmp_path / "work")}
    adapter = Local(Line(base_url="", token="", options=line))
    with storage.lend(KEY) as path:
        handed = adapter.upload(InputFile(path=path, key=KEY, content_type="image/png", size_bytes=1, name="a.png"))
    for reference, outcome in ((handed.reference, ""), ("file:originals/0a/gone.png", "input_refused")):
        inputs = {"image": reference, **CROP}
        request = JobRequest(
            endpoint="local/crop",
            inputs=inputs,
            callback_url=None,
            deadline_seconds=60,
            idempotency_key=f"job-{len(outcome)}",
        )
        update = adapter.submit(request)
        job = JobRef(external_id=update.external_id, endpoint="local/crop", follow_up=update.follow_up)
        while not (update := adapter.fetch(job)).state.is_final:
            pass
        assert update.error_code == outcome
    assert list((tmp_path / "work").iterdir()) == []


def test_an_address_is_never_logged_with_its_signature(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        place(b"x")
        default_storage.open(KEY).close()
    assert "Signature" not in caplog.text
    assert SECRET_KEY not in caplog.text
