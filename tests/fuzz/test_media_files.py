"""Files nobody would think of: each is refused for a known reason, or is a picture or film whose thumbnails open."""

import io
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from media_pipeline import intake
from media_pipeline.child import NoPicture
from media_pipeline.errors import MediaError
from media_pipeline.inspection import Dangerous, InspectedFile, Unreadable, inspect
from media_pipeline.probing import TooManyFrames, TooManyPixels
from media_pipeline.sniffing import HEAD_BYTES, KINDS, TypeRefused, sniff
from tests.fuzz import files
from tests.media_pipeline import films
from tests.media_pipeline.desk import Desk

pytestmark = pytest.mark.long
CODES: dict[type[MediaError], str] = {
    TypeRefused: "output_unsafe",
    Dangerous: "output_unsafe",
    TooManyPixels: "output_too_large",
    TooManyFrames: "output_too_large",
    NoPicture: "output_unreadable",
    Unreadable: "output_unreadable",
}
# Of a picture; a JPEG says its density in its head.
BARE_INFO = {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def examples(number: int) -> settings:
    return settings(
        max_examples=number,
        deadline=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def looked(desk: Desk, content: bytes, *, clean: Path | None = None) -> InspectedFile | None:
    """What was seen, or None for what was refused: for good, and because of the file."""
    for path in (desk.path, *desk.small.values()):
        path.unlink(missing_ok=True)
    desk.path.write_bytes(content)
    try:
        seen = inspect(desk.path, thumbnails=desk.small, clean=clean)
    except MediaError as refusal:
        # Above all not Interrupted, after which the same file would be tried again.
        assert refusal.code == CODES[type(refusal)]
        assert refusal.is_permanent
        assert not refusal.is_ours
        return None
    assert KINDS[seen.content_type].extension == seen.extension
    assert min(seen.width, seen.height, seen.frames) > 0
    for side in desk.small:
        with desk.thumbnail(side) as small:
            small.load()
            assert small.format == "WEBP"
            assert 0 < max(small.size) <= side
    return seen


def checked_copy(copy: bytes, seen: InspectedFile) -> None:
    """The copy is what it is said to be and says nothing more."""
    kind = sniff(copy[:HEAD_BYTES])
    assert kind.content_type == seen.content_type
    assert files.SECRET not in copy
    if kind.is_video:
        assert files.SECRET.decode() not in str(films.metadata_of(copy))
        return
    with Image.open(io.BytesIO(copy)) as image:
        image.load()
        assert image.size == (seen.width, seen.height)
        assert not dict(image.getexif())
        assert set(image.info) <= BARE_INFO


@examples(60)
@given(content=files.damaged(files.PICTURES))
def test_a_damaged_picture_is_a_picture_or_refused(desk: Desk, content: bytes) -> None:
    looked(desk, content)


@examples(30)
@given(content=files.damaged(files.FILMS))
def test_a_damaged_film_is_a_film_or_refused(desk: Desk, content: bytes) -> None:
    looked(desk, content)


@pytest.mark.parametrize(("names", "number"), [(files.PICTURES, 40), (files.FILMS, 25)], ids=["pictures", "films"])
def test_what_is_kept_of_an_upload_says_nothing_of_its_maker(names: tuple[str, ...], number: int, desk: Desk) -> None:
    clean = desk.path.with_name("clean")

    @examples(number)
    @given(content=st.one_of(files.hiding(names), files.damaged(names)))
    def look(content: bytes) -> None:
        clean.unlink(missing_ok=True)
        if seen := looked(desk, content, clean=clean):
            checked_copy(clean.read_bytes(), seen)

    look()


@pytest.mark.parametrize("name", files.PICTURES + files.FILMS)
def test_a_whole_file_says_nothing_of_its_maker_either(name: str, desk: Desk) -> None:
    """So that the test above is known to look at something."""
    clean = desk.path.with_name("clean")
    seen = looked(desk, files.whole(name), clean=clean)
    assert seen is not None
    assert files.SECRET in files.whole(name) or name == "animation"
    checked_copy(clean.read_bytes(), seen)


@pytest.mark.parametrize("hidden", files.PAYLOADS, ids=range(len(files.PAYLOADS)))
@pytest.mark.parametrize("extension", ["png", "jpg", "webp", "gif", "mp4"])
def test_a_page_with_a_pictures_name_is_not_taken(extension: str, hidden: bytes) -> None:
    content_type = next(kind.content_type for kind in KINDS.values() if kind.extension == extension)
    with pytest.raises(intake.FilesRefused) as refusal:
        intake.take_in([SimpleUploadedFile(f"a.{extension}", hidden, content_type)], user_id=1)
    assert refusal.value.sentences == {0: intake.SENTENCES["output_unsafe"]}


@examples(40)
@given(content=files.IMPOSTORS)
def test_a_page_behind_a_pictures_first_bytes_is_not_taken(desk: Desk, content: bytes) -> None:
    assert looked(desk, content) is None
