"""A person's picture without what it tells of them: no EXIF, GPS, profile, comment or second picture; upright pixels.

Runs in the inspector's child process. Decoded and encoded anew, as PNG where anything is transparent or was lossless,
else as JPEG.
"""

from pathlib import Path

from PIL import Image

from media_pipeline.derivatives import TURNS
from media_pipeline.probing import open_image, orientation
from media_pipeline.sniffing import JPEG, PNG, FileKind

QUALITY = 95
LOSSLESS = {"image/png", "image/gif"}


def clean_picture(path: Path, kind: FileKind, target: Path, *, max_pixels: int) -> FileKind:
    """Writes the clean copy and answers its kind. A GIF becomes its first frame. Raises what Pillow raises."""
    with open_image(path, kind, max_pixels=max_pixels) as image:
        image.load()
        if image.mode.startswith("I"):  # 16 bits of grey: keep the upper eight instead of clipping to white
            image = image.point(lambda value: value / 256).convert("L")  # noqa: PLW2901
        pixels = image.convert("RGBA" if image.has_transparency_data else "RGB")
        turned = orientation(image)
    if turned in TURNS:
        pixels = pixels.transpose(TURNS[turned])
    fresh = Image.frombytes(pixels.mode, pixels.size, pixels.tobytes())
    if pixels.mode == "RGBA" or kind.content_type in LOSSLESS:
        fresh.save(target, "PNG", compress_level=4)
        return PNG
    fresh.save(target, "JPEG", quality=QUALITY, subsampling=0)
    return JPEG
