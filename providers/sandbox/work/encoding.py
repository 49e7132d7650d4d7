"""Writes pictures one after another as an H.264 film, each with the sandbox's mark, the facts in its metadata."""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from providers.sandbox.pictures.encode import MAKER
from providers.sandbox.pictures.mark import mark_mask
from providers.sandbox.work.order import Order

Picture = NDArray[np.uint8]  # height × width × 3; scaled to the film's size
# One thread: a film is made beside everything else, and must not differ from machine to machine.
OPTIONS = {"preset": "ultrafast", "crf": "28", "threads": "1"}
LIGHT, DARK, MIDDLE = 225, 28, 140


def encode(pictures: Iterator[Picture], size: tuple[int, int], rate: float, order: Order) -> bytes:
    """The mp4's bytes. size: even width and height. rate: whole pictures a second."""
    width, height = size
    mask = mark_mask(size)
    facts = json.dumps({"made_by": "sandbox", "prompt": order.prompt, "seed": order.seed})
    # On disk: putting the index before the pictures means reading the file again.
    with tempfile.TemporaryDirectory(prefix="film") as folder:
        path = Path(folder) / "film.mp4"
        with av.open(str(path), "w", options={"movflags": "+faststart"}) as container:
            container.metadata["comment"] = f"{MAKER}; {facts}"
            stream = container.add_stream("libx264", rate=int(rate), options=OPTIONS)
            stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
            for picture in pictures:
                frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
                frame = frame.reformat(width, height, "yuv420p", interpolation="FAST_BILINEAR")
                _stamp(frame, mask)
                container.mux(stream.encode(frame))
            container.mux(stream.encode())
        return path.read_bytes()


def _stamp(frame: av.VideoFrame, mask: NDArray[Any]) -> None:
    """Lays the mark into the brightness of the lower right corner."""
    plane = frame.planes[0]
    bright = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)  # type: ignore[call-overload]
    rows, columns = mask.shape
    corner = bright[frame.height - rows : frame.height, frame.width - columns : frame.width]
    ink = DARK if corner.mean() > MIDDLE else LIGHT
    corner[:] = (corner + mask * (ink - corner.astype(np.float32))).astype(np.uint8)
