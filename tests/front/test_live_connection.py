"""A page notices by itself that nobody speaks to it any more, and that its person was signed out elsewhere."""

import pytest

from tests.front.conftest import OpenTab
from tests.system import RunningSystem
from tests.visitor import Visitor

pytestmark = [pytest.mark.system, pytest.mark.browser]
IS_LIVE = "() => document.body.dataset.live === 'on'"


def test_a_connection_that_died_without_a_word_is_made_anew(
    system: RunningSystem, alice: Visitor, open_tab: OpenTab
) -> None:
    tab = open_tab()
    page = tab.page
    page.clock.install()
    tab.sign_in(alice)
    page.wait_for_function(IS_LIVE)
    before = len(tab.answers)
    system.pause("live")
    try:
        with page.expect_websocket():
            page.clock.fast_forward(61_000)
        page.wait_for_function("() => !document.getElementById('away').hidden")
    finally:
        system.resume("live")
    page.wait_for_function(IS_LIVE)
    page.wait_for_function("() => document.getElementById('away').hidden")
    assert tab.asked_since(before) == []


def test_a_wish_sent_after_signing_out_elsewhere_is_there_again_after_signing_in(
    alice: Visitor, open_tab: OpenTab
) -> None:
    tab = open_tab()
    tab.sign_in(alice)
    page = tab.page
    page.wait_for_function(IS_LIVE)
    page.fill("textarea[name=prompt]", "a kite that must not be lost")
    page.context.clear_cookies(name="sessionid")
    page.click("#generate-button")
    page.wait_for_url("**/accounts/login/**")
    tab.sign_in(alice)
    assert page.input_value("textarea[name=prompt]") == "a kite that must not be lost"


def test_an_answer_that_got_lost_does_not_block_the_next_wish(alice: Visitor, open_tab: OpenTab) -> None:
    tab = open_tab()
    tab.sign_in(alice)
    page = tab.page
    key = page.input_value("#composer [name=idempotency_key]")
    page.fill("textarea[name=prompt]", "answered")
    page.click("#generate-button")
    page.wait_for_selector("li.card")
    # As if the first answer had not arrived.
    page.evaluate("key => (document.querySelector('#composer [name=idempotency_key]').value = key)", key)
    page.fill("textarea[name=prompt]", "edited")
    page.click("#generate-button")
    page.wait_for_selector("#composer-notice .notice")
    page.click("#generate-button")
    page.wait_for_function("() => document.querySelectorAll('li.card').length === 2")


def test_a_page_that_was_one_too_many_and_is_live_again_no_longer_says_so(alice: Visitor, open_tab: OpenTab) -> None:
    tab = open_tab()
    tab.sign_in(alice)
    page = tab.page
    page.wait_for_function(IS_LIVE)
    # As the goodbye 4409 leaves it.
    page.evaluate("document.getElementById('crowded').hidden = false")
    with page.expect_websocket():
        page.evaluate("window.dispatchEvent(new Event('online'))")
    page.wait_for_function("() => document.getElementById('crowded').hidden")
