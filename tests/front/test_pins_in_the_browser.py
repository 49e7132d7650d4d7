"""Pins in the browser: the search stays, the focus stays, and another device has them; without scripts, too."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.front.conftest import OpenTab
from tests.visitor import Visitor

pytestmark = [pytest.mark.long, pytest.mark.system, pytest.mark.browser]


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (390, "dark")])
def test_a_model_is_pinned_while_one_searches(alice: Visitor, open_tab: OpenTab, width: int, theme: str) -> None:
    tab = open_tab(width=width, theme=theme)
    tab.sign_in(alice)
    page = tab.page
    if width < 768:
        page.click(".composer-toggle")
    page.fill("textarea[name=prompt]", "a kite")
    page.click("#model-button")
    page.fill("#picker-search", "flux dev")
    page.select_option("#picker-provider", "replicate")
    before = page.locator("[data-row]:visible").count()
    page.focus("#pin-image-flux-dev")
    page.keyboard.press("Enter")
    page.wait_for_selector("#pin-image-flux-dev[aria-pressed=true]:focus")
    assert page.locator("#group-pinned").is_visible()
    assert page.locator("[data-row]:visible").count() == before + 1
    assert page.input_value("#picker-search") == "flux dev"
    # From a pin the arrows go on to the next row, as from the row itself.
    page.keyboard.press("ArrowUp")
    assert "FLUX" in page.inner_text("[data-row]:focus .picker-name")
    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    other = open_tab()
    other.sign_in(alice)
    other.page.click("#model-button")
    other.page.click("#pin-pinned-flux-dev")
    other.page.wait_for_selector("#group-pinned", state="detached")
    # Its own pin is gone with the group: the model's other one has the focus.
    other.page.wait_for_selector("[data-pin][value=flux-dev]:focus")
    assert page.input_value("textarea[name=prompt]") == "a kite"
    assert tab.complaints == other.complaints == []


@pytest.mark.parametrize("path", ["/", "/models/"])
def test_a_row_that_is_pinned_stands_where_it_stood(alice: Visitor, open_tab: OpenTab, path: str) -> None:
    tab = open_tab()
    tab.sign_in(alice)
    tab.open(path)
    page = tab.page
    if path == "/":
        page.click("#model-button")
    pin = page.locator("#pin-video-dop-lite")
    pin.scroll_into_view_if_needed()
    top = "one => one.getBoundingClientRect().top"
    before = pin.evaluate(top)
    pin.click()
    page.wait_for_selector("#pin-pinned-dop-lite", state="attached")
    assert abs(pin.evaluate(top) - before) <= 2
    pin.click()
    page.wait_for_selector("#pin-pinned-dop-lite", state="detached")
    assert abs(pin.evaluate(top) - before) <= 2
    assert page.evaluate("document.activeElement.id") == "pin-video-dop-lite"
    assert tab.complaints == []


def test_without_javascript_a_model_is_pinned(alice: Visitor, open_tab: OpenTab) -> None:
    tab = open_tab(java_script_enabled=False)
    tab.sign_in(alice)
    tab.open("/models/?price=5")
    page = tab.page
    page.click("#pin-image-flux-dev")
    page.wait_for_selector("#pin-pinned-flux-dev[aria-pressed=true]")
    assert page.input_value("[name=price]") == "5"
    page.click("#pin-pinned-flux-dev")
    page.wait_for_selector("#pin-image-flux-dev[aria-pressed=false]")
    assert page.locator("#group-pinned").count() == 0
