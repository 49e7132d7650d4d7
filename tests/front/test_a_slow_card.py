"""A card that takes longer than almost all before it says so while it is looked at, and tells a screen reader once."""

import pytest
import requests

from tests.front.conftest import OpenTab
from tests.system import RunningSystem
from tests.visitor import Visitor

pytestmark = [pytest.mark.system, pytest.mark.browser]
SLOW = "li.card [data-slow]"


def test_a_card_becomes_slow_before_ones_eyes(system: RunningSystem, alice: Visitor, open_tab: OpenTab) -> None:
    tab = open_tab()
    page = tab.page
    page.clock.install()
    fault = {"match": "a slow kite", "fault": "slow", "value": "600", "times": 1}
    requests.post(f"{system.sandbox_url}/control/faults", json=fault, timeout=10).raise_for_status()
    generation = alice.ask("a slow kite")
    alice.wait_for(generation, "running")
    changed = "UPDATE generations_generation SET expected_seconds = 4, slow_seconds = 300 WHERE id = %s RETURNING id"
    system.query(changed, generation)
    tab.sign_in(alice)
    page.wait_for_selector("li.card [data-usual]:visible")
    assert "almost always under 300 s" in page.inner_text("li.card [data-usual]")
    assert page.locator(SLOW).is_hidden()
    page.clock.fast_forward(301_000)
    page.wait_for_selector(f"{SLOW}:visible")
    words = page.inner_text(SLOW)
    assert "Nothing is lost and nothing more is charged" in words
    assert page.text_content("#say") == words
    assert page.locator("li.card [data-usual]").is_hidden()


def test_a_narrow_card_that_waits_shows_whole_lines(alice: Visitor, open_tab: OpenTab) -> None:
    tab = open_tab(width=390, language="ru-RU")
    tab.sign_in(alice)
    tab.page.click("#queue-button")
    tab.page.click("#queue-all")
    tab.page.click("#line-pause")
    tab.page.wait_for_selector("#line.is-paused")
    generation = alice.ask("Кот на крыше под дождём, фонари и мокрая черепица")
    tab.open("/")
    lines = """([prompt, frame]) => {
        const [end, last] = [frame, frame.querySelector(".meter")].map(one => one.getBoundingClientRect().bottom);
        return [prompt.clientHeight / parseFloat(getComputedStyle(prompt).lineHeight), last < end];
    }"""
    card = tab.page.locator(f"#generation-{generation}")
    prompt, frame = (card.locator(one).element_handle() for one in (".card-prompt", ".card-frame"))
    number, is_inside = tab.page.evaluate(lines, [prompt, frame])
    assert number == pytest.approx(round(number), abs=0.1)
    assert number >= 1
    assert is_inside
