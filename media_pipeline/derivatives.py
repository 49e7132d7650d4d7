"""Thumbnails: from a path to paths, in pixels only. Colour profiles, EXIF, GPS and comments stay behind.

Runs in the inspector's child process. Making the first thumbnail decodes the whole file, which is also the proof that
the file is whole.
"""

from collections.abc import Mapping
from pathlib import Path

from PIL import Image

from media_pipeline.probing import open_image, orientation
from media_pipeline.sniffing import FileKind

QUALITY = 80
# Modes that Pillow can only resize by dropping pixels.
INDEXED = {"1", "P", "PA"}
# EXIF 2.32, 4.6.4: how the stored picture must be turned to stand upright.
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def make_thumbnails(path: Path, kind: FileKind, targets: Mapping[int, Path], *, max_pixels: int) -> int:
    """Write an upright WebP per entry of {longer side in pixels: path}, never enlarged. Raises what Pillow raises.

    Returns the EXIF orientation, 1 to 8, which is only known for certain when the file has been decoded.
    """
    with open_image(path, kind, max_pixels=max_pixels) as image:
        small = _shrunk(image, max(targets))
    turned = orientation(small)
    if turned in TURNS:
        small = small.transpose(TURNS[turned])
    small = small.convert("RGBA" if small.has_transparency_data else "RGB")
    for side in sorted(targets, reverse=True):
        small.thumbnail((side, side), Image.Resampling.LANCZOS)
        small.save(targets[side], "WEBP", quality=QUALITY, method=4)
    return turned


def _shrunk(image: Image.Image, side: int) -> Image.Image:
    """The decoded picture, its longer side at most `side`."""
    if image.mode.startswith("I"):  # 16 bits of grey: keep the upper eight instead of clipping to white
        image = image.point(lambda value: value / 256).convert("L")
    elif image.mode in INDEXED or "transparency" in image.info:
        image = image.convert("RGBA")
    # Before any other convert(): only then may the JPEG decoder work at a fraction of the size (a third of the time
    # and a quarter of the memory at 4096 × 4096).
    image.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=2.0)
    image.load()  # thumbnail() decodes nothing when the picture is small already
    return image
