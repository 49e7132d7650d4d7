"""Pictures as files: WebP that stays small, written beside the next one's making."""

import io
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from PIL import Image

from tests.screening.cast import Cast, picture_of

# All of them together are to stay near ten megabytes; text is still sharp.
QUALITY = 36
SIDE, ROW, GAP = 400, 280, 12


class Album:
    """Compressing takes as long as a page does, so it is done meanwhile."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pool = ThreadPoolExecutor(2)
        self.saved: list[Future[None]] = []

    def keep(self, png: bytes, name: str) -> None:
        self.saved.append(self.pool.submit(save, png, self.folder / name))

    def close(self) -> None:
        self.pool.shutdown()
        for one in self.saved:
            one.result()


def save(png: bytes, path: Path) -> None:
    with Image.open(io.BytesIO(png)) as image:
        image.convert("RGB").save(path, quality=QUALITY, method=5)


def six_results(cast: Cast, path: Path) -> None:
    """Six real results side by side, for the README."""
    canvas = Image.new("RGB", (3 * SIDE + 2 * GAP, 2 * ROW + GAP), "#0b0c0f")
    for number, generation in enumerate(cast.drawn):
        with Image.open(io.BytesIO(picture_of(cast.person("north"), generation))) as image:
            tile = cover(image.convert("RGB"), SIDE, ROW)
        canvas.paste(tile, ((number % 3) * (SIDE + GAP), (number // 3) * (ROW + GAP)))
    canvas.save(path, quality=84, method=6)


def cover(image: Image.Image, width: int, height: int) -> Image.Image:
    scale = max(width / image.width, height / image.height)
    resized = image.resize((round(image.width * scale), round(image.height * scale)), Image.Resampling.LANCZOS)
    left, top = (resized.width - width) // 2, (resized.height - height) // 2
    return resized.crop((left, top, left + width, top + height))
