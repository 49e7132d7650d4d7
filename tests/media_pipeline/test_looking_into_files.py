"""What a file is said to be, from its own bytes: honest pictures, broken ones, bombs and impostors."""

import io
import os
import struct
import sys
import zipfile
import zlib
from pathlib import Path

import pytest
from PIL import Image
from pytest_django import Settings

from media_pipeline import inspection
from media_pipeline.errors import MediaError
from media_pipeline.inspection import Dangerous, Interrupted, Unreadable, inspect
from media_pipeline.probing import TooManyFrames, TooManyPixels
from media_pipeline.sniffing import TypeRefused
from tests.media_pipeline import pictures
from tests.media_pipeline.desk import Desk


@pytest.mark.parametrize(
    ("kind", "content_type", "extension"),
    [
        ("PNG", "image/png", "png"),
        ("JPEG", "image/jpeg", "jpg"),
        ("WEBP", "image/webp", "webp"),
        ("GIF", "image/gif", "gif"),
        ("AVIF", "image/avif", "avif"),
    ],
)
def test_every_kind_that_is_kept_is_recognised_measured_and_shrunk(
    kind: str, content_type: str, extension: str, desk: Desk
) -> None:
    image = desk.look(pictures.encoded(kind, 1600, 900))
    assert (image.content_type, image.extension) == (content_type, extension)
    assert (image.width, image.height, image.frames) == (1600, 900, 1)
    assert desk.thumbnail(640).size == (640, 360)
    assert desk.thumbnail(320).size == (320, 180)
    assert desk.thumbnail(320).format == "WEBP"


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (pictures.SVG, "SVG"),
        (b"\xef\xbb\xbf  <svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (pictures.HTML, "HTML"),
        (pictures.ENTITIES, "XML"),
        (b"%PDF-1.7", "PDF"),
        (b"PK\x03\x04rest", "ZIP"),
        (b'{"detail": "not found"}', "JSON"),
        (b"\x00\x00\x00\x18ftyp3gp5\x00\x00\x00\x003gp5isom", "video"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "image kind"),
        (b"II*\x00\x08\x00\x00\x00", "no known kind"),
        (b"8BPS\x00\x01", "no known kind"),
        (b"%!PS-Adobe-3.0 EPSF-3.0", "no known kind"),
        (b"#EXTM3U\nfile:///etc/passwd", "no known kind"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", "no known kind"),
        (b"BM\x36\x00\x00\x00", "no known kind"),
        (b"\x89PNG\n\x1a\n", "no known kind"),
        (b"x", "no known kind"),
    ],
)
def test_what_is_no_kept_kind_is_refused_and_named(content: bytes, named: str, desk: Desk) -> None:
    with pytest.raises(TypeRefused, match=named) as refusal:
        desk.look(content)
    assert (refusal.value.code, refusal.value.is_permanent) == ("output_unsafe", True)
    assert not desk.small[320].exists()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "AVIF"])
@pytest.mark.parametrize("share", [0.3, 0.7, 0.95])
def test_a_cut_picture_is_unreadable(kind: str, share: float, desk: Desk) -> None:
    whole = pictures.encoded(kind, 300, 200)
    with pytest.raises(Unreadable) as refusal:
        desk.look(whole[: int(len(whole) * share)])
    assert (refusal.value.code, refusal.value.is_permanent) == ("output_unreadable", True)


def test_a_picture_larger_than_its_thumbnails_is_decoded_to_its_end_too(desk: Desk) -> None:
    noisy = Image.effect_noise((2000, 2000), 90).convert("RGB")
    for kind in ("JPEG", "PNG", "WEBP"):
        whole = pictures.written(noisy, kind)
        with pytest.raises(Unreadable):
            desk.look(whole[:-2000])


