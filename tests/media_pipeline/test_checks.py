"""What the system checks say before the first picture comes."""

from pathlib import Path

import pytest
from django.core.checks import run_checks
from PIL import features
from pytest_django import Settings

from media_pipeline import bucket_checks, checks
from tests.bucket import SECRET_KEY, Buckets

# The checks of the providers look into the pool.
pytestmark = pytest.mark.django_db


def ids() -> list[str]:
    return [message.id for message in run_checks() if message.id and message.id.startswith("media_pipeline.")]


def test_a_sound_installation_is_sound() -> None:
    assert ids() == []


def test_a_media_folder_that_cannot_be_written_to_is_said(settings: Settings, tmp_path: Path) -> None:
    # A file in the way: the owner of everything, root, may write even where modes forbid it.
    blocked = tmp_path / "blocked"
    blocked.touch(mode=0o600)
    location = {"BACKEND": "media_pipeline.folder.Folder", "OPTIONS": {"location": blocked / "media"}}
    settings.STORAGES = {**settings.STORAGES, "default": location}
    assert ids() == ["media_pipeline.E001"]
    assert not (blocked / "media").exists()


def test_a_pillow_without_a_codec_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "check", lambda name: name != "webp")
    assert [message.id for message in checks.pillow_knows_the_kinds()] == ["media_pipeline.E002"]


@pytest.mark.usefixtures("bucket_name")
def test_a_bucket_that_answers_is_nothing_to_say() -> None:
    assert bucket_checks.bucket_is_described() == []
    assert bucket_checks.bucket_answers() == []


@pytest.mark.usefixtures("bucket_name")
@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("MEDIA_BUCKET", "", "MEDIA_BUCKET is not set"),
        ("MEDIA_BUCKET", "My Bucket", "no bucket can be called"),
        ("MEDIA_BUCKET_ENDPOINT", "", "MEDIA_BUCKET_ENDPOINT is not set"),
        ("MEDIA_BUCKET_ENDPOINT", "s3.example.org", "must be like https://"),
        ("MEDIA_BUCKET_ENDPOINT", "https://s3.example.org/bucket", "must be like https://"),
        ("MEDIA_BUCKET_PREFIX", "a b", "MEDIA_BUCKET_PREFIX may have"),
        ("MEDIA_BUCKET_SECRET_KEY", "", "only one is set"),
    ],
)
def test_a_bucket_that_is_badly_described_is_a_sentence(
    variable: str, value: str, said: str, settings: Settings
) -> None:
    setattr(settings, variable, value)
    (mistake,) = bucket_checks.bucket_is_described()
    assert said in mistake.msg
    assert mistake.id == "media_pipeline.E003"
    assert SECRET_KEY not in mistake.msg


def test_without_a_bucket_nothing_is_asked_of_it(settings: Settings) -> None:
    settings.MEDIA_BUCKET_PREFIX = "a b"
    assert bucket_checks.bucket_is_described() == bucket_checks.bucket_answers() == []


def test_a_bucket_that_is_not_there_is_said_before_the_first_picture_comes(bucket_name: str, buckets: Buckets) -> None:
    buckets.client.delete_bucket(Bucket=bucket_name)
    (mistake,) = bucket_checks.bucket_answers()
    assert "NoSuchBucket" in mistake.msg
