"""Works side by side, in a browser: one zoom for all, a slider for two, and a table of what differs."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.front.conftest import OpenTab
from tests.system import RunningSystem
from tests.visitor import Visitor

pytestmark = [pytest.mark.long, pytest.mark.system, pytest.mark.browser]
PLACES = "[...document.querySelectorAll('[data-moves]')].map((one) => one.style.transform)"


@pytest.fixture(scope="module")
def reader(system: RunningSystem) -> Visitor:
    person = Visitor(system, "compares")
    system.manage("seed_library", "--items", "40", "--files", "12", "--email", person.email)
    return person


def choose(page: Page, count: int) -> None:
    for number in range(count):
        page.locator("[name=ids]").nth(number).check(force=True)
    page.click(".selection-bar [value=compare]")
    page.wait_for_selector("[data-compare]")


def test_one_zoom_for_all_of_them(reader: Visitor, open_tab: OpenTab) -> None:
    tab = open_tab()
    tab.sign_in(reader)
    tab.open("/library/?q=kind:image")
    page = tab.page
    choose(page, 3)
    assert page.locator(".compare-stage").count() == 3
    page.locator(".compare-stage").nth(1).focus()
    page.keyboard.press("+")
    page.keyboard.press("ArrowLeft")
    places = page.evaluate(PLACES)
    assert "scale" in places[0]
    assert len(set(places)) == 1
    box = page.locator(".compare-stage").first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 50, box["y"] + 50)
    page.mouse.down()
    page.mouse.move(box["x"] + 90, box["y"] + 70)
    page.mouse.up()
    moved = page.evaluate(PLACES)
    assert moved != places
    assert len(set(moved)) == 1
    page.keyboard.press("0")
    page.click("[data-look=fit]")
    assert set(page.evaluate(PLACES)) == {""}
    # Only what differs.
    rows = page.locator(".diff tbody tr:visible").count()
    page.check("[data-only]")
    assert 0 < page.locator(".diff tbody tr:visible").count() < rows
    assert page.locator(".diff tbody tr:visible:not([data-differs])").count() == 0
    assert tab.complaints == []


@pytest.mark.parametrize(
    ("language", "theme", "width"), [("en-US", "dark", 1440), ("ru-RU", "light", 390)], ids=["wide", "narrow"]
)
def test_a_slider_between_two(reader: Visitor, open_tab: OpenTab, language: str, theme: str, width: int) -> None:
    tab = open_tab(language=language, theme=theme, width=width)
    tab.sign_in(reader)
    tab.open("/library/?q=kind:image")
    page = tab.page
    choose(page, 2)
    page.locator("[name=layout][value=slider]").check(force=True)
    first, second = (page.locator(".compare-stage").nth(number).bounding_box() for number in range(2))
    assert first == second
    page.focus("[data-cut]")
    page.keyboard.press("Home")
    assert page.evaluate("getComputedStyle(document.querySelector('[data-compare]')).getPropertyValue('--cut')") == "0%"
    assert first is not None
    page.mouse.move(first["x"] + first["width"] / 4, first["y"] + 80)
    page.mouse.down()
    page.mouse.up()
    assert abs(float(page.input_value("[data-cut]")) - 25) <= 1
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert tab.complaints == []
    found = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []


def test_without_a_script_they_stand_side_by_side(reader: Visitor, open_tab: OpenTab) -> None:
    tab = open_tab(java_script_enabled=False)
    tab.sign_in(reader)
    tab.open("/library/?q=kind:video")
    page = tab.page
    page.locator("[name=ids]").nth(0).check(force=True)
    page.locator("[name=ids]").nth(1).check(force=True)
    page.click(".selection-bar [value=compare]")
    page.wait_for_selector(".diff")
    assert page.locator(".compare-stage video").count() == 2
