"""What a picture says of itself and whether that is bearable, before a pixel is decoded. Makes nothing.

Runs in the inspector's child process: Pillow fails on hostile files with whatever exception its parsers meet, and only
what is expected is caught here.
"""

import struct
import warnings
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

# Imported by name: Image.init() would bring in some fifty decoders that no file is allowed to reach.
from PIL import AvifImagePlugin, ExifTags, GifImagePlugin, Image, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

from media_pipeline.errors import MediaError
from media_pipeline.sniffing import FileKind

DECODERS = (AvifImagePlugin, GifImagePlugin, JpegImagePlugin, PngImagePlugin, WebPImagePlugin)
AvifImagePlugin.DEFAULT_MAX_THREADS = 1  # two files at a time are two cores already
FRAMES_MAX = 500
# All frames together may have this many times the pixels one picture may have.
ANIMATION_FACTOR = 2
ORIENTATIONS = range(1, 9)
SIDEWAYS = range(5, 9)


class TooManyPixels(MediaError):
    code: ClassVar[str] = "output_too_large"
    is_permanent: ClassVar[bool] = True


class TooManyFrames(MediaError):
    code: ClassVar[str] = "output_too_large"
    is_permanent: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True, slots=True)
class ProbedImage:
    """Pixels as stored, before the EXIF orientation is applied."""

    width: int
    height: int
    frames: int

    def upright(self, orientation: int) -> "ProbedImage":
        """Pixels as a viewer shows them."""
        return replace(self, width=self.height, height=self.width) if orientation in SIDEWAYS else self


def open_image(path: Path, kind: FileKind, *, max_pixels: int) -> Image.Image:
    """Read the header only, with the one decoder of that kind. Raises TooManyPixels and anything Pillow raises."""
    Image.MAX_IMAGE_PIXELS = max_pixels
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            return Image.open(path, formats=[kind.decoder])
        except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
            raise TooManyPixels(f"The picture has more than {max_pixels} pixels.") from error


def probe(path: Path, kind: FileKind, *, max_pixels: int) -> ProbedImage:
    """Size and frames, and the checksums where the format has them. Raises TooManyPixels, TooManyFrames, or Pillow's.

    `verify` reads a PNG to its end chunk; for the others only decoding tells whether the file is whole.
    """
    with open_image(path, kind, max_pixels=max_pixels) as image:
        width, height = image.size
        # A JPEG's further pictures (MPO) are never shown or decoded.
        frames = 1 if kind.decoder == "JPEG" else getattr(image, "n_frames", 1)
        if frames > FRAMES_MAX or frames * width * height > ANIMATION_FACTOR * max_pixels:
            raise TooManyFrames(f"The animation has {frames} frames of {width} × {height}.")
        image.verify()
    return ProbedImage(width=width, height=height, frames=frames)


def decode_frames(path: Path, kind: FileKind, *, max_pixels: int) -> None:
    """Decode every frame of an animation once, so that a cut one is noticed. Raises what Pillow raises."""
    with open_image(path, kind, max_pixels=max_pixels) as image:
        for frame in range(getattr(image, "n_frames", 1)):
            image.seek(frame)
            image.load()


def orientation(image: Image.Image) -> int:
    """The EXIF orientation, 1 to 8; 1 when the file has none or one that cannot be read.

    To be asked once the picture is decoded: a PNG may carry it behind its pixels, and Pillow would decode to look.
    """
    try:
        value = image.getexif().get(ExifTags.Base.Orientation, 1)
    except (SyntaxError, ValueError, struct.error, OSError, EOFError):  # a picture is no worse for unreadable EXIF
        return 1
    return value if value in ORIENTATIONS else 1
