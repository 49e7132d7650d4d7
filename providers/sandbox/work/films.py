"""Films: a camera move over a drawn scene or a given frame, from one frame to another, a given film restyled.

H.264 in mp4 by PyAV, quick rather than small. What is shown costs about a second of a processor at most sizes: a film
with more pixels gets fewer pictures a second, never less than its length.
"""

from collections.abc import Iterator

import numpy as np
from PIL import Image

from providers.sandbox.pictures.reading import read
from providers.sandbox.work.edits import LIGHTS, chance, edit, tints_of
from providers.sandbox.work.encoding import Picture, encode
from providers.sandbox.work.moves import MOVES, eased, move_of
from providers.sandbox.work.order import Order
from providers.sandbox.work.scenes import scene
from providers.sandbox.work.sources import Size, asked_size, covering, first, flat, frames, length_seconds

MOST_PIXELS = 160_000_000  # of all pictures of a film together
FEWEST_FPS = 8
LARGEST_SIDE = 4096
LONGEST_SECONDS = 60


def film(order: Order, index: int) -> bytes:
    """The mp4 of an order."""
    if order.files.get("video"):
        return _reworked(order, index)
    return _moved(order, index)


def _size(order: Order, source: Image.Image | None) -> Size:
    width, height = asked_size(order, source) if source else (order.width or 1280, order.height or 720)
    share = min(1.0, LARGEST_SIDE / max(width, height))
    return max(16, int(width * share) // 2 * 2), max(16, int(height * share) // 2 * 2)  # H.264 wants even sides


def _rate(order: Order, size: Size, seconds: float) -> float:
    affordable = MOST_PIXELS / (size[0] * size[1] * seconds)
    return max(FEWEST_FPS, min(24, order.fps, affordable) // 1)


def _moved(order: Order, index: int) -> bytes:
    rng = chance(order, index)
    still, last = _stills(order, index)
    size = _size(order, still if still and order.task != "text-to-video" else None)
    if still is None:
        still = scene(order.prompt, order.seed + index, size)
    seconds = min(LONGEST_SECONDS, max(0.5, order.seconds))
    rate = _rate(order, size, seconds)
    # A given first frame is where the film begins, so it is seen whole.
    move = MOVES["in"] if order.files.get("first_frame") else move_of(order.prompt, rng)
    view = covering(still, size)
    end = None if last is None else covering(last, size)
    count, pixels = max(2, round(seconds * rate)), np.asarray(view)

    def shown() -> Iterator[Picture]:
        for number in range(count):
            share = eased(number / (count - 1))
            if end is not None:
                yield np.asarray(Image.blend(view, end, share))
                continue
            left, top, width, height = move(share)
            x, y = int(left * size[0]), int(top * size[1])
            yield pixels[y : y + max(2, int(height * size[1])), x : x + max(2, int(width * size[0]))]

    return encode(shown(), size, rate, order)


def _stills(order: Order, index: int) -> tuple[Image.Image | None, Image.Image | None]:
    """What the film begins with and ends with, where files say so."""
    if order.files.get("first_frame") or order.files.get("last_frame"):
        last = flat(first(order, "last_frame")) if order.files.get("last_frame") else None
        start = flat(first(order, "first_frame")) if order.files.get("first_frame") else None
        return start or last, last if start else None
    return (edit(order, index), None) if order.files.get("image") else (None, None)


def _reworked(order: Order, index: int) -> bytes:
    """The given film in new colours, light and (by its scale, if it is an upscale) size; as long as it was."""
    content = order.files["video"][0]
    one = first(order, "video")
    scale = order.scale if order.task == "upscale" and not order.width else 1
    size = _size(order, one.resize((round(one.width * scale), round(one.height * scale))) if scale != 1 else one)
    seconds = min(LONGEST_SECONDS, length_seconds(content))
    rate = _rate(order, size, seconds)
    matrix = None if order.task == "upscale" else _grade(order, index)
    is_same_shape = abs(size[0] / size[1] - one.width / one.height) < 0.02  # then the encoder scales

    def shown() -> Iterator[Picture]:
        due = 0.0
        for moment, image in frames(content):
            if moment > LONGEST_SECONDS:
                return
            while due <= moment + 1e-6:
                graded = image.convert("RGB", matrix) if matrix else image
                yield np.asarray(graded if is_same_shape else covering(graded, size))
                due += 1 / rate

    return encode(shown(), size, rate, order)


def _grade(order: Order, index: int) -> tuple[float, ...]:
    """The words' light and colours as Pillow's matrix of twelve."""
    named = read(order.prompt)
    grade = np.eye(3, 4)
    grey = np.repeat([[0.299, 0.587, 0.114, 0]], 3, axis=0)
    if named.style in ("monochrome", "ink"):
        grade = grey
    if named.hour:
        grade = grade * LIGHTS[named.hour][0]
    for strength, colour in tints_of(named, chance(order, index)):
        tinted = grey * (1.05 * colour[:, None])
        tinted[:, 3] = 64 * colour
        grade = grade * (1 - strength) + tinted * strength
    return tuple(float(value) for value in grade.flatten())
