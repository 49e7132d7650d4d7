"""The table of rooms names every page of the studio, each once; what it leaves out it leaves out for a reason."""

from collections import Counter, defaultdict

import pytest
from django.urls import resolve

from config.local.site import ROOT
from tests.guide.test_docs import names
from tests.screening import contents
from tests.screening.rooms import NOT_ROOMS, ROOMS, Room, named
from tests.screening.visiting import LANGUAGES, THEMES, WIDTHS
from tests.screening.words import WORDS

ANY_ID = "01a00000-0000-7000-8000-000000000000"


def address_name(room: Room) -> str:
    """The name of the address that a room shows."""
    path = room.path.partition("?")[0].format_map(defaultdict(lambda: ANY_ID))
    return room.leads_to or ("" if path == "/nowhere/" else resolve(path).view_name)


def test_every_page_has_a_room_and_every_other_address_a_reason() -> None:
    shown = {address_name(room) for room in ROOMS}
    assert names() - shown == set(NOT_ROOMS)


def test_each_room_has_a_name_of_its_own() -> None:
    assert [name for name, count in Counter(room.name for room in ROOMS).items() if count > 1] == []


def test_some_rooms_are_named_and_none_means_all() -> None:
    assert [room.name for room in named(["library", "create"])] == ["library", "create"]
    assert named([]) == ROOMS
    with pytest.raises(KeyError):
        named(["attic"])


def test_the_sentences_are_as_many_in_both_languages() -> None:
    english, russian = WORDS["en"], WORDS["ru"]
    assert [shape for _words, shape in english.pictures] == [shape for _words, shape in russian.pictures]


def test_pictures_that_are_there_belong_to_a_room() -> None:
    known = {
        contents.name_of(room, theme, language, width)
        for room in ROOMS
        for theme in THEMES
        for language in LANGUAGES
        for width in WIDTHS
    }
    there = {path.name for path in (ROOT / "docs/screens").glob("*.webp")}
    assert there - known == {"six-results.webp"}
