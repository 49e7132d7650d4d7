"""The library in a browser: its height holds, tiles come and go, keys work, nothing is lost on the way."""

import threading

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route

from config.local.waiting import until
from tests.front.conftest import OpenTab, Tab
from tests.system import RunningSystem
from tests.visitor import Visitor

pytestmark = [pytest.mark.system, pytest.mark.browser]
ITEMS = 1200
SHOWN = """
() => [...document.querySelectorAll(".tile img")].some((image) => {
  const { top, bottom } = image.getBoundingClientRect();
  return bottom > 0 && top < innerHeight && image.complete && image.naturalWidth > 0;
})
"""
IN_SIGHT = """
() => [...document.querySelectorAll(".tile img")].filter((image) => {
  const { top, bottom } = image.getBoundingClientRect();
  return bottom > 0 && top < innerHeight;
}).length
"""
# Chunks of tiles that are not here and begin or end within a screen of what one sees.
MISSING = """
() => [...document.querySelectorAll("[data-chunk]")].filter((chunk) => {
  const { top, bottom } = chunk.getBoundingClientRect();
  return !chunk.childElementCount && bottom > -innerHeight && top < 2 * innerHeight;
}).length
"""
HEIGHT = "document.documentElement.scrollHeight"


@pytest.fixture(scope="module")
def reader(system: RunningSystem) -> Visitor:
    """Somebody with a year of works."""
    person = Visitor(system, "reader")
    system.manage("seed_library", "--items", str(ITEMS), "--files", "12", "--email", person.email)
    return person


@pytest.fixture
def tab(reader: Visitor, open_tab: OpenTab) -> Tab:
    opened = open_tab()
    opened.sign_in(reader)
    return opened


def chosen(page: Page) -> str:
    return page.inner_text("[data-chosen]")


