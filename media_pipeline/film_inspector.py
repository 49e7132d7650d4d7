"""The child process that looks into videos: `python -m media_pipeline.film_inspector`. No Django.

Apart from the other one because FFmpeg's libraries take longer to load than a picture takes to shrink.
"""

import errno
from dataclasses import asdict
from pathlib import Path
from typing import Any

from av.error import FFmpegError

from media_pipeline.child import MEBIBYTE, NoPicture, Task, work
from media_pipeline.film import clean_film, look_into
from media_pipeline.sniffing import HEAD_BYTES, sniff


def look(task: Task) -> dict[str, Any]:
    """The whole look at one video. Raises MediaError, and whatever FFmpeg raises about a broken file."""
    with task.path.open("rb") as file:
        kind = sniff(file.read(HEAD_BYTES))
    try:
        probed = look_into(task.path, kind, task.thumbnails, max_pixels=task.max_pixels)
        if task.clean is not None:
            kind = clean_film(task.path, kind, task.clean, task.comment)
    except FFmpegError as error:
        if error.errno == errno.EIO:
            _read_to_its_end(task.path)
            raise NoPicture("The video breaks off before its picture begins.") from error
        raise
    return {"content_type": kind.content_type, "extension": kind.extension, **asdict(probed)}


def _read_to_its_end(path: Path) -> None:
    """FFmpeg says "input/output error" of a WebM cut in its head, too. Raises OSError when it is the disk after all."""
    with path.open("rb") as file:
        while file.read(MEBIBYTE):
            pass


if __name__ == "__main__":
    work(look)
