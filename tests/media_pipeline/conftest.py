"""A storage of its own for every test, and a server on loopback that counts as the sandbox."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from media_pipeline import storage
from tests.media_pipeline.desk import Desk
from tests.media_pipeline.servers import ScriptedServer


@pytest.fixture(autouse=True)
def media_root(settings: Settings, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    root = tmp_path / "media"
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "media_pipeline.folder.Folder", "OPTIONS": {"location": root}},
    }
    settings.MEDIA_MIN_FREE_BYTES = 1
    settings.MEDIA_REDIRECT = "none"
    return root


@pytest.fixture
def sandbox(settings: Settings) -> Iterator[ScriptedServer]:
    """A server whose exact origin is the running sandbox's, so that it may be spoken to without https."""
    with ScriptedServer() as server:
        settings.EMBEDDED = True
        settings.SANDBOX_URL = server.origin
        yield server


@pytest.fixture
def part(media_root: Path) -> Path:
    media_root.mkdir(parents=True)
    return media_root / "download.part"


@pytest.fixture
def leftovers(media_root: Path) -> Iterator[None]:
    """Afterwards no part of a download lies about, however it ended."""
    yield
    assert list((media_root / storage.PARTS).glob("*.part")) == []


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)
