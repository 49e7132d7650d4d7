"""A picture of alice's that was kept the real way, and the link to it."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from accounts.ids import uuid7
from accounts.models import User
from media_pipeline import links
from media_pipeline.ingest import KeptFile, keep
from media_pipeline.models import Asset
from tests.media_pipeline import pictures
from tests.media_pipeline.servers import ScriptedServer, answer

ASSET_ID = uuid7()
CONTENT = pictures.encoded("PNG", 800, 600, compress_level=0)


@pytest.fixture(scope="module")
def keep_once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[ScriptedServer, Path], KeptFile]:
    """Keeps the picture the real way for the first test; each other one gets a copy of its files."""
    shelf = tmp_path_factory.mktemp("kept") / "media"
    kept: list[KeptFile] = []

    def keep_into(sandbox: ScriptedServer, media_root: Path) -> KeptFile:
        if kept:
            shutil.copytree(shelf, media_root)
        else:
            sandbox.routes["/out"] = answer(CONTENT)
            kept.append(keep(f"{sandbox.origin}/out", key=f"{ASSET_ID}-0"))
            shutil.copytree(media_root, shelf)
        return kept[0]

    return keep_into


@pytest.fixture
def asset(
    alice: User, sandbox: ScriptedServer, media_root: Path, keep_once: Callable[[ScriptedServer, Path], KeptFile]
) -> Asset:
    """A picture of alice's."""
    return Asset.objects.record(ASSET_ID, alice.pk, keep_once(sandbox, media_root))


@pytest.fixture
def link(asset: Asset) -> str:
    return links.sign(asset.pk, "original", asset.user_id)


@pytest.fixture
def alices(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def assert_nothing(response: Any) -> None:
    assert response.status_code == 404
    assert response.content == b"Not found"
    assert response["Cache-Control"] == "no-store"
    assert "X-Accel-Redirect" not in response
