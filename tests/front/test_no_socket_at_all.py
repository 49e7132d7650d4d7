"""Behind a proxy that lets no socket through, a page still sees its pictures come, and asks no more than it should."""

import time

import pytest
from playwright.sync_api import WebSocketRoute

from tests.front.conftest import HIDDEN, OpenTab, Tab
from tests.visitor import Visitor

pytestmark = [pytest.mark.system, pytest.mark.browser]
# As if the proxy refused to upgrade: the address is there for no socket.
BLOCKED = """
const Real = WebSocket;
window.isBlocked = true;
window.WebSocket = class extends Real {
  constructor(url) {
    super(window.isBlocked ? url.replace("/ws/live/", "/docs/") : url);
  }
};
"""


def asked(tab: Tab) -> int:
    return sum("/changes/" in answer.url for answer in tab.answers)


def test_a_page_without_a_socket_asks_seldom_and_only_while_it_is_seen(alice: Visitor, open_tab: OpenTab) -> None:
    tab = open_tab()
    page = tab.page
    page.add_init_script(BLOCKED)
    page.clock.install()
    tab.sign_in(alice)
    page.fill("textarea[name=prompt]", "a kite behind a proxy")
    begun = time.monotonic()
    page.click("#generate-button")
    page.wait_for_selector("li.card[data-stage=completed] img", timeout=60_000)
    assert 1 <= asked(tab) <= (time.monotonic() - begun) / 2 + 3
    assert page.evaluate("document.body.dataset.live") == "off"
    assert page.locator("#away").is_hidden()

    # Nothing changes any more: the pauses grow to fifteen seconds.
    for seconds in (4, 6, 9, 13):
        with page.expect_response("**/changes/**"):
            page.clock.fast_forward(seconds * 1000)
    before = asked(tab)
    page.clock.fast_forward(8_000)
    page.evaluate(HIDDEN, True)
    page.clock.fast_forward(120_000)
    assert asked(tab) <= before + 1

    with page.expect_response("**/changes/**"):
        page.evaluate(HIDDEN, False)
        page.clock.fast_forward(2_100)
    page.evaluate("window.isBlocked = false")
    page.clock.fast_forward(31_000)
    page.wait_for_function("() => document.body.dataset.live === 'on'")
    before = asked(tab)
    page.clock.fast_forward(120_000)
    generation = alice.ask("by socket again")
    page.wait_for_selector(f"#generation-{generation}[data-stage=completed] img", timeout=60_000)
    assert asked(tab) <= before + 1


@pytest.mark.parametrize("code", [4013, 1011], ids=["full", "broken"])
def test_a_socket_that_opens_and_is_closed_at_once_is_none(alice: Visitor, open_tab: OpenTab, code: int) -> None:
    tab = open_tab()
    page = tab.page
    opened: list[WebSocketRoute] = []

    def turn_away(route: WebSocketRoute) -> None:
        opened.append(route)
        route.on_message(lambda _message: route.close(code=code))

    page.route_web_socket("**/ws/live/", turn_away)
    tab.sign_in(alice)
    with page.expect_response("**/changes/**", timeout=30_000):
        pass
    # After one that is full at once, else after the second; two seconds later it asks. It tries on ever less often.
    assert len(opened) <= 6
