"""What the system checks say before the first picture comes."""

from pathlib import Path

import pytest
from django.core.checks import run_checks
from PIL import features
from pytest_django import Settings

from media_pipeline import checks

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
    location = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": blocked / "media"}}
    settings.STORAGES = {**settings.STORAGES, "default": location}
    assert ids() == ["media_pipeline.E001"]
    assert not (blocked / "media").exists()


def test_a_pillow_without_a_codec_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "check", lambda name: name != "webp")
    assert [message.id for message in checks.pillow_knows_the_kinds()] == ["media_pipeline.E002"]
