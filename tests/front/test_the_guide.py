"""The guide in a browser: documentation, style guide, palette. axe looks at the pages in test_every_room."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.front.conftest import OpenTab, Tab
from tests.system import RunningSystem
from tests.visitor import Visitor

pytestmark = [pytest.mark.system, pytest.mark.browser]
PAGES = ("/docs/", "/docs/api/", "/docs/credits/", "/docs/models/flux-schnell/", "/docs/search/?q=api")


def violations(tab: Tab) -> list[tuple[str, str]]:
    found = Axe().run(tab.page).response["violations"]
    return [(one["id"], one["nodes"][0]["html"]) for one in found]


@pytest.fixture
def ada(system: RunningSystem, alice: Visitor) -> Visitor:
    system.query("UPDATE accounts_user SET role = 'admin' WHERE id = %s RETURNING id", alice.id)
    return alice


@pytest.mark.long
def test_no_page_of_the_documentation_complains_or_is_wider_than_the_window(alice: Visitor, open_tab: OpenTab) -> None:
    tab = open_tab(language="ru-RU", theme="dark", width=390)
    tab.sign_in(alice)
    for address in PAGES:
        tab.open(address)
        wide = tab.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{address} is wider than the window"
    assert tab.complaints == []


@pytest.mark.long
def test_the_style_guide_shows_what_the_studio_shows(ada: Visitor, open_tab: OpenTab) -> None:
    ada.wait_for(ada.ask("a specimen", num_outputs=2), "completed")
    tab = open_tab()
    tab.sign_in(ada)
    tab.open("/styleguide/")
    assert tab.page.locator(".tile").count() == 4
    for specimen in ("#framing:not([data-empty]) .framing-handle", "#staging", ".lineage", ".diff", "#line", ".job"):
        tab.page.wait_for_selector(specimen)
    assert tab.complaints == []


def test_by_keyboard_one_searches_the_documentation(open_tab: OpenTab) -> None:
    """Signed out, from the first Tab on."""
    tab = open_tab()
    tab.open("/docs/")
    page = tab.page
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "q"
    page.keyboard.type("refused by the filter")
    page.wait_for_selector("#docs-found .docs-hit")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/docs/credits/#content_refused")
    assert "Programs see content_refused" in page.inner_text(".docs-text")


def test_the_palette_goes_anywhere_by_keyboard(alice: Visitor, open_tab: OpenTab) -> None:
    alice.wait_for(alice.ask("a heron in the reeds"), "completed")
    tab = open_tab()
    tab.sign_in(alice)
    page = tab.page
    page.keyboard.press("Control+k")
    page.wait_for_selector("#palette[open] [aria-selected=true]")
    assert page.evaluate("document.activeElement.id") == "palette-input"
    page.keyboard.type("heron")
    page.wait_for_selector("#palette-list [href^='/result/'][aria-selected=true]")
    chosen = page.get_attribute("#palette-input", "aria-activedescendant")
    assert page.locator(f"#{chosen}").inner_text().startswith("a heron in the reeds")
    assert tab.complaints == []
    assert violations(tab) == []
    page.keyboard.press("Enter")
    page.wait_for_selector("#result")
    page.keyboard.press("Control+k")
    page.wait_for_selector("#palette[open] [aria-selected=true]")
    first = page.get_attribute("#palette-input", "aria-activedescendant")
    page.keyboard.press("ArrowUp")
    assert page.get_attribute("#palette-input", "aria-activedescendant") != first
    page.keyboard.press("ArrowDown")
    assert page.get_attribute("#palette-input", "aria-activedescendant") == first
    page.keyboard.type("dark")
    page.wait_for_selector("#palette-list [value=dark][aria-selected=true]")
    page.keyboard.press("Enter")
    page.wait_for_selector("html[data-theme=dark]")
    assert not page.is_visible("#palette")


def test_the_question_mark_shows_the_shortcuts(alice: Visitor, open_tab: OpenTab) -> None:
    tab = open_tab(language="ru-RU", width=390)
    tab.sign_in(alice)
    page = tab.page
    page.locator("[data-prompt-field]").focus()
    page.keyboard.type("?")
    assert not page.is_visible("#shortcuts")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    page.wait_for_selector("#shortcuts[open] [data-shortcut]")
    page.keyboard.type("лассо")
    assert page.locator("[data-shortcut]:visible").count() == 1
    assert tab.complaints == []
    assert violations(tab) == []
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    assert not page.is_visible("#shortcuts")
