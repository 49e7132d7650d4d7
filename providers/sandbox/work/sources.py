"""Opens the files a job was given, and fits them to a size. Raises Unusable for what is no picture and no film."""

import io
from collections.abc import Iterator

import av
from PIL import Image, ImageOps

from providers.sandbox.work.order import Order

Size = tuple[int, int]
MOST_PIXELS = 64_000_000


class Unusable(Exception):
    """A file cannot be worked on; the message says why."""


def picture(content: bytes) -> Image.Image:
    """The picture, upright, as RGB or (if it can be seen through) RGBA."""
    try:
        image: Image.Image = Image.open(io.BytesIO(content))
        if image.width * image.height > MOST_PIXELS:
            raise Unusable(f"the picture has {image.width} × {image.height} pixels, too many to work on")
        image = ImageOps.exif_transpose(image)
        return image.convert("RGBA" if image.has_transparency_data else "RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Unusable(f"cannot identify image file: {error}") from error


def first(order: Order, *slots: str) -> Image.Image:
    """The first picture in the first of the slots that has one; of a film, its first frame."""
    for slot in slots:
        for content in order.files.get(slot, ())[:1]:
            return next(frames(content))[1] if slot == "video" else picture(content)
    raise Unusable(f"no file was given for {' or '.join(slots)}")


def frames(content: bytes) -> Iterator[tuple[float, Image.Image]]:
    """A film's pictures with the second each is shown at."""
    try:
        with av.open(io.BytesIO(content), "r") as container:
            if not container.streams.video:
                raise Unusable("the file has no moving picture")
            for frame in container.decode(container.streams.video[0]):
                yield float(frame.time or 0), frame.to_image()  # type: ignore[no-untyped-call]
    except (av.FFmpegError, OSError) as error:
        raise Unusable(f"cannot read the video: {error}") from error


def length_seconds(content: bytes) -> float:
    """How long a film is."""
    try:
        with av.open(io.BytesIO(content), "r") as container:
            return max(0.1, (container.duration or 0) / av.time_base)
    except (av.FFmpegError, OSError) as error:
        raise Unusable(f"cannot read the video: {error}") from error


def flat(image: Image.Image) -> Image.Image:
    """Without transparency, on white."""
    if image.mode != "RGBA":
        return image
    ground = Image.new("RGB", image.size, "white")
    ground.paste(image, mask=image.getchannel("A"))
    return ground


def covering(image: Image.Image, size: Size) -> Image.Image:
    """The picture cropped and scaled to fill the size."""
    return image if image.size == size else ImageOps.fit(image, size, Image.Resampling.LANCZOS)


def asked_size(order: Order, source: Image.Image) -> Size:
    """The size asked for; the source's where none was."""
    return (order.width, order.height) if order.width and order.height else source.size
