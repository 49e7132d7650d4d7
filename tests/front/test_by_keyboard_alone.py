"""From the wish to the library without a mouse: every step is walked to by Tab or has a key of its own."""

import pytest
from playwright.sync_api import Page

from tests.front.conftest import OpenTab, Tab
from tests.system import RunningSystem
from tests.visitor import PASSWORD, Visitor

pytestmark = [pytest.mark.long, pytest.mark.system, pytest.mark.browser]
FOCUSED = "document.activeElement"


@pytest.fixture(scope="module")
def reader(system: RunningSystem) -> Visitor:
    person = Visitor(system, "keys")
    system.manage("seed_library", "--items", "80", "--files", "4", "--email", person.email)
    return person


def walk_to(page: Page, selector: str, key: str = "Tab") -> None:
    """Fails where Tab does not lead there, or where what has the focus is not to be seen."""
    for _step in range(120):
        page.keyboard.press(key)
        if page.evaluate(f"selector => {FOCUSED}.matches(selector)", selector):
            box = page.evaluate(f"(({{ width, height }}) => [width, height])({FOCUSED}.getBoundingClientRect())")
            assert min(box) > 0
            return
    raise AssertionError(f"no Tab leads to {selector}")


def sign_in(tab: Tab, visitor: Visitor) -> None:
    tab.open("/accounts/login/")
    walk_to(tab.page, "[name=login]")
    tab.page.keyboard.type(visitor.email)
    walk_to(tab.page, "[name=password]")
    tab.page.keyboard.type(PASSWORD)
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_selector("#composer")


def ask(page: Page) -> None:
    walk_to(page, "textarea[name=prompt]")
    page.keyboard.type("a heron by keys alone")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("li.card img[alt^='a heron']", timeout=60_000)
    walk_to(page, ".card-picture")
    page.keyboard.press("Enter")
    page.wait_for_selector("#result")


def mark(page: Page) -> None:
    """Marks have keys of their own, on the page as in the sheet over it."""
    page.keyboard.press("4")
    page.wait_for_selector("#result [data-mark='4'][aria-pressed=true]")
    page.keyboard.press("f")
    page.wait_for_selector("#result [data-mark=favourite][aria-pressed=true]")
    walk_to(page, ".viewer-picture a")
    page.keyboard.press("Enter")
    page.wait_for_selector("#lightbox[open] [data-mark='4'][aria-pressed=true]")
    page.keyboard.press("5")
    page.wait_for_selector("#lightbox [data-mark='5'][aria-pressed=true]")
    page.keyboard.press("+")
    # Close by, 0 is the whole picture; then it is no stars.
    page.keyboard.press("0")
    assert page.locator("#lightbox [data-mark='5'][aria-pressed=true]").count() == 1
    page.keyboard.press("0")
    page.wait_for_selector("#lightbox .stars:not(:has([aria-pressed=true]))")
    page.keyboard.press("3")
    page.wait_for_selector("#lightbox [data-mark='3'][aria-pressed=true]")
    page.keyboard.press("Escape")
    page.wait_for_selector("#lightbox:not([open])", state="attached")


def edit(page: Page) -> None:
    """With the picture in its place, and a rectangle marked on it."""
    walk_to(page, "#carry-on-1 summary")
    page.keyboard.press("Enter")
    walk_to(page, "a[href*='goal=inpaint']")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-tray=image] [data-file][data-full]")
    walk_to(page, "[data-draw]")
    page.keyboard.press("Enter")
    page.wait_for_selector("#mask-editor[open]")
    page.keyboard.press("r")
    walk_to(page, ".editor-canvas")
    for key in ("Enter", "ArrowRight", "ArrowRight", "ArrowDown", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    walk_to(page, "#mask-editor [data-act=done]")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-tray=mask] [data-id][name='inputs.mask']", state="attached")
    walk_to(page, "textarea[name=prompt]", "Shift+Tab")
    page.keyboard.type("a fish in its beak")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("li.card img[alt^='a fish in its beak']", timeout=60_000)


def find(page: Page) -> None:
    """Through the palette, by words and stars."""
    page.keyboard.press("Control+k")
    page.wait_for_selector("#palette[open] [aria-selected=true]")
    page.keyboard.type("library")
    page.wait_for_selector("#palette [aria-selected=true]:has-text('Library')")
    page.keyboard.press("Enter")
    page.wait_for_url("**/library/")
    page.keyboard.press("/")
    page.keyboard.type("stars:>=3 heron")
    page.keyboard.press("Enter")
    page.wait_for_selector(".chip-remove")
    assert page.locator(".tile").count() == 1
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_selector("#lightbox[open] [data-mark='3'][aria-pressed=true]")


