"""Opening what was given and writing what was made. A picture's size is judged before a pixel of it is decoded."""

import warnings
from pathlib import Path

# Imported by name: Image.init() would bring in some fifty decoders that no file is allowed to reach.
from PIL import AvifImagePlugin, GifImagePlugin, Image, ImageOps, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

from providers.local.geometry import Size, pixels
from providers.local.order import MEGAPIXEL, Refused, TooLarge

DECODERS = (AvifImagePlugin, GifImagePlugin, JpegImagePlugin, PngImagePlugin, WebPImagePlugin)
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "AVIF")
WRITTEN = {"png": "PNG", "jpg": "JPEG", "webp": "WEBP"}
# As many as the studio keeps; a result above it would be thrown away after the work.
MOST_PIXELS = 50 * MEGAPIXEL
LONGEST_SIDE = 16_383  # WebP's


def opened(path: Path, most_pixels: int = MOST_PIXELS) -> Image.Image:
    """The upright picture in RGB, or RGBA where something is transparent. Raises TooLarge and Refused."""
    Image.MAX_IMAGE_PIXELS = most_pixels
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(path, formats=FORMATS) as image:
                upright = ImageOps.exif_transpose(image)
                return upright.convert("RGBA" if upright.has_transparency_data else "RGB")
        except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
            raise TooLarge(f"more than {most_pixels} pixels were given") from error
        except FileNotFoundError as error:
            raise Refused("input_refused", "the given file is not there any more") from error
        except OSError as error:
            raise Refused("input_refused", f"the given file cannot be read: {error}") from error


def flat(image: Image.Image) -> Image.Image:
    """Without transparency: on white, as a page would show it."""
    if image.mode == "RGB":
        return image
    ground = Image.new("RGB", image.size, "white")
    ground.paste(image, mask=image.getchannel("A"))
    return ground


def fitting(size: Size) -> Size:
    """The size, if a result may have it. Raises TooLarge."""
    if pixels(size) > MOST_PIXELS or max(size) > LONGEST_SIDE:
        raise TooLarge(f"the result would have {size[0]} × {size[1]} pixels")
    return size


def written(image: Image.Image, target: Path, kind: str = "png", quality: int = 92) -> None:
    """PNG keeps every pixel as it is; JPEG has no transparency."""
    if kind == "jpg":
        flat(image).save(target, WRITTEN[kind], quality=quality, subsampling=0)
    elif kind == "webp":
        image.save(target, WRITTEN[kind], quality=quality, method=4)
    else:
        image.save(target, "PNG", compress_level=4)