@pytest.mark.parametrize("width", [390, 1440])
def test_the_bar_is_true_wherever_one_goes_and_the_page_stays_small(
    reader: Visitor, open_tab: OpenTab, width: int
) -> None:
    tab = open_tab(width=width)
    tab.sign_in(reader)
    tab.open("/library/")
    page = tab.page
    height = page.evaluate(HEIGHT)
    # By count: rows of square tiles.
    per_row = int(page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--per-row')"))
    side = page.locator(".tile").first.bounding_box()
    assert side is not None
    assert height > ITEMS / per_row * side["height"]
    for share in (0.5, 0.97, 0.2, 0.75):
        page.evaluate(f"scrollTo(0, {HEIGHT} * {share})")
        page.wait_for_function(SHOWN)
        assert abs(page.evaluate(HEIGHT) - height) <= 2
    page.wait_for_function("() => document.querySelectorAll('.tile').length < 600")
    assert tab.complaints == []


def test_what_is_near_waits_for_the_pictures_one_sees(tab: Tab) -> None:
    tab.open("/library/")
    page = tab.page
    page.wait_for_function(f"() => !({MISSING})()")
    held: list[Route] = []
    is_released = threading.Event()

    def hold(route: Route) -> None:
        if is_released.is_set():
            route.continue_()
        else:
            held.append(route)

    page.route("**/media/**", hold)
    # To where a month begins, so that one chunk is in sight and the month before it is just above.
    page.evaluate("document.querySelector('.shelf[data-unread] ~ .shelf ~ .shelf').scrollIntoView(); scrollBy(0, 120)")
    page.wait_for_function(f"() => ({IN_SIGHT})() > 10")
    assert until(lambda: len(held) >= page.evaluate(IN_SIGHT), 20)
    assert page.evaluate(MISSING) > 0
    is_released.set()
    for route in held:
        route.continue_()
    page.wait_for_function(f"() => !({MISSING})()")
    assert tab.complaints == []


def test_pictures_one_flew_past_are_not_waited_for(tab: Tab) -> None:
    tab.open("/library/")
    page = tab.page
    held: list[Route] = []
    given_up: set[str] = set()
    page.on("requestfailed", lambda request: given_up.add(request.url))

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/media/**", hold)
    page.evaluate(f"scrollTo(0, {HEIGHT} / 2)")
    page.wait_for_function(f"() => ({IN_SIGHT})() > 10")
    assert until(lambda: len(held) >= page.evaluate(IN_SIGHT), 20)
    passed = {route.request.url for route in held}
    page.evaluate("scrollTo(0, 0)")
    # Events are heard while the page is asked something.
    assert until(lambda: page.evaluate(IN_SIGHT) and given_up >= passed, 20)


def test_by_keys_one_walks_chooses_marks_and_puts_away(tab: Tab) -> None:
    tab.open("/library/")
    page = tab.page
    page.keyboard.press("ArrowRight")
    first = page.evaluate("document.activeElement.closest('.tile').id")
    assert first == page.locator(".tile").first.get_attribute("id")
    page.keyboard.press("ArrowDown")
    assert (
        page.evaluate("[...document.querySelectorAll('.tile')].indexOf(document.activeElement.closest('.tile'))") == 5
    )
    page.keyboard.press("f")
    page.wait_for_selector(".tile:nth-child(6) [aria-pressed=true]")
    page.keyboard.press(" ")
    page.keyboard.press("ArrowRight")
    page.keyboard.press(" ")
    assert chosen(page) == "2"
    page.keyboard.press("Delete")
    page.wait_for_selector(".tile:nth-child(7) .tile-gone")
    assert page.locator(".tile-gone").count() == 2
    assert not page.is_visible(".selection-bar")
    page.click(".tile:nth-child(6) .tile-gone button")
    page.click(".tile:nth-child(7) .tile-gone button")
    page.wait_for_function("() => !document.querySelector('.tile-gone')")
    page.keyboard.press("/")
    page.keyboard.type("is:fav")
    page.keyboard.press("Enter")
    page.wait_for_selector(".chip-remove")
    assert page.locator(".tile [aria-pressed=false]").count() == 0
    assert tab.complaints == []


def test_what_is_chosen_stays_chosen_while_its_tiles_are_away(tab: Tab) -> None:
    tab.open("/library/")
    page = tab.page
    page.locator("[name=ids]").nth(2).check(force=True)
    page.evaluate(f"scrollTo(0, {HEIGHT})")
    page.wait_for_function(SHOWN)
    page.locator(".tile:last-child [name=ids]").last.check(force=True)
    page.evaluate("scrollBy(0, -3000)")
    page.wait_for_function("() => document.querySelector('.shelf ol').childElementCount === 0")
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_selector(".shelf:first-of-type .tile")
    assert page.locator("[name=ids]").nth(2).is_checked()
    assert chosen(page) == "2"
    page.click(".selection-bar [value=pack]")
    page.wait_for_selector("#exports [data-state=ready] a", timeout=40_000)
    with page.expect_download() as download:
        page.click("#exports a")
    assert download.value.suggested_filename.endswith(".zip")
    assert tab.complaints == []


def test_a_long_search_that_is_kept_cuts_no_number_off(tab: Tab) -> None:
    tab.open("/library/?q=forest mist lighthouse kind:image stars:>=0 -is:fav after:2020-01-01")
    page = tab.page
    page.click("text=Keep this search")
    page.wait_for_selector("text=Forget this search")
    tab.open("/library/")
    wide = "(side) => [side.scrollWidth, side.clientWidth]"
    scroll, client = page.eval_on_selector(".library-side", wide)
    page.click(".facet-saved button")
    page.wait_for_function("() => !document.querySelector('.facet-saved')")
    assert scroll == client
    assert tab.complaints == []


def test_a_refusal_keeps_what_is_chosen(tab: Tab) -> None:
    tab.open("/library/")
    page = tab.page
    for number in range(5):
        page.locator("[name=ids]").nth(number).check(force=True)
    page.click(".selection-bar [value=compare]")
    page.wait_for_selector("#notice .notice")
    assert chosen(page) == "5"
    page.click(".selection-bar [type=reset]")
    assert not page.is_visible(".selection-bar")


def test_who_comes_back_finds_chosen_what_is_ticked(tab: Tab) -> None:
    tab.open("/library/")
    page = tab.page
    for number in range(3):
        page.locator("[name=ids]").nth(number).check(force=True)
    page.click(".selection-bar [value=compare]")
    page.wait_for_url("**/compare/**")
    page.go_back()
    page.wait_for_selector(".selection-bar.is-shown")
    assert chosen(page) == "3" == str(page.locator("[name=ids]:checked").count())
    assert tab.complaints == []


def test_enter_after_a_name_adds_the_tag_whatever_was_done_before(tab: Tab) -> None:
    tab.open("/library/")
    page = tab.page
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press(" ")
    page.keyboard.press("Delete")
    page.wait_for_selector(".tile-gone")
    page.click("#toast [data-toast-act]")
    page.wait_for_function("() => !document.querySelector('.tile-gone')")
    box = page.locator("[name=ids]").nth(3)
    box.check(force=True)
    # A box is no button: only Space means something on it.
    box.focus()
    page.keyboard.press("Enter")
    page.click("#selection-name summary")
    page.fill("#selection-name [name=name]", "keepers")
    page.keyboard.press("Enter")
    page.wait_for_function(
        "() => document.querySelector('#toast')?.innerText.includes('1 work has the tag “keepers” now.')"
    )
    assert page.locator(".tile-gone").count() == 0
    assert page.locator("#selection-name[open]").count() == 0
    assert tab.complaints == []


def test_what_is_packed_is_said_where_one_looks(tab: Tab) -> None:
    tab.open("/library/")
    page = tab.page
    page.evaluate(f"scrollTo(0, {HEIGHT} / 2)")
    page.wait_for_function(SHOWN)
    page.locator(".tile:visible [name=ids]").last.check(force=True)
    page.click(".selection-bar [value=pack]")
    page.wait_for_selector("#toast :text('1 work is being packed')")
    box = page.locator("#toast").bounding_box()
    assert box is not None
    assert 0 < box["y"] < 900
    page.click("#toast a")
    page.wait_for_url("**/library/exports/")
    assert tab.complaints == []


def test_a_film_plays_while_one_points_at_it(tab: Tab) -> None:
    tab.open("/library/?q=kind:video")
    page = tab.page
    page.hover(".tile-open[data-film]")
    page.wait_for_function("() => document.querySelector('.tile video')?.currentTime > 0")
    page.hover("h1")
    page.wait_for_function("() => !document.querySelector('.tile video')")
    assert tab.complaints == []


def test_without_a_script_one_pages_and_puts_away(reader: Visitor, open_tab: OpenTab) -> None:
    tab = open_tab(java_script_enabled=False)
    tab.page.goto(f"{tab.url}/accounts/login/")
    tab.sign_in(reader)
    tab.open("/library/?q=forest")
    seen = tab.page.locator(".tile").first.get_attribute("id")
    tab.page.locator("[name=ids]").first.check(force=True)
    tab.page.click(".selection-bar [value=trash]")
    assert "is in the trash" in tab.page.inner_text(".notice-area")
    assert tab.page.locator(f"#{seen}").count() == 0
    tab.open("/library/trash/")
    tab.page.locator("[name=ids]").first.check(force=True)
    tab.page.click("[value=restore]")
    tab.open("/library/")
    tab.page.click("text=Show older")
    assert tab.page.locator(".tile").count() > 20


@pytest.mark.parametrize(("language", "theme"), [("en-US", "dark"), ("ru-RU", "light")])
def test_axe_finds_nothing(reader: Visitor, open_tab: OpenTab, language: str, theme: str) -> None:
    tab = open_tab(language=language, theme=theme)
    tab.sign_in(reader)
    for address in ("/library/?q=forest kind:image", "/library/trash/", "/library/exports/"):
        tab.open(address)
        found = Axe().run(tab.page).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
