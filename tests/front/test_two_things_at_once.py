"""What comes in the middle of something else: a file refused while it is dragged, a second click before the answer."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Request, Route

from tests.front.conftest import OpenTab, Tab
from tests.front.test_moving_files import IMAGE, bring, drag, files, middle, tile, widths
from tests.visitor import Visitor

pytestmark = [pytest.mark.long, pytest.mark.system, pytest.mark.browser]
UPLOAD = "**/api/**/upload"


def exceptions(tab: Tab) -> list[str]:
    return [line for line in tab.said if line.startswith("exception:")]


def hold(page: Page, address: Any, method: str = "GET", times: int = 1) -> list[Route]:
    """The next requests to the address stay without an answer until the test lets them go."""
    held: list[Route] = []

    def keep(route: Route) -> None:
        if route.request.method == method and len(held) < times:
            held.append(route)
        else:
            route.fallback()

    page.route(address, keep)
    return held


def wait_for(page: Page, is_so: Callable[[], object]) -> None:
    deadline = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < deadline
        page.wait_for_timeout(20)


def let_go(page: Page, route: Route) -> None:
    """Answered, unless the page gives it up."""
    ended: list[Request] = []
    page.on("requestfinished", lambda request: ended.append(request))  # noqa: PLW0108  (the driver marks what it is given)
    page.on("requestfailed", lambda request: ended.append(request))  # noqa: PLW0108
    route.fallback()
    wait_for(page, lambda: route.request in ended or route.request.failure)


@pytest.fixture
def tab(alice: Visitor, open_tab: OpenTab) -> Tab:
    opened = open_tab()
    opened.page.set_default_timeout(10_000)
    opened.sign_in(alice)
    return opened


def test_a_file_that_is_lost_while_it_is_dragged_is_gone_and_told(tab: Tab) -> None:
    page = tab.page
    tab.open("/?model=flux-2-pro")
    bring(page, 260, 270)
    held = hold(page, UPLOAD, "POST")
    page.set_input_files(f"{IMAGE} [data-pick]", files(280))
    wait_for(page, lambda: held)
    x, y = middle(tile(page, 1))
    drag(page, tile(page, 3), (x - 20, y))
    assert page.locator("[data-lifted]").count() == 1
    held[0].abort()
    page.wait_for_selector(f"{IMAGE} [data-problems] .field-error")
    page.mouse.move(x + 5, y)
    assert page.locator("[data-edge]").count() == 0
    page.mouse.up()
    assert widths(page) == [260, 270]
    assert "could not be reached" in page.inner_text(f"{IMAGE} [data-problems]")
    assert exceptions(tab) == []


def test_the_menu_of_a_file_that_is_lost_goes_with_it(tab: Tab) -> None:
    page = tab.page
    tab.open("/?model=flux-2-pro")
    bring(page, 260, 270)
    held = hold(page, UPLOAD, "POST")
    page.set_input_files(f"{IMAGE} [data-pick]", files(280))
    wait_for(page, lambda: held)
    tile(page, 3).locator("[data-place]").click()
    page.wait_for_selector("#file-menu:popover-open")
    held[0].abort()
    page.wait_for_selector(f"{IMAGE} [data-problems] .field-error")
    assert page.locator("#file-menu:popover-open").count() == 0
    assert widths(page) == [260, 270]
    assert exceptions(tab) == []


def test_a_file_that_another_replaces_is_sent_no_further(tab: Tab) -> None:
    page = tab.page
    tab.open("/?model=seedance-2.0&goal=video")
    first = "[data-tray=first_frame]"
    held = hold(page, UPLOAD, "POST")
    page.set_input_files(f"{first} [data-pick]", files(260))
    wait_for(page, lambda: held)
    # The field is out of sight now that its tray is full; a file that is dropped comes by the same way.
    page.set_input_files(f"{first} [data-pick]", files(270))
    page.wait_for_selector(f"{first} [data-full]")
    page.wait_for_function("() => document.querySelector('.tray-file img').naturalWidth === 270")
    assert page.locator(f"{first} [data-problems] .field-error").count() == 0
    assert exceptions(tab) == []


def test_the_focus_stays_in_a_tray_that_is_over_its_limit(tab: Tab) -> None:
    page = tab.page
    tab.open("/?model=qwen-image-2")
    bring(page, 260, 270, 280, 290, 300)
    tile(page, 2).locator("[data-remove]").focus()
    page.keyboard.press("Enter")
    assert widths(page) == [260, 280, 290, 300]
    assert page.evaluate("document.activeElement.matches('[data-file]:nth-child(2) [data-remove]')")


def test_of_two_filters_of_the_queue_the_later_one_counts(alice: Visitor, tab: Tab) -> None:
    page = tab.page
    page.click("#queue-button")
    page.click("#queue-all")
    page.wait_for_selector("#drawer[open] [data-jobs-empty]")
    held = hold(page, "**/queue/?state=failed*")
    page.click("#jobs-state-failed")
    wait_for(page, lambda: held)
    late = hold(page, "**/queue/?state=ended*")
    page.click("#jobs-state-ended")
    wait_for(page, lambda: late)
    let_go(page, held[0])
    let_go(page, late[0])
    page.wait_for_selector("#jobs-state-ended[aria-current]")
    assert page.locator("#jobs-state-failed[aria-current]").count() == 0


def test_of_two_models_the_one_taken_later_counts(tab: Tab) -> None:
    page = tab.page
    page.click("#model-button")
    page.wait_for_selector("[data-row]")
    early = hold(page, "**/composer/?*model=flux-dev*")
    page.locator("[data-row][href*='model=flux-dev&']").first.click()
    wait_for(page, lambda: early)
    late = hold(page, "**/composer/?*model=flux-2-pro*")
    page.locator("[data-row][href*='model=flux-2-pro&']").first.click()
    wait_for(page, lambda: late)
    let_go(page, early[0])
    let_go(page, late[0])
    page.wait_for_selector("#composer > [name=model][value=flux-2-pro]", state="attached")


def test_models_pinned_one_after_another_are_all_pinned(tab: Tab) -> None:
    page = tab.page
    page.click("#model-button")
    page.wait_for_selector("[data-row]")
    held = hold(page, "**/models/pins/", "POST")
    names = ["flux-dev", "flux-2-pro", "qwen-image-2"]
    for name in names:
        page.locator(f"#pin-image-{name}").click()
    wait_for(page, lambda: held)
    let_go(page, held[0])
    for name in names:
        page.wait_for_selector(f"#pin-pinned-{name}", timeout=5_000)


@pytest.mark.parametrize("status", [403, 413, 429])
def test_a_refusal_from_in_front_of_the_studio_is_told(tab: Tab, status: int) -> None:
    page = tab.page
    page.fill("textarea[name=prompt]", "a kite")
    page.route(
        f"{tab.url}/",
        lambda route: route.fulfill(status=status, body="no") if route.request.method == "POST" else route.fallback(),
    )
    page.click("#generate-button")
    page.wait_for_selector("#notice .notice-danger", timeout=5_000)
    assert "Nothing was" in page.inner_text("#notice")
    assert page.input_value("textarea[name=prompt]") == "a kite"


def test_what_one_types_while_another_model_comes_is_kept(tab: Tab) -> None:
    page = tab.page
    page.fill("textarea[name=prompt]", "a kite")
    page.click("#model-button")
    page.wait_for_selector("[data-row]")
    held = hold(page, "**/composer/?*model=flux-2-pro*")
    page.locator("[data-row][href*='model=flux-2-pro&']").first.click()
    wait_for(page, lambda: held)
    page.fill("textarea[name=prompt]", "a kite in a storm")
    let_go(page, held[0])
    page.wait_for_selector("#composer > [name=model][value=flux-2-pro]", state="attached")
    assert page.input_value("textarea[name=prompt]") == "a kite in a storm"
    # The one who types is not led away.
    page.keyboard.type("!")
    # Settled: htmx has taken its own classes away.
    page.wait_for_function("() => document.getElementById('composer').className === 'composer'")
    page.keyboard.type("!")
    assert page.input_value("textarea[name=prompt]") == "a kite in a storm!!"


def test_a_wish_that_is_on_its_way_is_not_sent_twice(alice: Visitor, tab: Tab) -> None:
    page = tab.page
    page.fill("textarea[name=prompt]", "a kite, once")
    held = hold(page, f"{tab.url}/", "POST")
    page.click("#generate-button")
    wait_for(page, lambda: held)
    page.click("#generate-button")
    let_go(page, held[0])
    page.wait_for_selector("li.card")
    with page.expect_response("**/quote/"):
        page.fill("textarea[name=prompt]", "a kite, again")
        page.evaluate("htmx.trigger('#generate', 'quote')")
    assert page.locator("li.card").count() == 1
    page.click("#generate-button")
    page.wait_for_function("() => document.querySelectorAll('li.card').length === 2")


def test_retry_pressed_twice_is_one_try(alice: Visitor, tab: Tab) -> None:
    page = tab.page
    failed = alice.ask("broken [[fail]]")
    page.wait_for_selector(f"#retry-{failed}", timeout=40_000)
    held = hold(page, f"**/{failed}/retry/", "POST")
    page.click(f"#retry-{failed}")
    wait_for(page, lambda: held)
    page.click(f"#retry-{failed}")
    let_go(page, held[0])
    page.wait_for_function("() => document.querySelectorAll('li.card').length > 1")
    # A second one would be there by the time that a third is.
    alice.ask("the third")
    page.wait_for_selector("li.card:has-text('the third')", state="attached")
    assert page.locator("li.card").count() == 3


def test_without_a_network_what_was_only_looked_for_is_said_to_have_changed_nothing(tab: Tab) -> None:
    page = tab.page
    page.click("#queue-button")
    page.route("**/queue/*", lambda route: route.abort())
    page.route("**/queue/", lambda route: route.abort())
    page.click("#queue-all")
    page.wait_for_selector("#notice .notice-danger")
    assert "Nothing was changed or charged" in page.inner_text("#notice")
