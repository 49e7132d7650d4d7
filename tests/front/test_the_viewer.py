"""One picture over the whole screen, in a browser: keys, fingers, addresses, and the way back."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route

from config.local.waiting import until
from tests.front.conftest import OpenTab, Tab
from tests.system import RunningSystem
from tests.visitor import Visitor

pytestmark = [pytest.mark.long, pytest.mark.system, pytest.mark.browser]
PICTURE = "#lightbox .lightbox-picture:not([hidden])"
DRAWN = f"""() => {{
  const image = document.querySelector("{PICTURE} img:last-of-type, {PICTURE} video");
  return image && (image.complete ? image.naturalWidth > 0 : image.poster);
}}"""
GENERATION = "document.querySelector('[data-lightbox-page]')?.dataset.generation"
TRANSFORM = f"document.querySelector('{PICTURE} [data-moves]').style.transform"


@pytest.fixture(scope="module")
def reader(system: RunningSystem) -> Visitor:
    """Somebody with a few screens of works."""
    person = Visitor(system, "viewer")
    system.manage("seed_library", "--items", "300", "--files", "12", "--email", person.email)
    return person


@pytest.fixture
def tab(reader: Visitor, open_tab: OpenTab) -> Tab:
    opened = open_tab()
    opened.sign_in(reader)
    return opened


def shown(page: Page) -> str:
    """The id of the work that is seen, when its picture is."""
    page.wait_for_function(DRAWN)
    return str(page.evaluate(GENERATION))


def after(page: Page, before: str) -> str:
    page.wait_for_function(f"before => ({GENERATION}) && ({GENERATION}) !== before", arg=before)
    return shown(page)


def tiles(page: Page) -> list[str]:
    found: list[str] = page.evaluate("[...document.querySelectorAll('.tile')].map((tile) => tile.dataset.item)")
    return found


def test_by_keys_one_goes_on_and_comes_back_to_where_one_was(tab: Tab) -> None:
    tab.open("/library/?q=kind:image")
    page = tab.page
    page.evaluate("scrollTo(0, 900)")
    works = tiles(page)
    page.locator(".tile-open").nth(12).click()
    assert shown(page) == works[12]
    assert page.url.endswith(f"/view/{works[12]}/?q=kind%3Aimage") or page.url.endswith("?q=kind:image")
    where = page.evaluate("scrollY")
    page.keyboard.press("ArrowRight")
    assert after(page, works[12]) == works[13]
    page.keyboard.press("ArrowRight")
    assert after(page, works[13]) == works[14]
    page.keyboard.press("ArrowLeft")
    assert after(page, works[14]) == works[13]
    assert f"/view/{works[13]}/" in page.url
    page.keyboard.press("Escape")
    page.wait_for_function("() => location.pathname === '/library/'")
    assert not page.is_visible("#lightbox")
    assert abs(page.evaluate("scrollY") - where) < 5
    assert page.evaluate("document.activeElement.closest('.tile').dataset.item") == works[13]
    # The browser's own way forward and back.
    page.go_forward()
    assert shown(page) == works[13]
    page.go_back()
    page.wait_for_function("() => location.pathname === '/library/' && !document.getElementById('lightbox').open")
    assert tab.complaints == []


def test_a_reload_shows_the_same_and_escape_leads_to_the_library(tab: Tab) -> None:
    tab.open("/library/")
    page = tab.page
    works = tiles(page)
    page.locator(".tile-open").nth(2).click()
    shown(page)
    page.keyboard.press("ArrowRight")
    after(page, works[2])
    page.reload()
    assert shown(page) == works[3]
    page.keyboard.press("ArrowRight")
    assert after(page, works[3]) == works[4]
    page.keyboard.press("Escape")
    page.wait_for_selector(".library .tile")
    assert page.url.endswith("/library/")
    assert tab.complaints == []


def test_an_address_that_was_handed_on_ends_at_the_result(tab: Tab, reader: Visitor) -> None:
    tab.open("/library/")
    works = tiles(tab.page)
    tab.open(f"/view/{works[5]}/")
    page = tab.page
    assert shown(page) == works[5]
    page.keyboard.press("Escape")
    page.wait_for_function("() => location.pathname.startsWith('/result/')")
    assert page.is_visible("#result")
    # From there one may have gone on to another one.
    tab.open(f"/view/{works[5]}/")
    shown(page)
    page.keyboard.press("ArrowRight")
    after(page, works[5])
    page.keyboard.press("Escape")
    page.wait_for_url(f"**/result/{works[6]}/")
    assert tab.complaints == []


def test_one_looks_closely_by_wheel_and_keys(tab: Tab) -> None:
    tab.open("/library/?q=kind:image")
    page = tab.page
    page.locator(".tile-open").first.click()
    first = shown(page)
    page.mouse.move(700, 450)
    page.mouse.wheel(0, -600)
    page.wait_for_function(f"() => {TRANSFORM}.includes('scale')")
    wheel = page.evaluate(TRANSFORM)
    page.mouse.down()
    page.mouse.move(640, 420)
    page.mouse.up()
    dragged = page.evaluate(TRANSFORM)
    assert dragged != wheel
    # What is close is moved by arrows, not left.
    page.keyboard.press("ArrowRight")
    assert page.evaluate(TRANSFORM) != dragged
    assert shown(page) == first
    page.keyboard.press("0")
    assert page.evaluate(TRANSFORM) == ""
    page.keyboard.press("+")
    assert "scale(1.4)" in page.evaluate(TRANSFORM)
    page.keyboard.press("-")
    assert page.evaluate(TRANSFORM) == ""
    assert page.is_visible("[data-facts-panel]")
    page.keyboard.press("i")
    assert not page.is_visible("[data-facts-panel]")
    assert tab.complaints == []


def touch(session: Any, kind: str, *points: tuple[float, float]) -> None:
    session.send(
        "Input.dispatchTouchEvent",
        {"type": kind, "touchPoints": [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]},
    )


def test_by_fingers_one_swipes_and_pinches(reader: Visitor, open_tab: OpenTab) -> None:
    tab = open_tab(width=390, has_touch=True, is_mobile=True)
    tab.sign_in(reader)
    tab.open("/library/?q=kind:image")
    page = tab.page
    works = tiles(page)
    page.locator(".tile-open").nth(1).tap()
    assert shown(page) == works[1]
    session = page.context.new_cdp_session(page)
    for start, end, there in ((300, 80, works[2]), (80, 300, works[1])):
        before = shown(page)
        touch(session, "touchStart", (start, 400))
        touch(session, "touchMove", ((start + end) / 2, 405))
        touch(session, "touchMove", (end, 410))
        touch(session, "touchEnd")
        assert after(page, before) == there
    touch(session, "touchStart", (150, 400), (240, 400))
    touch(session, "touchMove", (100, 400), (290, 400))
    touch(session, "touchEnd")
    page.wait_for_function(f"() => {TRANSFORM}.includes('scale')")
    assert shown(page) == works[1]
    assert tab.complaints == []


def test_who_closes_while_the_next_one_comes_does_not_get_it(tab: Tab) -> None:
    tab.open("/library/?q=kind:image")
    page = tab.page
    page.locator(".tile-open").first.click()
    shown(page)
    older = page.get_attribute("[data-lightbox-page]", "data-older")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(f"{tab.url}{older}", hold)
    page.keyboard.press("ArrowRight")
    assert until(lambda: page.evaluate("true") and held, 20)
    page.keyboard.press("Escape")
    page.wait_for_function("() => !document.querySelector('#lightbox').open")
    with page.expect_response(f"{tab.url}{older}"):
        held[0].continue_()
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert page.url == f"{tab.url}/library/?q=kind:image"
    assert page.locator("#lightbox[open]").count() == 0
    assert page.locator("[data-lightbox-page]").count() == 0
    assert tab.complaints == []


def test_a_film_has_its_still_and_plays(tab: Tab) -> None:
    tab.open("/library/?q=kind:video")
    page = tab.page
    page.locator(".tile-open").first.click()
    before = shown(page)
    assert page.get_attribute(f"{PICTURE} video", "poster")
    page.evaluate(f"document.querySelector('{PICTURE} video').play()")
    page.wait_for_function(f"() => document.querySelector('{PICTURE} video').currentTime > 0")
    page.click("[data-step='1']")
    after(page, before)
    page.focus("[data-stage]")
    page.keyboard.press("Escape")
    page.wait_for_function("() => !document.querySelector('#lightbox video')")
    assert tab.complaints == []


def test_several_pictures_of_one_wish_come_one_after_the_other(reader: Visitor, open_tab: OpenTab) -> None:
    person = Visitor(reader.system, "several")
    earlier = person.ask("one kite")
    person.wait_for(earlier, "completed")
    work = person.ask("two kites", num_outputs=2)
    person.wait_for(work, "completed")
    tab = open_tab()
    tab.sign_in(person)
    page = tab.page
    # From the stream.
    page.wait_for_selector(f"#generation-{work} img")
    page.hover(f"#generation-{work} .card-frame")
    page.click(f"#generation-{work} [data-view]")
    assert shown(page) == work
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => location.hash === '#output-2'")
    page.reload()
    shown(page)
    assert page.get_attribute("[data-show='1']", "aria-pressed") == "true"
    page.keyboard.press("ArrowRight")
    assert after(page, work) == earlier
    page.keyboard.press("ArrowLeft")
    assert after(page, earlier) == work
    assert page.evaluate("location.hash") == "#output-2"
    assert tab.complaints == []


def test_without_a_script_it_is_the_result_page_with_ways_on(reader: Visitor, open_tab: OpenTab) -> None:
    tab = open_tab(java_script_enabled=False)
    tab.sign_in(reader)
    tab.open("/library/")
    page = tab.page
    first = page.locator(".tile-open").first.get_attribute("href")
    page.locator(".tile-open").first.click()
    assert page.url.endswith(str(first))
    tab.open(str(first).replace("/result/", "/view/"))
    page.click("a[rel=next]")
    page.wait_for_selector("a[rel=prev]")
    assert page.is_visible("#result")


@pytest.mark.parametrize(
    ("language", "theme", "width"), [("en-US", "dark", 1440), ("ru-RU", "light", 390)], ids=["wide", "narrow"]
)
def test_axe_finds_nothing(reader: Visitor, open_tab: OpenTab, language: str, theme: str, width: int) -> None:
    tab = open_tab(language=language, theme=theme, width=width)
    tab.sign_in(reader)
    tab.open("/library/")
    tab.page.locator(".tile-open").first.click()
    shown(tab.page)
    tab.page.evaluate("document.getElementById('lightbox').dataset.facts = 'shown'")
    found = Axe().run(tab.page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
