"""What nobody owns goes, and nothing else does."""

import os
import time
from pathlib import Path

import pytest

from accounts.ids import uuid7
from accounts.models import User
from media_pipeline import sweeping
from media_pipeline.ingest import keep
from media_pipeline.models import Asset
from tests.media_pipeline import pictures
from tests.media_pipeline.servers import ScriptedServer, answer

HOUR = 3600


@pytest.fixture
def stored(alice: User, sandbox: ScriptedServer, media_root: Path) -> list[Path]:
    """A picture with its row, all of its files older than an hour."""
    sandbox.routes["/out"] = answer(pictures.encoded())
    asset_id = uuid7()
    kept = keep(f"{sandbox.origin}/out", key=f"{asset_id}-0")
    Asset.objects.record(asset_id, alice.pk, kept)
    return [aged(media_root / key) for key in (kept.key, *kept.thumbnails.values())]


def delete_orphans(older_than_seconds: float) -> dict[str, int]:
    """How many were deleted: what was found, when nobody else is at it."""
    swept = sweeping.delete_orphans(older_than_seconds)
    assert all(one.found == one.removed for one in swept.values())
    return {name: one.removed for name, one in swept.items()}


def aged(path: Path, seconds: float = 2 * HOUR) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    then = time.time() - seconds
    os.utime(path, (then, then))
    return path


def orphan(root: Path, name: str, shard: str = "0a", seconds: float = 2 * HOUR) -> list[Path]:
    keys = [f"originals/{shard}/{name}.png", *(f"thumbs/{shard}/{name}-{side}.webp" for side in (320, 640))]
    return [aged(root / key, seconds) for key in keys]


def test_files_with_a_row_stay_and_those_without_go(stored: list[Path], media_root: Path) -> None:
    lonely = orphan(media_root, "lonely-0")
    assert delete_orphans(older_than_seconds=HOUR) == {"parts": 0, "files": 3}
    assert all(path.exists() for path in stored)
    assert not any(path.exists() for path in lonely)
    assert delete_orphans(older_than_seconds=HOUR) == {"parts": 0, "files": 0}


def test_young_files_and_parts_may_still_get_their_row(db: None, media_root: Path) -> None:
    young = [*orphan(media_root, "young-0", seconds=60), aged(media_root / "tmp/young.part", seconds=60)]
    old = aged(media_root / "tmp/old.part")
    assert delete_orphans(older_than_seconds=HOUR) == {"parts": 1, "files": 0}
    assert all(path.exists() for path in young)
    assert not old.exists()


def test_a_file_that_changed_its_kind_leaves_no_older_one_behind(
    alice: User, sandbox: ScriptedServer, media_root: Path
) -> None:
    asset_id = uuid7()
    for kind in ("PNG", "WEBP"):
        sandbox.routes["/out"] = answer(pictures.encoded(kind))
        kept = keep(f"{sandbox.origin}/out", key=str(asset_id))
        Asset.objects.record(asset_id, alice.pk, kept)
    for path in media_root.rglob("*.*"):
        aged(path)
    assert delete_orphans(older_than_seconds=HOUR)["files"] == 1
    assert sorted(path.suffix for path in media_root.rglob("*.*")) == [".webp", ".webp", ".webp"]


def test_a_deleted_rows_files_go(stored: list[Path], media_root: Path) -> None:
    Asset.objects.all().delete()
    assert delete_orphans(older_than_seconds=HOUR)["files"] == 3
    assert not any(path.exists() for path in stored)


def test_names_we_did_not_give_are_left_alone(db: None, media_root: Path) -> None:
    others = [
        "originals/0a/notes.txt",
        "originals/README.md",
        "originals/zz/picture.png",
        "originals/0a/.hidden.png",
        "backup/0a/picture.png",
        "picture.png",
        "tmp/notes.txt",
    ]
    kept = [aged(media_root / name) for name in others]
    assert delete_orphans(older_than_seconds=HOUR) == {"parts": 0, "files": 0}
    assert all(path.exists() for path in kept)


def test_a_run_is_bounded_and_the_next_goes_on_where_it_stopped(
    db: None, media_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "FILES_PER_RUN", 6)
    monkeypatch.setattr(sweeping, "FILES_PER_QUERY", 3)
    for number in range(10):
        orphan(media_root, f"lonely-{number}", shard=f"{number * 25:02x}")
    counts = [delete_orphans(older_than_seconds=HOUR)["files"] for _ in range(6)]
    assert counts == [6, 6, 6, 6, 6, 0]
    late = orphan(media_root, "late", shard="00")
    assert delete_orphans(older_than_seconds=HOUR)["files"] == 3
    assert not any(path.exists() for path in late)


def test_a_storage_that_holds_nothing_yet_is_no_error(db: None, media_root: Path) -> None:
    assert delete_orphans(older_than_seconds=HOUR) == {"parts": 0, "files": 0}
