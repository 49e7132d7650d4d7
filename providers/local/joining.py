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
from providers.local.sounds import RATE, Samples, Track, silence

MOST_SECONDS = 240
USUAL_RATE, HIGHEST_RATE = Fraction(24), Fraction(60)


def join(order: Order, target: Path) -> None:
    """In the size and the frame rate of the first; another shape is cut to it. Each keeps its sound."""
    order.file("video")
    paths = [Path(one) for one in order.files["video"]]
    size, rate, has_sound = _shape(paths)
    reel = Reel(paths, size, rate)
    encode(reel.frames(), target, rate, reel.sound if has_sound else None)


class Reel:
    """The films in a row. The sound is that of the film whose frame was given last, from the frame's place on."""

    def __init__(self, paths: Sequence[Path], size: geometry.Size, rate: Fraction) -> None:
        self._paths, self._size, self._rate = paths, size, rate
        self._track: Track | None = None

    def frames(self) -> Iterator[Image.Image]:
        for number, path in enumerate(self._paths):
            left_out = 1 if number else 0
            self._change(Track(path, round(left_out / self._rate * RATE)))
            for image in islice(_frames(path, self._rate), left_out, None):
                fits = image.size == self._size
                yield image if fits else ImageOps.fit(image, self._size, Image.Resampling.LANCZOS)
        self._change(None)

    def sound(self, count: int) -> Samples:
        return self._track.take(count) if self._track else silence(count)

    def _change(self, track: Track | None) -> None:
        if self._track:
            self._track.close()
        self._track = track


def _shape(paths: Sequence[Path]) -> tuple[geometry.Size, Fraction, bool]:
    """Size, rate, and whether any has sound. Raises TooLarge before anything is decoded, Refused for no film."""
    seconds = 0.0
    has_sound = False
    shapes = []
    for path in paths:
        try:
            with av.open(str(path)) as film:
                stream = film.streams.video[0]
                shapes.append((stream.width // 2 * 2, stream.height // 2 * 2, stream.average_rate))
                has_sound = has_sound or bool(film.streams.audio)
                seconds += (film.duration or 0) / av.time_base
        except (av.FFmpegError, IndexError) as error:
            raise Refused("input_refused", f"a given file is no film: {error}") from error
    width, height, rate = shapes[0]
    if width * height > MOST_FRAME_PIXELS:
        raise TooLarge(f"a frame would have {width} × {height} pixels")
    if seconds > MOST_SECONDS:
        raise TooLarge(f"together they would last {seconds:.0f} s")
    return (width, height), min(rate or USUAL_RATE, HIGHEST_RATE), has_sound


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
