"""In the browser a dear batch is confirmed or let go, and its cards come all at once."""

import pytest

from tests.front.conftest import OpenTab
from tests.system import RunningSystem
from tests.visitor import Visitor

pytestmark = [pytest.mark.system, pytest.mark.browser]


@pytest.mark.parametrize("width", [1440, 390])
def test_a_dear_batch_is_let_go_and_then_confirmed(system: RunningSystem, open_tab: OpenTab, width: int) -> None:
    rich = Visitor(system, "rich", given_credits=1000)
    tab = open_tab(width=width)
    tab.sign_in(rich)
    tab.open("/?model=gen-4.5&goal=video")
    page = tab.page
    page.fill("textarea[name=prompt]", "four boats")
    if width < 768:
        page.click(".composer-toggle")
    page.fill("[name=count]", "4")
    page.press("[name=count]", "Tab")
    page.wait_for_selector("#generate-button:has-text('4 × 60 = 240 cr')")
    page.click("#generate-button")
    page.wait_for_selector("#confirm-sentence")
    page.click("[data-think-again]")
    page.wait_for_selector("#generate-button:has-text('Generate')")
    assert rich.balance() == (1_000_000, 0)
    page.click("#generate-button")
    page.click("#generate-button:has-text('Confirm')")
    page.wait_for_function("() => document.querySelectorAll('li.card').length === 4")
    page.wait_for_selector("#generate-button:has-text('Generate')")
    assert [line for line in tab.complaints if "409" not in line] == []


def test_a_number_that_is_typed_has_its_price_before_the_field_is_left(alice: Visitor, open_tab: OpenTab) -> None:
    tab = open_tab()
    tab.sign_in(alice)
    tab.open("/?model=flux-dev")
    field = tab.page.locator("[name=num_outputs]")
    field.click(click_count=3)
    field.press("4")
    tab.page.wait_for_selector("#generate-button:has-text('10 cr')", timeout=10_000)
    assert field.evaluate("one => one === document.activeElement")
    assert tab.complaints == []
