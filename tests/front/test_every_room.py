"""Every room of tests/screening, narrow and dark, then wide and light: nothing hangs over the edge, axe finds nothing.

A new room in the table comes in here by itself. Its words are Russian, as long as words get.
"""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.screening.cast import Cast
from tests.screening.rooms import ROOMS, Room
from tests.screening.visiting import Look, Walk, change_theme
from tests.system import RunningSystem

pytestmark = [pytest.mark.system, pytest.mark.browser, pytest.mark.long, pytest.mark.timeout(400)]
# The page, and whatever lies over it: a dialog does not make the page itself wider.
TOO_WIDE = """() => [...document.querySelectorAll("html, body, main, dialog[open]")]
  .filter((one) => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflowX === "visible")
  .map((one) => `${one.tagName} ${one.id} ${one.scrollWidth} > ${one.clientWidth}`)"""


@pytest.fixture(scope="module")
def cast(system: RunningSystem) -> Cast:
    made = Cast(system, "ru")
    for _step in made.fill():
        pass
    return made


# What a room may keep. Each has the reason.
KEPT = {
    # It says so, and that nothing is lost; a server that is away has no other way to come back.
    "error-503": {"meta-refresh"},
    # Django's own tables within a form: a column of hidden fields, and a width that is reached by the pointer alone.
    "money-desk-row": {"empty-table-header", "scrollable-region-focusable"},
}


@pytest.fixture(scope="module")
def walk(chromium: Browser, cast: Cast) -> Iterator[Walk]:
    made = Walk(chromium, cast, Look("ru", 390, "dark"))
    yield made
    made.close()


def faults(page: Page, room: Room) -> list[tuple[str, str]]:
    found = [("too wide", one) for one in page.evaluate(TOO_WIDE)]
    for violation in Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]:
        if violation["id"] not in KEPT.get(room.name, ()):
            found += [(violation["id"], node["html"]) for node in violation["nodes"]]
    return found


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_a_room_is_whole_and_open_to_all(walk: Walk, room: Room) -> None:
    with walk.room(room) as page:
        assert faults(page, room) == []
        page.set_viewport_size({"width": 1440, "height": 900})
        change_theme(page, "light")
        assert faults(page, room) == []
