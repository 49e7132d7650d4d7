"""The bell of a page that is open counts by itself; opens by keyboard, reads, and is told of once for all tabs."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.front.conftest import HIDDEN, OpenTab, alice, chromium, open_tab
from tests.visitor import Visitor

__all__ = ["alice", "chromium", "open_tab"]
pytestmark = [pytest.mark.system, pytest.mark.browser]


def test_an_ending_rings_without_a_reload(alice: Visitor, open_tab: OpenTab) -> None:
    tab = open_tab()
    tab.sign_in(alice)
    page = tab.page
    before = len(tab.answers)
    generation = alice.ask("a bell buoy")
    page.wait_for_selector(".bell-count", timeout=60_000)
    assert page.text_content(".bell-count") == "1"
    assert [asked for asked in tab.asked_since(before) if not asked.startswith("GET /media/")] == []
    page.focus("#bell-button")
    page.keyboard.press("Enter")
    page.wait_for_selector("#bell[open] .bell-row >> text=a bell buoy")
    assert Axe().run(page).violations_count == 0
    page.click("#bell-read-all")
    page.wait_for_selector(".bell-count", state="detached")
    page.click(".bell-row")
    page.wait_for_url(f"**/result/{generation}/")
    assert tab.complaints == []


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_pages_hold_at_a_narrow_width_and_for_a_screen_reader(
    alice: Visitor, open_tab: OpenTab, theme: str
) -> None:
    tab = open_tab(width=390, theme=theme, language="ru-RU")
    tab.sign_in(alice)
    alice.wait_for(alice.ask("told"), "completed")
    tab.page.wait_for_selector(".bell-count", timeout=60_000)
    for path in ("/notifications/", "/notifications/preferences/"):
        tab.open(path)
        assert Axe().run(tab.page).violations_count == 0, Axe().run(tab.page).generate_report()
        assert tab.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert tab.complaints == []


@pytest.mark.parametrize(("own", "offered"), [("Asia/Tokyo", "Asia/Tokyo"), ("Etc/GMT+3", "UTC")])
def test_a_browsers_own_time_zone_is_offered_if_it_can_be_saved(
    alice: Visitor, open_tab: OpenTab, own: str, offered: str
) -> None:
    tab = open_tab(timezone_id=own)
    tab.sign_in(alice)
    tab.open("/notifications/preferences/")
    assert tab.page.input_value("[data-time-zone]") == offered
    tab.page.click("form.wishes button.button-primary")
    tab.page.wait_for_selector(".notice-area li")
    assert tab.complaints == []


def test_a_page_sounds_and_shows_once_for_all_tabs(alice: Visitor, open_tab: OpenTab) -> None:
    tab = open_tab(permissions=["notifications"])
    tab.sign_in(alice)
    page = tab.page
    tab.open("/notifications/preferences/")
    for way in ("desktop", "sound"):
        page.check(f"input[value='completed:{way}']")
    page.click("form.wishes button.button-primary")
    page.wait_for_selector(".notice-area li")
    other = page.context.new_page()
    for one in (page, other):
        one.add_init_script(WATCH)
        one.goto(f"{tab.url}/notifications/preferences/")
        one.click("[data-try-sound]")
        one.wait_for_function("window.sounded === 1")
    tabs = [page, other]

    # Both tabs count as looked at.
    alice.ask("heard once")
    wait_for_claims(tabs, 1)
    alice.system.wait_until(lambda: sounded(tabs) == [1, 2])
    assert shown(tabs) == []

    for one in tabs:
        one.evaluate(HIDDEN, True)
    alice.ask("shown once")
    wait_for_claims(tabs, 2)
    alice.system.wait_until(lambda: sum(sounded(tabs)) == 4)
    assert shown(tabs) == ["Ready: shown once"]


def wait_for_claims(tabs: list[Page], number: int) -> None:
    """Each tab has looked which of so many signs were still its own to give."""
    for tab in tabs:
        tab.wait_for_function("number => window.known === number", arg=number, timeout=60_000)


def sounded(tabs: list[Page]) -> list[float]:
    return sorted(float(tab.evaluate("window.sounded")) for tab in tabs)


def shown(tabs: list[Page]) -> list[str]:
    return [title for tab in tabs for title in tab.evaluate("window.shown")]


# What would be shown and sounded is counted instead; and how many signs were taken when this tab had last looked.
WATCH = """
window.sounded = 0; window.shown = []; window.known = 0;
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (when) { window.sounded += 0.5; return start.call(this, when); };
const Shown = window.Notification;
window.Notification = class { constructor(title) { window.shown.push(title); }
  static permission = "granted"; static requestPermission = Shown.requestPermission; };
const request = navigator.locks.request.bind(navigator.locks);
navigator.locks.request = async (key, take) => {
  const mine = await request(key, take);
  window.known = JSON.parse(localStorage.signs).length;
  return mine;
};
"""


def test_a_browser_that_lets_no_page_onto_the_desktop_says_so(alice: Visitor, open_tab: OpenTab) -> None:
    tab = open_tab()
    # As on Android: the name and the permission are there, and making one is refused.
    tab.page.add_init_script(
        "window.Notification = class { static permission = 'granted'; constructor() { throw new TypeError('no') } }"
    )
    tab.sign_in(alice)
    tab.open("/notifications/preferences/")
    tab.page.click("[data-try-desktop]")
    tab.page.wait_for_selector("[data-permission=absent]:visible")
    assert tab.complaints == []
