"""Results that came inside a provider's answer, laid down until the media worker looks into them.

A spooled file has an address like any other result, "spool:<name>"; only we make such addresses.
"""

from pathlib import Path
from typing import ClassVar

from media_pipeline import storage
from media_pipeline.errors import MediaError
from media_pipeline.receiving import FetchedFile, TooLarge, digest_of

SCHEME = "spool:"


class Missing(MediaError):
    """Taken away by the clean-up before anybody came for it."""

    code: ClassVar[str] = "output_expired"
    is_permanent: ClassVar[bool] = True


def lay_down(content: bytes, *, name: str) -> str:
    """The address under which the bytes can be taken up again. Twice overwrites. Raises DiskFull."""
    storage.require_space()
    with storage.parts() as new_part:
        part = new_part()
        part.write_bytes(content)
        storage.place(part, storage.spool_key(name))
    return f"{SCHEME}{name}"


def is_spooled(url: str) -> bool:
    return url.startswith(SCHEME)


def take_up(url: str, *, into: Path, most_bytes: int) -> FetchedFile:
    """Copies a spooled file; it stays where it is until forget(). Raises Missing, TooLarge."""
    try:
        with storage.lend(storage.spool_key(url.removeprefix(SCHEME))) as path:
            content = path.read_bytes()
    except FileNotFoundError as error:
        raise Missing("The spooled file is gone.") from error
    if len(content) > most_bytes:
        raise TooLarge(f"The file is larger than {most_bytes} bytes.")
    into.write_bytes(content)
    return FetchedFile(path=into, sha256=digest_of(content), size_bytes=len(content))


def forget(url: str) -> None:
    """Once the file is kept."""
    storage.remove(storage.spool_key(url.removeprefix(SCHEME)))
