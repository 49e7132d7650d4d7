"""The queue as a drawer over any page: it opens, filters, follows what happens, and asks before something costs."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.front.conftest import OpenTab
from tests.visitor import Visitor

AT_REST = "() => document.getElementById('drawer').getAnimations().every(one => one.playState === 'finished')"
pytestmark = [pytest.mark.system, pytest.mark.browser]


def test_the_drawer_follows_what_happens_and_leaves_the_page_alone(alice: Visitor, open_tab: OpenTab) -> None:
    tab = open_tab()
    tab.sign_in(alice)
    page = tab.page
    page.click("#queue-button")
    page.click("#queue-all")
    page.wait_for_selector("#drawer[open] [data-jobs-empty]")
    before = len(tab.answers)
    # A program asks: the row takes its place, becomes ready, and the story that is open grows.
    second = alice.ask("came later")
    page.wait_for_selector(f"#job-{second}")
    assert page.locator("[data-jobs-empty]").count() == 0
    page.click(f"#job-row-{second}")
    page.wait_for_selector(f"#job-{second}[data-state=ended]", timeout=40_000)
    assert page.locator(f"#job-more-{second}[open] .timeline-row[data-kind=completed]").count() == 1
    pills = [" ".join(text.split()) for text in page.locator(".jobs .pill").all_text_contents()]
    assert pills == ["All 1", "Waiting 0", "At work 0", "Ended 1", "Failed 0"]
    assert [asked for asked in tab.asked_since(before) if not asked.startswith("GET /media/")] == []
    page.click("#jobs-state-failed")
    page.wait_for_selector("[data-jobs-empty]")
    third = alice.ask("not for this filter")
    page.wait_for_function("() => document.querySelector('.queue-count').textContent === '2'")
    assert page.locator(f"#job-{third}").count() == 0
    page.wait_for_function("() => document.getElementById('jobs-count-all').textContent === '2'")
    page.select_option("#jobs-kind", "video")
    page.wait_for_function("() => document.getElementById('jobs-count-all').textContent === '0'")
    alice.wait_for(third, "completed")
    assert page.locator("#jobs-count-all").inner_text() == "0"
    page.keyboard.press("Escape")
    page.wait_for_selector("#drawer:not([open])", state="attached")
    # The button is another one by now: what it counts has changed.
    page.wait_for_function("() => document.activeElement.id === 'queue-button'", timeout=10_000)
    assert page.url.rstrip("/") == tab.url.rstrip("/")
    assert tab.complaints == []


def test_pausing_moving_and_cancelling_from_the_drawer(alice: Visitor, open_tab: OpenTab) -> None:
    tab = open_tab(width=390)
    tab.sign_in(alice)
    page = tab.page
    at_work = alice.ask("at work [[slow=600]]")
    alice.wait_for(at_work, "running")
    page.click("#queue-button")
    page.click("#queue-all")
    page.click("#line-pause")
    page.wait_for_selector("#line.is-paused")
    one, two = alice.ask("one"), alice.ask("two")
    page.wait_for_selector(f"#job-{two}[data-state=waiting]")
    page.click(f"#job-row-{two}")
    page.click(f"#job-front-{two}")
    page.wait_for_selector(f"#job-{two} .timeline-row[data-kind=fronted]")
    # What waits costs nothing and is not asked about.
    page.click(f"#job-cancel-{two}")
    page.wait_for_selector(f"#job-{two}[data-stage=cancelled]")
    # What is at work may be charged: that is said first, and saying no changes nothing.
    page.click(f"#job-row-{at_work}")
    page.click(f"#job-cancel-{at_work}")
    page.wait_for_selector("#ask[open]")
    assert "up to 0.3 cr are charged" in page.inner_text("#ask")
    page.click("#ask [data-close]")
    page.wait_for_selector("#ask:not([open])", state="attached")
    assert alice.get(at_work)["status"] == "processing"
    page.click(f"#job-cancel-{at_work}")
    page.click("#ask button[value=all]")
    page.wait_for_selector(f"#job-{at_work}[data-stage=cancelled]", timeout=40_000)
    assert "Nothing was charged" in page.inner_text(f"#job-{at_work}")
    page.click("#line-pause")
    page.wait_for_selector("#line:not(.is-paused)")
    alice.wait_for(one, "completed")
    assert tab.complaints == []


@pytest.mark.parametrize(("language", "theme"), [("en-US", "light"), ("ru-RU", "dark")], ids=["english", "russian"])
def test_axe_finds_nothing(alice: Visitor, open_tab: OpenTab, language: str, theme: str) -> None:
    row = alice.ask("looked at closely")
    alice.wait_for(row, "completed")
    tab = open_tab(language=language, theme=theme)
    tab.sign_in(alice)
    for address in ("/queue/", "/queue/cancel/"):
        tab.open(address)
        assert Axe().run(tab.page).response["violations"] == []
    tab.open("/")
    tab.page.click("#queue-button")
    tab.page.click("#queue-all")
    tab.page.click(f"#job-row-{row}")
    # Colours of the drawer's coming are not those it stays in.
    tab.page.wait_for_function(AT_REST)
    assert Axe().run(tab.page).response["violations"] == []
