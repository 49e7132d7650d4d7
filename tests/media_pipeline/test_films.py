"""Videos: measured, stilled, and refused when they are not whole."""

import pytest

from media_pipeline.child import NoPicture
from media_pipeline.inspection import Unreadable
from media_pipeline.probing import TooManyPixels
from tests.media_pipeline import films
from tests.media_pipeline.desk import Desk


@pytest.mark.parametrize(
    ("container", "content_type", "extension"),
    [("mp4", "video/mp4", "mp4"), ("mov", "video/quicktime", "mov"), ("webm", "video/webm", "webm")],
)
def test_a_video_is_measured_and_gets_a_still(container: str, content_type: str, extension: str, desk: Desk) -> None:
    film = desk.look(films.encoded(container, 640, 360, seconds=1.5))
    assert (film.content_type, film.extension) == (content_type, extension)
    assert (film.width, film.height, film.frames) == (640, 360, 15)
    assert film.duration_seconds == pytest.approx(1.5, abs=0.15)
    assert desk.thumbnail(320).size == (320, 180)
    assert desk.thumbnail(640).format == "WEBP"


@pytest.mark.parametrize("share", [0.2, 0.45])
@pytest.mark.parametrize("container", ["mp4", "webm"])
def test_a_cut_video_is_not_kept(container: str, share: float, desk: Desk) -> None:
    whole = films.encoded(container, seconds=3)
    with pytest.raises((NoPicture, Unreadable)) as refusal:
        desk.look(whole[: int(len(whole) * share)])
    assert (refusal.value.code, refusal.value.is_permanent) == ("output_unreadable", True)


@pytest.mark.parametrize("length", [45, 52, 64, 128])
def test_a_webm_cut_in_its_head_is_to_blame_and_not_the_disk(length: int, desk: Desk) -> None:
    """FFmpeg answers with an input/output error, as if the disk were broken and another try could help."""
    with pytest.raises((NoPicture, Unreadable)) as refusal:
        desk.look(films.encoded("webm", seconds=0.5)[:length])
    assert refusal.value.is_permanent


@pytest.mark.parametrize("container", ["mp4", "mov", "webm"])
def test_a_title_that_is_not_utf_8_is_no_damage(container: str, desk: Desk) -> None:
    original = films.encoded(container, seconds=0.5, metadata={"title": "holiday"})
    assert b"holiday" in original
    copy, film = desk.clean(original.replace(b"holiday", "каникул".encode("cp1251")))
    assert film.frames == 5
    assert films.metadata_of(copy).get("title") is None


def test_a_video_with_more_pixels_than_allowed_is_refused(desk: Desk, settings) -> None:
    settings.MEDIA_MAX_PIXELS = 320 * 100
    with pytest.raises(TooManyPixels):
        desk.look(films.encoded())


def test_the_head_of_a_video_without_one_is_unreadable(desk: Desk) -> None:
    with pytest.raises(Unreadable):
        desk.look(b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom")


@pytest.mark.parametrize("container", ["mp4", "mov", "webm"])
def test_a_clean_copy_tells_nothing_of_its_maker(container: str, desk: Desk) -> None:
    told = {"title": "holiday", "location": "+55.7558+037.6173/", "comment": "my house"}
    original = films.encoded(container, seconds=0.5, metadata=told)
    assert "holiday" in films.metadata_of(original).values()
    copy, film = desk.clean(original)
    assert film.content_type == ("video/webm" if container == "webm" else "video/mp4")
    assert not set(told.values()) & set(films.metadata_of(copy).values())
    assert b"holiday" not in copy
    again = desk.look(copy)
    assert (again.width, again.height, again.frames) == (film.width, film.height, film.frames)