def test_a_flipped_bit_in_a_png_is_noticed(desk: Desk) -> None:
    whole = bytearray(pictures.encoded("PNG", 300, 200))
    whole[len(whole) // 2] ^= 1
    with pytest.raises(Unreadable):
        desk.look(bytes(whole))


@pytest.mark.parametrize(
    ("width", "height"), [(30_000, 30_000), (2**31 - 1, 2**31 - 1), (7_072, 7_072), (10_000_000, 6)]
)
def test_a_bomb_is_refused_from_its_header(width: int, height: int, desk: Desk) -> None:
    with pytest.raises(TooManyPixels) as refusal:
        desk.look(pictures.png_claiming(width, height))
    assert (refusal.value.code, refusal.value.is_permanent) == ("output_too_large", True)


def test_a_width_no_png_may_have_is_unreadable(desk: Desk) -> None:
    with pytest.raises((Unreadable, TooManyPixels)):
        desk.look(pictures.png_claiming(2**31, 1))
    with pytest.raises(Unreadable):
        desk.look(pictures.png_claiming(0, 10))


def test_the_cap_on_pixels_is_a_setting(desk: Desk, settings: Settings) -> None:
    settings.MEDIA_MAX_PIXELS = 100 * 100
    desk.look(pictures.encoded("PNG", 100, 100))
    with pytest.raises(TooManyPixels):
        desk.look(pictures.encoded("PNG", 101, 100))


def test_a_webp_with_a_canvas_of_gigapixels_is_refused(desk: Desk) -> None:
    frame = pictures.encoded("WEBP", 16, 16)[12:]
    flags = struct.pack("<I", 0x02) + (16_383).to_bytes(3, "little") * 2
    body = b"WEBPVP8X" + struct.pack("<I", 10) + flags + frame
    with pytest.raises(MediaError) as refusal:
        desk.look(b"RIFF" + struct.pack("<I", len(body)) + body)
    assert refusal.value.is_permanent


def test_a_text_chunk_that_unpacks_to_gigabytes_is_refused(desk: Desk) -> None:
    whole = pictures.encoded("PNG", 16, 16)
    bomb = pictures.chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(80_000_000)))
    with pytest.raises(Unreadable):
        desk.look(whole[:33] + bomb + whole[33:])


def test_an_animation_is_kept_with_its_first_frame_as_the_thumbnail(desk: Desk) -> None:
    for kind in ("GIF", "WEBP", "PNG"):
        image = desk.look(pictures.animation(12, kind=kind))
        assert image.frames == 12
        assert getattr(desk.thumbnail(320), "n_frames", 1) == 1


def test_an_animation_without_end_is_refused(desk: Desk, settings: Settings) -> None:
    with pytest.raises(TooManyFrames) as refusal:
        desk.look(pictures.animation(501))
    assert refusal.value.code == "output_too_large"
    settings.MEDIA_MAX_PIXELS = 1_000
    with pytest.raises(TooManyFrames):
        desk.look(pictures.animation(40))


def test_an_animation_cut_in_a_later_frame_is_unreadable(desk: Desk) -> None:
    noise = [Image.effect_noise((64, 64), 80 + number) for number in range(8)]
    whole = pictures.written(noise[0], "GIF", save_all=True, append_images=noise[1:])
    with pytest.raises(Unreadable):
        desk.look(whole[: int(len(whole) * 0.9)])


def test_a_picture_with_an_archive_or_a_page_behind_it_is_still_that_picture(desk: Desk) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as writer:
        writer.writestr("evil.php", "<?php system($_GET['c']); ?>")
    for tail in (archive.getvalue(), b"<script>alert(1)</script>"):
        image = desk.look(pictures.encoded("JPEG", 700, 500) + tail)
        assert image.content_type == "image/jpeg"
        assert tail not in desk.small[320].read_bytes()


def test_a_missing_file_is_no_verdict_on_the_file(tmp_path: Path) -> None:
    with pytest.raises(Interrupted) as failure:
        inspect(tmp_path / "nothing", thumbnails={320: tmp_path / "small"})
    assert not failure.value.is_permanent


def test_a_picture_that_needs_more_memory_than_allowed_is_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    tight = (
        "import os, resource as r, sys; r.setrlimit(r.RLIMIT_AS, (150 << 20,) * 2); os.execv(sys.argv[1], sys.argv[1:])"
    )
    monkeypatch.setattr(inspection, "COMMAND", [sys.executable, "-c", tight, *inspection.COMMAND])
    desk.look(pictures.encoded("PNG", 1000, 1000))
    with pytest.raises(Dangerous) as refusal:
        desk.look(pictures.encoded("PNG", 7000, 7000, compress_level=1))
    assert (refusal.value.code, refusal.value.is_permanent) == ("output_unsafe", True)


def test_the_child_sees_none_of_our_environment(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        inspection, "COMMAND", [*inspection.COMMAND[:3], "-c", "import os; exit(str(dict(os.environ)))"]
    )
    with pytest.raises(Interrupted) as failure:
        desk.look(pictures.encoded())
    assert "MALLOC_ARENA_MAX" in str(failure.value)
    assert os.environ["SECRET_KEY"] not in str(failure.value)
