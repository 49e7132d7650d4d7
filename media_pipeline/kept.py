"""What `ingest` hands over and `models` records: the facts of one stored file. No behaviour."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptFile:
    """`key` and the thumbnails' keys name files in the storage; sizes are bytes and upright pixels, digest is SHA-256.
    duration_seconds: of a video.

    thumbnails: {"320": key, "640": key}, by the longer side.
    """

    key: str
    sha256: str
    content_type: str
    size_bytes: int
    width: int
    height: int
    thumbnails: dict[str, str]
    duration_seconds: float | None = None
