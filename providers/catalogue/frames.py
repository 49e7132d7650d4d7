"""How large a picture will be, before it is there, so that its card has its place. What it became, the file tells.

Sizes of the Flux family at one megapixel, as its model pages document them; a quarter of a megapixel halves each side.
"""

from collections.abc import Mapping
from typing import Any

Frame = tuple[int, int]

FRAMES: dict[str, dict[str, Frame]] = {
    "flux": {
        "1:1": (1024, 1024),
        "16:9": (1344, 768),
        "21:9": (1536, 640),
        "3:2": (1216, 832),
        "2:3": (832, 1216),
        "4:5": (896, 1088),
        "5:4": (1088, 896),
        "3:4": (896, 1152),
        "4:3": (1152, 896),
        "9:16": (768, 1344),
        "9:21": (640, 1536),
    }
}


def expected(family: str, cleaned: Mapping[str, Any]) -> Frame:
    """Width and height in pixels for cleaned settings: the ones asked for, else those of the aspect ratio."""
    width, height = cleaned.get("width"), cleaned.get("height")
    if width and height:
        return int(width), int(height)
    sizes = FRAMES[family]
    width, height = sizes.get(str(cleaned.get("aspect_ratio")), sizes["1:1"])
    return (width // 2, height // 2) if cleaned.get("megapixels") == "0.25" else (width, height)
