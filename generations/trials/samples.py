"""Files to work on, made on the spot: a picture, a mask that leaves its edges alone, a short film."""

import io
import tempfile
from pathlib import Path

import av
import numpy as np
from PIL import Image, ImageDraw

from providers.catalogue.frames import Frame

PICTURE, FILM = (480, 360), (320, 240)
FILM_SECONDS, FILM_RATE = 2, 12
# Of the file in each slot.
SIZES: dict[str, Frame] = {
    "image": PICTURE,
    "mask": PICTURE,
    "first_frame": PICTURE,
    "last_frame": PICTURE,
    "style_image": PICTURE,
    "video": FILM,
}


def content_of(slot: str) -> tuple[str, bytes]:
    """A file's name and bytes."""
    if slot == "video":
        return "harbour.mp4", _film()
    return f"{slot}.png", _png(_mask() if slot == "mask" else _picture(PICTURE, is_late=slot == "last_frame"))


def _picture(size: Frame, *, is_late: bool = False, moved: int = 0) -> Image.Image:
    """Sky, sea and a sun: something to cut out, to widen, to look into."""
    width, height = size
    picture = Image.new("RGB", size, "#f2b8a0" if is_late else "#9fc4e8")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, height * 2 // 3, width, height), fill="#31508f")
    left, top, side = width // 4 + moved, height // 5, height // 4
    draw.ellipse((left, top, left + side, top + side), fill="#f08a4b")
    return picture


def _mask() -> Image.Image:
    mask = Image.new("L", PICTURE, 0)
    width, height = PICTURE
    ImageDraw.Draw(mask).rectangle((width // 4, height // 4, width * 3 // 4, height * 3 // 4), fill=255)
    return mask


def _png(picture: Image.Image) -> bytes:
    target = io.BytesIO()
    picture.save(target, "PNG")
    return target.getvalue()


def _film() -> bytes:
    with tempfile.TemporaryDirectory(prefix="film") as folder:
        path = Path(folder) / "film.mp4"
        with av.open(str(path), "w") as container:
            stream = container.add_stream("libx264", rate=FILM_RATE, options={"preset": "ultrafast"})
            stream.width, stream.height = FILM
            stream.pix_fmt = "yuv420p"
            for number in range(FILM_SECONDS * FILM_RATE):
                pixels = np.asarray(_picture(FILM, moved=number * 4))
                container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
            container.mux(stream.encode())
        return path.read_bytes()
