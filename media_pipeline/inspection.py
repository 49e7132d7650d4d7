"""Have a file looked into by a child process that may break. The looking itself is in `inspector` and `film_inspector`.

A process per file costs about 0.1 s and buys that a decoder's crash, endless loop or hunger for memory ends with the
child, that the worker's memory stays flat, and that hostile bytes meet a process without database, keys or settings.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from django.conf import settings

from media_pipeline.child import EXIT_OURS, LOOKING, NoPicture
from media_pipeline.errors import MediaError
from media_pipeline.probing import TooManyFrames, TooManyPixels
from media_pipeline.sniffing import HEAD_BYTES, TypeRefused, sniff

ROOT = Path(__file__).resolve().parent.parent
WALL_SECONDS = 60
COMMAND = [sys.executable, "-E", "-s", "-m"]
# One allocation arena: the child's address space is limited. The library path only for Pythons that need one.
ENVIRONMENT = {"MALLOC_ARENA_MAX": "1", "LC_ALL": "C.UTF-8"}
FROM_OUTSIDE = {signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP}


class Unreadable(MediaError):
    code: ClassVar[str] = "output_unreadable"
    is_permanent: ClassVar[bool] = True


class Dangerous(MediaError):
    """Broke the decoder, or needed more time or memory than any picture may."""

    code: ClassVar[str] = "output_unsafe"
    is_permanent: ClassVar[bool] = True


class Interrupted(MediaError):
    """The child could not start, not read or write, or was killed from outside. Says nothing about the file."""


REFUSALS: dict[str, type[MediaError]] = {
    refusal.__name__: refusal for refusal in (TypeRefused, TooManyPixels, TooManyFrames, NoPicture, Dangerous)
}


@dataclass(frozen=True, kw_only=True, slots=True)
class InspectedFile:
    """Facts from the file's own bytes. Pixels are those a viewer shows (EXIF orientation applied)."""

    content_type: str
    extension: str
    width: int
    height: int
    frames: int
    duration_seconds: float | None = None


def inspect(
    path: Path, *, thumbnails: Mapping[int, Path], clean: Path | None = None, comment: str = ""
) -> InspectedFile:
    """Sniff, probe, decode and shrink one file; `thumbnails` is {longer side in pixels: path to write}.

    clean: where to write a copy without metadata; the answer then tells that copy's kind.
    comment: what that copy says of itself, if it is a video.

    Raises TypeRefused, TooManyPixels, TooManyFrames, Unreadable, Dangerous, Interrupted.
    """
    request = {
        "path": str(path),
        "max_pixels": settings.MEDIA_MAX_PIXELS,
        "clean": str(clean) if clean else "",
        "comment": comment,
        "thumbnails": {str(side): str(target) for side, target in thumbnails.items()},
    }
    library_path = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
    try:
        child = subprocess.run(
            [*COMMAND, f"media_pipeline.{_inspector_for(path)}"],
            input=json.dumps(request),
            capture_output=True,
            text=True,
            errors="replace",
            timeout=WALL_SECONDS,
            cwd=ROOT,
            env=ENVIRONMENT | library_path,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Dangerous(f"The file was not decoded within {WALL_SECONDS} s.") from error
    return _verdict(child)


def _inspector_for(path: Path) -> str:
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except OSError as error:
        raise Interrupted(f"The file cannot be opened: {error}.") from error
    return "film_inspector" if sniff(head).is_video else "inspector"


def _verdict(child: subprocess.CompletedProcess[str]) -> InspectedFile:
    lines = child.stdout.splitlines()
    last_words = (child.stderr.strip().splitlines() or [""])[-1][:200]
    if not lines or lines[0] != LOOKING or child.returncode == EXIT_OURS or -child.returncode in FROM_OUTSIDE:
        raise Interrupted(f"The inspector ended with {child.returncode}. {last_words}")
    if child.returncode < 0:
        raise Dangerous(f"The decoder was stopped by {signal.Signals(-child.returncode).name}.")
    if child.returncode:
        raise Unreadable(f"The file cannot be decoded. {last_words}")
    answer = json.loads(lines[1])
    if "refused" in answer:
        raise REFUSALS[answer["refused"]](answer["because"])
    return InspectedFile(**answer)
