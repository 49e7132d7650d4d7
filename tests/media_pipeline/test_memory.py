"""Memory of the process that decodes and of the one that asks, at 4096 × 4096."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from media_pipeline import inspection
from media_pipeline.inspection import inspect
from tests.media_pipeline import pictures

MEBIBYTE = 1_048_576
# A small process of its own in between: a child's peak starts from its parent's, and pytest is large.
MEASURE = (
    "import resource, subprocess, sys; subprocess.run(sys.argv[1:]);"
    "sys.stderr.write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))"
)
OPTIONS = {"JPEG": {"quality": 90}, "PNG": {"compress_level": 1}, "WEBP": {"method": 0}, "AVIF": {"speed": 10}}


@pytest.fixture(scope="module")
def large() -> Image.Image:
    return pictures.scene(4096, 4096)


@pytest.mark.parametrize("kind", OPTIONS)
def test_a_picture_of_16_megapixels_is_looked_into_within_350_mb(kind: str, large: Image.Image, tmp_path: Path) -> None:
    path = tmp_path / "large"
    path.write_bytes(pictures.written(large, kind, **OPTIONS[kind]))
    request = {"path": str(path), "max_pixels": 50_000_000, "clean": "", "thumbnails": {"640": str(tmp_path / "small")}}
    measured = subprocess.run(
        [sys.executable, "-c", MEASURE, *inspection.COMMAND, "media_pipeline.inspector"],
        input=json.dumps(request),
        capture_output=True,
        cwd=inspection.ROOT,
        text=True,
        check=True,
    )
    assert '"width": 4096' in measured.stdout
    peak_bytes = int(measured.stderr) * 1024
    assert 20 * MEBIBYTE < peak_bytes < 350 * MEBIBYTE


def test_the_worker_that_asks_stays_flat(large: Image.Image, tmp_path: Path) -> None:
    path = tmp_path / "large"
    path.write_bytes(pictures.written(large, "JPEG", quality=90))
    inspect(path, thumbnails={640: tmp_path / "small"})
    before = _resident_bytes()
    for _ in range(5):
        inspect(path, thumbnails={640: tmp_path / "small"})
    assert _resident_bytes() - before < 16 * MEBIBYTE


def _resident_bytes() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
