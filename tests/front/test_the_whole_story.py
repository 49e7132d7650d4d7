"""A person signs in, asks, watches the picture arrive and opens it. Nothing is reloaded, nothing is polled."""

import pytest
from playwright.sync_api import Page

from tests.front.conftest import OpenTab
from tests.system import RunningSystem
from tests.visitor import Visitor

pytestmark = [pytest.mark.system, pytest.mark.browser]
CARD = "li.card"
DONE = "li.card[data-stage=completed] img"
# Found and measured in one go: a card may be put anew between two calls.
PLACE = """selector => {
    const { x, y, width, height } = document.querySelector(selector)?.getBoundingClientRect() ?? {}
    return width ? [x, y, width, height] : null
}"""


def place_of(page: Page, selector: str) -> list[float]:
    """Left, top, width and height of the first such element that is on the page, in CSS pixels."""
    place: list[float] = page.wait_for_function(PLACE, arg=selector).json_value()
    return place


@pytest.mark.parametrize(
    ("language", "theme", "width", "ready"),
    [("en-US", "light", 1440, "Ready"), ("ru-RU", "dark", 390, "Готово")],
    ids=["english-wide", "russian-narrow"],
)
def test_from_sign_in_to_the_result(  # noqa: PLR0917
    system: RunningSystem, alice: Visitor, open_tab: OpenTab, language: str, theme: str, width: int, ready: str
) -> None:
    tab = open_tab(language=language, theme=theme, width=width)
    tab.sign_in_by_password(alice)
    page = tab.page
    page.fill("textarea[name=prompt]", "a lighthouse at dawn [[slow=8]]")
    before = len(tab.answers)
    loads: list[str] = []
    page.on("framenavigated", lambda frame: loads.append(frame.url))
    # The socket may be faster than the answer.
    with page.expect_response(f"{tab.url}/"):
        page.click("#generate-button")
    # The card takes its place at once, in its final shape.
    pending = place_of(page, f"{CARD}:not([data-stage=completed])")
    assert tab.asked_since(before) == ["POST /"]
    page.wait_for_selector(f"{CARD}[data-stage=running]")
    page.wait_for_selector(DONE, timeout=40_000)
    page.wait_for_function("selector => document.querySelector(selector).complete", arg=DONE)
    assert place_of(page, CARD) == pending
    # One request made it: the click's own. The rest came by socket, and pictures by their links.
    assert loads == []
    assert [asked for asked in tab.asked_since(before)[1:] if not asked.startswith("GET /media/")] == []
    page.click("li.card[data-stage=completed] a[href*='/result/']")
    page.wait_for_selector("#result")
    assert "a lighthouse at dawn" in page.inner_text("#result")
    assert ready in page.inner_text("#result")
    assert tab.complaints == []


def test_two_tabs_of_one_person_agree(alice: Visitor, open_tab: OpenTab) -> None:
    first, second = open_tab(), open_tab(width=390)
    for tab in (first, second):
        tab.sign_in(alice)
    first.page.fill("textarea[name=prompt]", "seen twice")
    first.page.click("#generate-button")
    for tab in (first, second):
        tab.page.wait_for_selector(DONE, timeout=40_000)
        assert tab.page.locator(CARD).count() == 1
        assert tab.complaints == []


def test_the_queue_counts_what_was_not_seen(alice: Visitor, open_tab: OpenTab) -> None:
    tab = open_tab()
    tab.sign_in(alice)
    generations = [alice.ask(f"kite {number}") for number in range(2)]
    for generation in generations:
        alice.wait_for(generation, "completed")
    page = tab.page
    page.wait_for_function("() => document.querySelector('#queue').innerText.includes('2')")
    page.click("#queue summary, #queue button")
    page.click(f"#queue a[href*='{generations[0]}']")
    page.wait_for_selector("#result")
    assert alice.get(generations[0])["viewed"] is True
    assert page.locator(f"#queue a[href*='{generations[0]}']").count() == 0
    assert page.locator(f"#queue a[href*='{generations[1]}']").count() == 1


def test_a_page_that_lost_its_socket_says_so_and_catches_up(
    system: RunningSystem, alice: Visitor, open_tab: OpenTab
) -> None:
    tab = open_tab()
    tab.sign_in(alice)
    page = tab.page
    page.wait_for_function("() => document.body.dataset.live === 'on'")
    # Nor can it ask by itself, see test_no_socket_at_all: what it misses can come by its next socket alone.
    page.route("**/changes/**", lambda route: route.abort())
    system.stop("live")
    try:
        page.wait_for_function("() => document.body.dataset.live === 'off'")
        page.wait_for_selector("#away:not([hidden])")
        generation = alice.ask("made while away")
        alice.wait_for(generation, "completed")
        assert page.locator(CARD).count() == 0
    finally:
        system.start("live")
    page.wait_for_selector(DONE, timeout=60_000)


def test_without_javascript_a_person_asks_and_finds_the_picture(alice: Visitor, open_tab: OpenTab) -> None:
    tab = open_tab(java_script_enabled=False)
    tab.sign_in(alice)
    page = tab.page
    page.fill("textarea[name=prompt]", "plain page")
    page.click("#generate-button")
    page.wait_for_selector(CARD)
    ((generation,),) = alice.system.query("SELECT id::text FROM generations_generation WHERE user_id = %s", alice.id)
    alice.wait_for(str(generation), "completed")
    tab.open("/")
    assert page.locator(DONE).count() == 1
