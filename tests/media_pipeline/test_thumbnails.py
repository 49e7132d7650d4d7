"""Thumbnails: upright, in the right colours, no larger than the picture, and silent about where it was taken."""

import pytest
from PIL import Image, ImageStat

from tests.media_pipeline import pictures
from tests.media_pipeline.desk import Desk


def test_the_longer_side_counts_and_nothing_is_enlarged(desk: Desk) -> None:
    desk.look(pictures.encoded("JPEG", 500, 1000))
    assert (desk.thumbnail(320).size, desk.thumbnail(640).size) == ((160, 320), (320, 640))
    desk.look(pictures.encoded("PNG", 400, 10))
    assert (desk.thumbnail(320).size, desk.thumbnail(640).size) == ((320, 8), (400, 10))
    desk.look(pictures.encoded("PNG", 1, 1))
    assert (desk.thumbnail(320).size, desk.thumbnail(640).size) == ((1, 1), (1, 1))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_photograph_stands_upright(orientation: int, desk: Desk) -> None:
    image = desk.look(pictures.photograph_with_place(orientation))
    upright = (1200, 900) if orientation <= 4 else (900, 1200)
    assert (image.width, image.height) == upright
    thumbnail = desk.thumbnail(320)
    assert thumbnail.size == ((320, 240) if orientation <= 4 else (240, 320))
    assert _darkest_corner(thumbnail) == DARKEST[orientation]


# Where the stored top left corner, the darkest, ends up (EXIF 2.32, 4.6.4).
DARKEST = {
    1: "top left",
    2: "top right",
    3: "bottom right",
    4: "bottom left",
    5: "top left",
    6: "top right",
    7: "bottom right",
    8: "bottom left",
}


def _darkest_corner(picture: Image.Image) -> str:
    right, bottom = picture.width - 8, picture.height - 8
    corners = {"top left": (8, 8), "top right": (right, 8), "bottom left": (8, bottom), "bottom right": (right, bottom)}
    grey = picture.convert("RGB")
    return min(corners, key=lambda name: sum(grey.getpixel(corners[name])))  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [0, 9, 255, 65535])
def test_an_orientation_that_does_not_exist_changes_nothing(value: int, desk: Desk) -> None:
    image = desk.look(pictures.photograph_with_place(value))
    assert (image.width, image.height) == (1200, 900)


def test_a_png_that_is_turned_behind_its_pixels_stands_upright(desk: Desk) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    image = desk.look(pictures.encoded("PNG", 100, 60, exif=exif))
    assert (image.width, image.height) == (60, 100)
    assert desk.thumbnail(320).size == (60, 100)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_no_worse_for_unreadable_exif(kind: str, desk: Desk) -> None:
    image = desk.look(pictures.encoded(kind, 100, 60, exif=b"Exif\0\0garbage"))
    assert (image.width, image.height) == (100, 60)


def test_a_thumbnail_tells_neither_place_nor_camera(desk: Desk) -> None:
    desk.look(pictures.photograph_with_place())
    for side in (320, 640):
        content = desk.small[side].read_bytes()
        assert dict(desk.thumbnail(side).getexif()) == {}
        for secret in (b"EXIF", b"Exif", b"CameraMaker", b"home", b"ICCP", b"XMP", b"xmpmeta", b"acsp"):
            assert secret not in content


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_colour_mode_becomes_a_thumbnail_of_the_same_look(mode: str, desk: Desk) -> None:
    # 16 bits of grey; otherwise even grey, in one bit as dots that look so from afar.
    deep = Image.new("I", (2000, 2000), 40_000).convert("I;16")
    picture = deep if mode == "I;16" else Image.new("L", (2000, 2000), 156).convert(mode)
    expected = 156 if mode == "I;16" else ImageStat.Stat(picture.convert("L")).mean[0]
    desk.look(pictures.written(picture, "PNG"))
    assert all(abs(channel - expected) < 10 for channel in ImageStat.Stat(desk.thumbnail(320).convert("RGB")).mean)


def test_cmyk_becomes_colour(desk: Desk) -> None:
    desk.look(pictures.written(Image.new("CMYK", (700, 700), (0, 255, 255, 0)), "JPEG"))
    red, green, _ = desk.thumbnail(320).convert("RGB").getpixel((160, 160))  # type: ignore[misc]
    assert red > 200
    assert green < 60


def test_what_is_transparent_stays_so(desk: Desk) -> None:
    clear = Image.new("RGBA", (700, 700), (255, 0, 0, 0))
    indexed = pictures.written(Image.new("P", (700, 700), 0), "PNG", transparency=0)
    for content in (pictures.written(clear, "PNG"), pictures.written(clear, "WEBP"), indexed):
        desk.look(content)
        assert desk.thumbnail(320).convert("RGBA").getpixel((160, 160))[3] == 0  # type: ignore[index]