def test_create_result_edit_library(reader: Visitor, open_tab: OpenTab) -> None:
    tab = open_tab()
    sign_in(tab, reader)
    for step in (ask, mark, edit, find):
        step(tab.page)
    assert tab.complaints == []


def test_many_are_chosen_rated_put_away_and_had_back(reader: Visitor, open_tab: OpenTab) -> None:
    tab = open_tab()
    sign_in(tab, reader)
    tab.open("/library/?q=kind:image before:2100")
    page = tab.page
    total = int(page.get_attribute("[name=all]", "data-total") or 0)
    page.keyboard.press("ArrowRight")
    page.keyboard.press(" ")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ ")
    works = page.evaluate("[...document.querySelectorAll('.tile')].slice(0, 3).map((tile) => tile.dataset.item)")
    assert page.inner_text("[data-chosen]") == "3"
    page.keyboard.press("2")
    for work in works:
        page.wait_for_selector(f"#item-{work} .tile-stars:has-text('2')")
    # One tile, and back by its key.
    page.wait_for_selector(".selection-bar", state="hidden")
    page.locator(".tile-open").nth(1).focus()
    page.keyboard.press("Delete")
    page.wait_for_selector(f"#item-{works[1]} .tile-gone")
    page.wait_for_selector("#toast [data-toast]")
    assert "1 work is in the trash" in page.inner_text("#say")
    page.keyboard.press("Control+z")
    page.wait_for_selector(f"#item-{works[1]} .tile-open")
    assert "1 work is back" in page.inner_text("#toast")
    # All of them, by the bar that Tab leads to.
    page.locator(".tile-open").first.focus()
    page.keyboard.press("Control+a")
    assert page.inner_text("[data-chosen]") == str(total)
    page.keyboard.press("Delete")
    page.wait_for_selector(".empty")
    assert f"{total} works are in the trash" in page.inner_text(".notice-area")
    page.wait_for_function("() => document.getElementById('say').textContent.includes('in the trash')")
    page.keyboard.press("Control+z")
    page.wait_for_selector(".tile")
    assert int(page.get_attribute("[name=all]", "data-total") or 0) == total
    page.keyboard.press("ArrowRight")
    page.keyboard.press(" ")
    page.keyboard.press("b")
    assert page.evaluate(f"{FOCUSED}.name") == "all"
    page.keyboard.press(" ")
    assert page.inner_text("[data-chosen]") == str(total)
    walk_to(page, "#selection-stars summary")
    page.keyboard.press("Enter")
    walk_to(page, "#selection-stars [value=stars-5]")
    page.keyboard.press("Enter")
    page.wait_for_selector(f".notice-area:has-text('{total} works were changed')")
    assert tab.complaints == []


def test_in_the_sheet_one_culls_and_goes_on(reader: Visitor, open_tab: OpenTab) -> None:
    tab = open_tab()
    sign_in(tab, reader)
    tab.open("/library/?q=kind:image")
    page = tab.page
    works = page.evaluate("[...document.querySelectorAll('.tile')].slice(0, 3).map((tile) => tile.dataset.item)")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"#lightbox[open] [data-generation='{works[0]}']")
    page.keyboard.press("Delete")
    page.wait_for_selector(f"#lightbox [data-generation='{works[1]}']")
    # What is said stands in the sheet, and its key brings back.
    page.wait_for_selector("#lightbox [data-toast-act]")
    page.keyboard.press("Control+z")
    page.wait_for_selector("#lightbox [data-toast]:has-text('1 work is back')")
    page.keyboard.press("ArrowLeft")
    page.wait_for_selector(f"#lightbox [data-generation='{works[0]}']")
    page.keyboard.press("1")
    page.wait_for_selector("#lightbox [data-mark='1'][aria-pressed=true]")
    page.keyboard.press("Escape")
    page.wait_for_selector("#lightbox:not([open])", state="attached")
    assert page.inner_text(f"#item-{works[0]} .tile-stars") == "1"
    assert page.evaluate(f"{FOCUSED}.closest('.tile').dataset.item") == works[0]
    assert tab.complaints == []
