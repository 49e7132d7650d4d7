"""The child process that looks into videos: `python -m media_pipeline.film_inspector`. No Django.

Apart from the other one because FFmpeg's libraries take longer to load than a picture takes to shrink.
"""

from dataclasses import asdict
from typing import Any

from media_pipeline.child import Task, work
from media_pipeline.film import clean_film, look_into
from media_pipeline.sniffing import HEAD_BYTES, sniff


def look(task: Task) -> dict[str, Any]:
    """The whole look at one video. Raises MediaError, and whatever FFmpeg raises about a broken file."""
    with task.path.open("rb") as file:
        kind = sniff(file.read(HEAD_BYTES))
    probed = look_into(task.path, kind, task.thumbnails, max_pixels=task.max_pixels)
    if task.clean is not None:
        kind = clean_film(task.path, kind, task.clean)
    return {"content_type": kind.content_type, "extension": kind.extension, **asdict(probed)}


if __name__ == "__main__":
    work(look)
