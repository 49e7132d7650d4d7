"""The parent's side: starts a child for an order, looks after it, reads what became of it, ends it.

A child belongs to the process that started it and dies with it, so what is running is kept in this process alone. One
that is asked for anew after its process died is simply done again: nothing but time was spent.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from providers.local import given
from providers.local.order import Order

ROOT = Path(__file__).resolve().parent.parent.parent
COMMAND = [sys.executable, "-E", "-s", "-m", "providers.local.worker"]
# Address space is limited, so one arena; and libraries that would take every processor are told how many they get.
ENVIRONMENT = {"MALLOC_ARENA_MAX": "1", "LC_ALL": "C.UTF-8", "OMP_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "1"}
ABANDONED_SECONDS = 24 * 3600
LAST_WORDS = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Ended:
    """How it ended: with the file's bytes, or with an ErrorCode and words for admins. seconds: of work."""

    content: bytes = b""
    code: str = ""
    detail: str = ""
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Run:
    process: "subprocess.Popen[bytes]"
    folder: Path
    ends_at: float


_runs: dict[str, Run] = {}


def look(key: str, order: Order, work_dir: Path, media_root: str, patience_seconds: float) -> Ended | None:
    """Waits that long for the work of this key, which is begun if it is not under way; None while it goes on.

    media_root: below which the order's files lie; empty for a bucket. Raises OSError when no child can be started.
    """
    run = _runs.get(key) or _start(key, order, work_dir, media_root)
    left = run.ends_at - time.monotonic()
    try:
        code = run.process.wait(max(0, min(patience_seconds, left)))
    except subprocess.TimeoutExpired:
        if left > patience_seconds:
            return None
        stop(key)
        return Ended(code="provider_timed_out", detail=f"not done within {order.seconds} s")
    try:
        return _outcome(run.folder, code)
    finally:
        stop(key)


def stop(key: str) -> None:
    """Ends the work of this key, if it is under way here, and takes away what it left."""
    run = _runs.pop(key, None)
    if run is None:
        return
    run.process.kill()
    run.process.wait()
    shutil.rmtree(run.folder, ignore_errors=True)


def _start(key: str, order: Order, work_dir: Path, media_root: str) -> Run:
    work_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    _clear_away(work_dir)
    folder = Path(tempfile.mkdtemp(prefix=f"{key}-", dir=work_dir))
    try:
        here = given.bring(order, media_root, folder)
    except OSError:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    request = {"order": here.to_json(), "target": str(folder / "result"), "parent": os.getpid()}
    (folder / "request").write_text(json.dumps(request), encoding="utf-8")
    kept = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
    with (
        (folder / "request").open("rb") as asked,
        (folder / "answer").open("wb") as answer,
        (folder / "words").open("wb") as words,
    ):
        process = subprocess.Popen(COMMAND, stdin=asked, stdout=answer, stderr=words, cwd=ROOT, env=ENVIRONMENT | kept)
    _runs[key] = Run(process, folder, time.monotonic() + order.seconds)
    return _runs[key]


def _clear_away(work_dir: Path) -> None:
    """What a killed process left, once nobody can be working in it."""
    for folder in work_dir.iterdir():
        if time.time() - folder.stat().st_mtime > ABANDONED_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)


def _outcome(folder: Path, code: int) -> Ended:
    if code:
        words = (folder / "words").read_text(encoding="utf-8", errors="replace").strip()
        return Ended(code="provider_failed", detail=f"the child ended with {code}: {words[-LAST_WORDS:]}")
    answer = json.loads((folder / "answer").read_text(encoding="utf-8"))
    if "refused" in answer:
        return Ended(code=answer["refused"], detail=answer["because"])
    return Ended(content=(folder / "result").read_bytes(), seconds=answer["seconds"])
