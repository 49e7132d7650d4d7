"""A place to put bytes down and have them looked into."""

import io
from pathlib import Path

from PIL import Image

from media_pipeline.inspection import InspectedFile, inspect


class Desk:
    """Puts bytes on the disk and has them looked into; the thumbnails lie in `small` afterwards."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "file"
        self.small = {320: folder / "small", 640: folder / "large"}

    def look(self, content: bytes) -> InspectedFile:
        self.path.write_bytes(content)
        return inspect(self.path, thumbnails=self.small)

    def clean(self, content: bytes) -> tuple[bytes, InspectedFile]:
        """The copy without metadata, and what was seen."""
        self.path.write_bytes(content)
        copy = self.path.with_name("clean")
        seen = inspect(self.path, thumbnails=self.small, clean=copy)
        return copy.read_bytes(), seen

    def thumbnail(self, side: int) -> Image.Image:
        return Image.open(io.BytesIO(self.small[side].read_bytes()))
