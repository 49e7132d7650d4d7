"""What a person uploads tells nothing of them, stands upright, and keeps its pixels."""

import io

import numpy as np
import pytest
from PIL import ExifTags, Image

from tests.media_pipeline import pictures
from tests.media_pipeline.desk import Desk


def holiday(kind: str, orientation: int = 6) -> bytes:
    """Left half red, right half blue as stored; with camera, place and a turn in its EXIF."""
    image = Image.new("RGB", (60, 40), "red")
    image.paste("blue", (30, 0, 60, 40))
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.Make] = "SecretCamera"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = "N"
    buffer = io.BytesIO()
    image.save(buffer, kind, exif=exif.tobytes(), **({"comment": b"my house"} if kind == "JPEG" else {}))
    return buffer.getvalue()


@pytest.mark.parametrize(("kind", "kept"), [("JPEG", "JPEG"), ("PNG", "PNG"), ("WEBP", "JPEG"), ("AVIF", "JPEG")])
def test_metadata_goes_and_the_turn_is_made(kind: str, kept: str, desk: Desk) -> None:
    copy, seen = desk.clean(holiday(kind))
    with Image.open(io.BytesIO(copy)) as image:
        assert image.format == kept
        assert image.size == (seen.width, seen.height) == (40, 60)
        assert not dict(image.getexif())
        pixels = np.asarray(image.convert("RGB"))
    assert pixels[5, 20, 0] > 200 > pixels[5, 20, 2]
    assert pixels[55, 20, 2] > 200 > pixels[55, 20, 0]
    assert b"SecretCamera" not in copy
    assert b"my house" not in copy


def test_what_is_transparent_stays_so(desk: Desk) -> None:
    image = Image.new("RGBA", (20, 20), (255, 0, 0, 0))
    buffer = io.BytesIO()
    image.save(buffer, "WEBP", lossless=True)
    copy, seen = desk.clean(buffer.getvalue())
    assert seen.content_type == "image/png"
    with Image.open(io.BytesIO(copy)) as kept:
        assert np.asarray(kept)[5, 5, 3] == 0


def test_a_page_behind_a_picture_does_not_come_along(desk: Desk) -> None:
    copy, _seen = desk.clean(pictures.encoded("JPEG", 40, 30) + b"<script>alert(1)</script>")
    assert b"<script>" not in copy
