"""bin/manage copy_media: what lies in the folder comes into the bucket, as often as it is begun."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from tests.bucket import PREFIX, Buckets

FILES = {
    "originals/0a/one-0.png": b"one",
    "thumbs/0a/one-0-320.webp": b"small",
    "spool/0b/two-0": b"on its way",
    "exports/0c/three.zip": b"archive",
}


def moved() -> str:
    out = StringIO()
    call_command("copy_media", stdout=out)
    return out.getvalue().splitlines()[-1]


@pytest.fixture
def folder(media_root: Path, bucket_name: str) -> Path:
    for key, content in {**FILES, "tmp/half.part": b"x"}.items():
        (media_root / key).parent.mkdir(parents=True, exist_ok=True)
        (media_root / key).write_bytes(content)
    return media_root


def test_everything_is_copied_once_and_the_folder_stays_as_it_is(
    folder: Path, buckets: Buckets, bucket_name: str
) -> None:
    assert moved() == "4 copied, 0 there already"
    assert {key: buckets.content(bucket_name, f"{PREFIX}/{key}") for key in FILES} == FILES
    assert len(buckets.keys(bucket_name)) == len(FILES)
    assert moved() == "0 copied, 4 there already"
    assert {key: (folder / key).read_bytes() for key in FILES} == FILES


def test_it_goes_on_where_it_was_ended_and_takes_what_has_changed(
    folder: Path, buckets: Buckets, bucket_name: str
) -> None:
    buckets.client.put_object(Bucket=bucket_name, Key=f"{PREFIX}/originals/0a/one-0.png", Body=b"half of")
    buckets.client.put_object(Bucket=bucket_name, Key=f"{PREFIX}/thumbs/0a/one-0-320.webp", Body=b"small")
    assert moved() == "3 copied, 1 there already"
    assert buckets.content(bucket_name, f"{PREFIX}/originals/0a/one-0.png") == b"one"


def test_a_bucket_that_is_not_described_or_not_there_is_a_sentence(
    folder: Path, buckets: Buckets, bucket_name: str, settings: Settings
) -> None:
    buckets.client.delete_bucket(Bucket=bucket_name)
    with pytest.raises(CommandError, match="Begin again"):
        moved()
    settings.MEDIA_BUCKET = ""
    with pytest.raises(CommandError, match="MEDIA_BUCKET is not set"):
        moved()
