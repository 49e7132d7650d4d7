"""From an order to the bytes of a file: the same order and index always give the same."""

from collections.abc import Callable

from PIL import Image

from providers.sandbox.pictures.encode import encode
from providers.sandbox.pictures.mark import paint_mark
from providers.sandbox.work.edits import edit, inpaint
from providers.sandbox.work.films import film
from providers.sandbox.work.order import Order
from providers.sandbox.work.reshapes import convert, expand, remove_background, upscale
from providers.sandbox.work.scenes import scene

USUAL_SIDE = 1024


def _drawn(order: Order, index: int) -> Image.Image:
    size = (order.width or USUAL_SIDE, order.height or USUAL_SIDE)
    return paint_mark(scene(order.prompt, order.seed + index, size))


PICTURES: dict[str, Callable[[Order, int], Image.Image]] = {
    "text-to-image": _drawn,
    "image-edit": edit,
    "restyle": edit,
    "inpaint": inpaint,
    "expand": expand,
    "upscale": upscale,
    "remove-background": remove_background,
    "convert": convert,
}


def make(order: Order, index: int) -> bytes:
    """The file of output number `index`, from 0. Raises Unusable when a file is missing or none to work on."""
    if order.kind == "video":
        return film(order, index)
    picture = PICTURES[order.task](order, index)
    return encode(picture, order.extension, order.quality, order.prompt, order.seed + index)
