"""What any place for files must be able to do; `folder` and `bucket` are the two there are. Django's STORAGES chooses.

Keys are plain: letters, digits, `-`, `_`, `.` and `/`. Times are seconds since the epoch.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import ClassVar, NamedTuple, Protocol

from media_pipeline.errors import MediaError


class StorageAway(MediaError, OSError):
    """The bucket does not answer, refuses us or holds something else than we sent; what waits, waits."""

    is_ours: ClassVar[bool] = True


class Stored(NamedTuple):
    key: str
    written_at: float


class Shelf(Protocol):
    """Everything that takes a key raises FileNotFoundError when there is no such file, and StorageAway."""

    def place(self, part: Path, key: str) -> None:
        """Move a part to its key: there at once and whole, and after a power cut too. Overwrites."""

    def at_hand(self, key: str, room: Callable[[], Path], most_bytes: int) -> Path:
        """The file on this machine's disk: itself, or a copy in the room that is asked for. Raises TooLarge."""

    def remove(self, key: str) -> None:
        """A file that is not there is no error."""

    def twin(self, key: str, other: str) -> None:
        """The same bytes under another key, without their way through this process."""

    def length(self, key: str) -> int:
        """In bytes."""

    def pieces(self, key: str, start: int, length: int) -> Iterator[bytes]:
        """That part of it, a little at a time."""

    def stored(self, top: str, after: str) -> Iterator[Stored]:
        """Files two folders below `top`, in the order of their keys, beyond `after`; never all of them in memory."""

    def written_at(self, key: str) -> float:
        """When it was placed last."""

    def internal_address(self, key: str, headers: Mapping[str, str], *, method: str, is_part: bool) -> str:
        """What the proxy in front is told in X-Accel-Redirect. headers: those the file goes out with."""
