"""Several films one after the other, as one. What one ends with and the next begins with is shown once."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import islice
from pathlib import Path

import av
from PIL import Image, ImageOps

from providers.local import geometry
from providers.local.films import MOST_FRAME_PIXELS, encode
from providers.local.order import Order, Refused, TooLarge

MOST_SECONDS = 240
USUAL_RATE, HIGHEST_RATE = Fraction(24), Fraction(60)


def join(order: Order, target: Path) -> None:
    """In the size and the frame rate of the first; another shape is cut to it. Without sound."""
    order.file("video")
    paths = [Path(one) for one in order.files["video"]]
    size, rate = _shape(paths)
    encode(_joined(paths, size, rate), target, rate)


def _shape(paths: Sequence[Path]) -> tuple[geometry.Size, Fraction]:
    """Raises TooLarge before anything is decoded, and Refused for what is no film."""
    seconds = 0.0
    shapes = []
    for path in paths:
        try:
            with av.open(str(path)) as film:
                stream = film.streams.video[0]
                shapes.append((stream.width // 2 * 2, stream.height // 2 * 2, stream.average_rate))
                seconds += (film.duration or 0) / av.time_base
        except (av.FFmpegError, IndexError) as error:
            raise Refused("input_refused", f"a given file is no film: {error}") from error
    width, height, rate = shapes[0]
    if width * height > MOST_FRAME_PIXELS:
        raise TooLarge(f"a frame would have {width} × {height} pixels")
    if seconds > MOST_SECONDS:
        raise TooLarge(f"together they would last {seconds:.0f} s")
    return (width, height), min(rate or USUAL_RATE, HIGHEST_RATE)


def _joined(paths: Sequence[Path], size: geometry.Size, rate: Fraction) -> Iterator[Image.Image]:
    for number, path in enumerate(paths):
        for image in islice(_frames(path, rate), 1 if number else 0, None):
            yield image if image.size == size else ImageOps.fit(image, size, Image.Resampling.LANCZOS)


def _frames(path: Path, rate: Fraction) -> Iterator[Image.Image]:
    """At an even rate, whatever rate the film has: each moment shows the first frame that is not before it."""
    shown = 0
    with av.open(str(path)) as film:
        for frame in film.decode(video=0):
            image = None
            while frame.time is not None and shown / rate <= frame.time + 1 / (2 * rate):
                image = image or Image.fromarray(frame.to_ndarray(format="rgb24"))
                yield image
                shown += 1
