"""The child process that looks into pictures: `python -m media_pipeline.inspector`, JSON in, JSON out. No Django."""

from dataclasses import asdict
from typing import Any

from media_pipeline.child import Task, work
from media_pipeline.cleaning import clean_picture
from media_pipeline.derivatives import make_thumbnails
from media_pipeline.probing import decode_frames, probe
from media_pipeline.sniffing import HEAD_BYTES, sniff


def look(task: Task) -> dict[str, Any]:
    """The whole look at one picture. Raises MediaError, and whatever Pillow raises about a broken file."""
    with task.path.open("rb") as file:
        kind = sniff(file.read(HEAD_BYTES))
    probed = probe(task.path, kind, max_pixels=task.max_pixels)
    orientation = make_thumbnails(task.path, kind, task.thumbnails, max_pixels=task.max_pixels)
    if probed.frames > 1:
        decode_frames(task.path, kind, max_pixels=task.max_pixels)
    if task.clean is not None:
        kind = clean_picture(task.path, kind, task.clean, max_pixels=task.max_pixels)
    return {"content_type": kind.content_type, "extension": kind.extension, **asdict(probed.upright(orientation))}


if __name__ == "__main__":
    work(look)
