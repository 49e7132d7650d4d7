"""Orders: what comes out of `make`, file in, file out, no server. Films are decoded, pictures are compared."""

import io
from collections.abc import Mapping
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image, ImageDraw

from providers.sandbox.pictures.encode import MAKER
from providers.sandbox.work import Order, Unusable, make

SIZE = (320, 240)


def png(image: Image.Image) -> bytes:
    target = io.BytesIO()
    image.save(target, "PNG")
    return target.getvalue()


def photo(colour: str = "#3a7d44") -> bytes:
    """A red disc on a plain ground."""
    image = Image.new("RGB", SIZE, colour)
    ImageDraw.Draw(image).ellipse((110, 70, 210, 170), fill="#d02020")
    return png(image)


def mask() -> bytes:
    image = Image.new("L", SIZE)
    image.paste(255, (40, 40, 200, 200))
    return png(image)


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def pixels(image: Image.Image) -> Any:
    return np.asarray(image.convert("RGB"), np.int16)


def made(task: str, files: Mapping[str, tuple[bytes, ...]], **more: Any) -> Image.Image:
    rest: dict[str, Any] = {"prompt": "a lake", "format": "png"} | more
    order = Order(task=task, kind="image", files=files, **rest)
    return opened(make(order, 0))


def film(task: str, files: Mapping[str, tuple[bytes, ...]] | None = None, **more: Any) -> bytes:
    rest: dict[str, Any] = {"prompt": "a lake", "seconds": 1} | more
    return make(Order(task=task, kind="video", files=files or {}, **rest), 0)


def frames_of(content: bytes) -> list[Any]:
    with av.open(io.BytesIO(content), "r") as container:
        return [pixels(frame.to_image()) for frame in container.decode(container.streams.video[0])]


def distance(first: Any, second: Any) -> float:
    return float(np.abs(first - second).mean())


def test_an_edit_follows_the_words_and_keeps_the_forms() -> None:
    source = pixels(opened(photo()))
    night = pixels(made("image-edit", {"image": (photo(),)}, prompt="make it night"))
    grey = made("restyle", {"image": (photo(),)}, prompt="black and white")
    assert night.shape == source.shape
    assert night.mean() < source.mean() - 10
    assert night[120, 160, 0] > night[20, 20, 0] + 10  # the disc is still there, and still red
    assert np.ptp(pixels(grey), axis=2).max() < 20


def test_an_edit_without_known_words_still_shows_and_differs_by_output() -> None:
    order = Order(task="image-edit", kind="image", prompt="hmm", format="png", files={"image": (photo(),)})
    first, second = pixels(opened(make(order, 0))), pixels(opened(make(order, 1)))
    assert distance(first, pixels(opened(photo()))) > 5
    assert distance(first, second) > 2


def test_an_edit_goes_as_far_as_it_is_told() -> None:
    source = pixels(opened(photo()))
    nothing, half, all_of_it = (
        distance(source, pixels(made("image-edit", {"image": (photo(),)}, prompt="night", strength=strength)))
        for strength in (0.0, 0.5, 1.0)
    )
    assert nothing < 1 < half < all_of_it


def test_several_pictures_come_together() -> None:
    both = pixels(made("image-edit", {"image": (photo("#000000"), photo("#ffffff"))}, prompt="hmm"))
    assert both[20, 20].mean() + 60 < both[20, 300].mean()


def test_only_the_white_of_the_mask_is_drawn_anew() -> None:
    source = pixels(opened(photo()))
    result = pixels(made("inpaint", {"image": (photo(),), "mask": (mask(),)}, prompt="a red flower"))
    white = np.asarray(opened(mask())) > 127
    assert np.array_equal(result[~white], source[~white])
    assert distance(result[white], source[white]) > 12


def test_a_picture_stays_itself_within_a_wider_view() -> None:
    wider = made("expand", {"image": (photo(),)}, margins=(40, 0, 100, 60))
    assert wider.size == (460, 300)
    assert np.array_equal(pixels(wider)[:240, 40:360], pixels(opened(photo())))
    assert made("expand", {"image": (photo(),)}).size == (480, 360)


def test_upscaling_gives_more_pixels_of_the_same() -> None:
    larger = made("upscale", {"image": (photo(),)}, scale=3)
    assert larger.size == (960, 720)
    small = larger.resize(SIZE, Image.Resampling.BOX)
    assert distance(pixels(small), pixels(opened(photo()))) < 4
    assert made("upscale", {"image": (photo(),)}, width=640, height=480).size == (640, 480)


