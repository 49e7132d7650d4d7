"""Small real videos, made on the spot."""

import io
from typing import Any

import av
import numpy as np

RATE = 10


def encoded(
    container: str = "mp4",
    width: int = 320,
    height: int = 180,
    seconds: float = 1.0,
    metadata: dict[str, str] | None = None,
) -> bytes:
    """A film of a moving gradient: H.264 in mp4 and mov, VP9 in webm."""
    buffer = io.BytesIO()
    codec = "libvpx-vp9" if container == "webm" else "libx264"
    with av.open(buffer, "w", format=container) as film:
        film.metadata.update(metadata or {})
        stream: Any = film.add_stream(codec, rate=RATE)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.options = {"cpu-used": "8"} if container == "webm" else {"preset": "ultrafast"}
        rows, columns = np.mgrid[0:height, 0:width]
        for number in range(round(seconds * RATE)):
            pixels = np.stack([(columns + number * 9) % 256, rows % 256, np.full_like(rows, 90)], -1).astype(np.uint8)
            film.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        film.mux(stream.encode())
    return buffer.getvalue()


def metadata_of(content: bytes) -> dict[str, str]:
    with av.open(io.BytesIO(content)) as film:
        return {**film.metadata, **film.streams[0].metadata}
