"""At most so many of a kind of work at once on one machine, MEDIA_JOBS_PER_MACHINE unless told, whoever does it.

Locked files and not a counter: the kernel frees a lock when its holder dies, however it dies.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, ClassVar

from django.conf import settings

from media_pipeline.errors import MediaError


class NoFreeSlot(MediaError):
    """The machine is busy; give the work back and ask again in a moment."""

    is_ours: ClassVar[bool] = True


@contextmanager
def one(kind: str = "media", *, most: int | None = None) -> Iterator[int]:
    """Hold one slot of a kind of work, by its number, for the block. Does not wait: raises NoFreeSlot.

    Waiting would outlive the caller's lease; a row that comes back a moment later does not.
    """
    folder = Path(settings.DATA_DIR) / "slots"
    folder.mkdir(parents=True, exist_ok=True)
    places = most or settings.MEDIA_JOBS_PER_MACHINE
    for number in range(places):
        with (folder / f"{kind}-{number}.lock").open("a") as file:
            if _locked(file):
                yield number
                return
    raise NoFreeSlot(f"All {places} {kind} slots of this machine are taken.")


def _locked(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