def test_the_ground_is_taken_away_whatever_format_is_asked_for() -> None:
    result = made("remove-background", {"image": (photo(),)}, format="jpg")
    assert (result.format, result.mode) == ("PNG", "RGBA")
    alpha = np.asarray(result.getchannel("A"))
    assert alpha[120, 160] > 250
    assert alpha[10, 10] < 5
    white = made("remove-background", {"image": (photo(),)}, background="white")
    assert white.mode == "RGB"
    assert pixels(white)[10, 10].min() > 250


def test_a_picture_is_converted_and_its_rotation_and_transparency_are_understood() -> None:
    turned, target = Image.new("RGB", (80, 40), "white"), io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    turned.save(target, "JPEG", exif=exif)
    assert made("convert", {"image": (target.getvalue(),)}).size == (40, 80)
    clear = png(Image.new("RGBA", SIZE, (0, 0, 0, 0)))
    assert np.asarray(made("convert", {"image": (clear,)}).getchannel("A"))[0, 0] == 0
    assert made("upscale", {"image": (clear,)}).convert("RGB").getpixel((5, 5)) == (255, 255, 255)


def test_a_large_picture_has_the_size_asked_for() -> None:
    assert made("text-to-image", {}, width=2048, height=1600).size == (2048, 1600)


@pytest.mark.parametrize(("width", "height", "seconds"), [(640, 360, 2.0), (360, 640, 1.0), (322, 242, 5.0)])
def test_a_film_is_h264_of_the_size_and_length_asked_for(width: int, height: int, seconds: float) -> None:
    content = film("text-to-video", width=width, height=height, seconds=seconds)
    with av.open(io.BytesIO(content), "r") as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.pix_fmt) == ("h264", "yuv420p")
        assert (stream.width, stream.height) == (width, height)
        assert float(container.duration or 0) / av.time_base == pytest.approx(seconds, abs=0.05)
        assert MAKER in container.metadata["comment"]
    assert content.index(b"moov") < content.index(b"mdat")


def test_a_film_moves_and_carries_the_mark() -> None:
    frames = frames_of(film("text-to-video", width=640, height=360, prompt="a lighthouse, pan left"))
    assert distance(frames[0], frames[-1]) > 3
    corner = frames[0][330:, 540:].astype(np.float32)
    assert np.ptp(corner.mean(axis=2)) > 40


def test_a_film_begins_with_the_first_frame_and_ends_with_the_last() -> None:
    first, last = photo("#101010"), photo("#e0e0e0")
    frames = frames_of(film("first-last-frame", {"first_frame": (first,), "last_frame": (last,)}))
    assert distance(frames[0], pixels(opened(first))) < 6
    assert distance(frames[-1], pixels(opened(last))) < 6
    alone = frames_of(film("image-to-video", {"first_frame": (first,)}))
    assert alone[0].shape == (240, 320, 3)
    assert distance(alone[0], pixels(opened(first))) < 6
    assert distance(alone[-1], alone[0]) > 1


def test_a_film_is_restyled_and_enlarged_and_stays_as_long() -> None:
    source = film("text-to-video", width=320, height=180, prompt="red flower")
    grey = frames_of(film("video-edit", {"video": (source,)}, prompt="black and white"))
    assert len(grey) == len(frames_of(source))
    assert np.ptp(grey[3][:140], axis=2).mean() < 6
    larger = frames_of(film("upscale", {"video": (source,)}, scale=2))
    assert larger[0].shape == (360, 640, 3)
    assert frames_of(film("reference-to-video", {"image": (photo(),)}))[0].shape == (240, 320, 3)


def test_the_same_order_gives_the_same_file() -> None:
    order = Order(task="text-to-video", kind="video", prompt="dunes", width=320, height=180, seconds=1)
    assert make(order, 0) == make(order, 0) != make(order, 1)


@pytest.mark.parametrize("task", ["image-edit", "inpaint", "expand", "upscale", "remove-background", "convert"])
def test_what_is_no_picture_cannot_be_worked_on(task: str) -> None:
    with pytest.raises(Unusable, match="cannot identify"):
        made(task, {"image": (b"<html>",), "mask": (mask(),)})
    with pytest.raises(Unusable, match="no file was given"):
        made(task, {})


def test_what_is_no_film_cannot_be_worked_on() -> None:
    with pytest.raises(Unusable, match="cannot read the video"):
        film("video-edit", {"video": (b"<html>",)})
