"""Films between two pictures: the frames go one by one from the maker into H.264. Encoded by FFmpeg's libraries."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from PIL import Image, ImageOps

from providers.local import geometry, sounds
from providers.local.order import MEGAPIXEL, Order, TooLarge
from providers.local.pictures import flat, opened

MOST_FRAME_PIXELS = 4 * MEGAPIXEL
# Nearly lossless to the eye: the first and the last frame are pictures that people know.
OPTIONS = {"crf": "16", "preset": "veryfast"}
THREADS = 2


def cross_fade(order: Order, target: Path) -> None:
    """One picture melts into the other, evenly."""
    first, last = keyframes(order)
    encode((Image.blend(first, last, share) for share in shares(order)), target, rate_of(order))


def keyframes(order: Order) -> tuple[Image.Image, Image.Image]:
    """Both pictures in the film's size, which has the first one's shape. Raises TooLarge."""
    first = flat(opened(order.file("first_frame")))
    size = geometry.filmed(first.size, int(order.settings["resolution"]))
    if geometry.pixels(size) > MOST_FRAME_PIXELS:
        raise TooLarge(f"a frame would have {size[0]} × {size[1]} pixels")
    fitted = [
        ImageOps.fit(one, size, Image.Resampling.LANCZOS) for one in (first, flat(opened(order.file("last_frame"))))
    ]
    return fitted[0], fitted[1]


def shares(order: Order) -> Iterator[float]:
    """How far along each frame is: the first at 0, the last at 1."""
    frames = int(order.settings["duration"]) * int(order.settings["fps"])
    return (number / (frames - 1) for number in range(frames))


def rate_of(order: Order) -> Fraction:
    """Frames a second."""
    return Fraction(int(order.settings["fps"]))


def encode(
    frames: Iterator[Image.Image],
    target: Path,
    rate: Fraction,
    sound: Callable[[int], sounds.Samples] | None = None,
) -> None:
    """Writes the frames as MP4; none is kept longer than the encoder needs it.

    sound: called after each frame with the number of samples that last as long; None makes a film without a track.
    """
    with av.open(str(target), "w", format="mp4", options={"movflags": "+faststart"}) as container:
        stream: Any = container.add_stream("libx264", rate=rate, options=OPTIONS)
        stream.pix_fmt = "yuv420p"
        stream.thread_count = THREADS
        track: Any = container.add_stream("aac", rate=sounds.RATE, layout="stereo") if sound else None
        heard = 0
        for number, image in enumerate(frames):
            if not number:
                stream.width, stream.height = image.size
            for packet in stream.encode(av.VideoFrame.from_ndarray(np.asarray(image), format="rgb24")):
                container.mux(packet)
            if sound:
                # Up to where the picture is, counted from the beginning, so that no rounding adds up.
                until = round((number + 1) / rate * sounds.RATE)
                piece = sounds.frame_of(sound(until - heard))
                piece.pts, piece.time_base, heard = heard, Fraction(1, sounds.RATE), until
                for packet in track.encode(piece):
                    container.mux(packet)
        for one in (stream, track) if sound else (stream,):
            for packet in one.encode():
                container.mux(packet)
