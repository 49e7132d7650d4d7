"""In the browser an earlier prompt and an earlier file are taken up again: by keys, by search, into a tray."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import FilePayload

from tests.front.conftest import OpenTab
from tests.media_pipeline import pictures
from tests.visitor import Visitor

pytestmark = [pytest.mark.long, pytest.mark.system, pytest.mark.browser]
KITE: FilePayload = {"name": "kite.png", "mimeType": "image/png", "buffer": pictures.encoded("PNG", 320, 180)}
PROMPT = "textarea[name=prompt]"


@pytest.mark.parametrize(("width", "theme"), [(1440, "dark"), (390, "light")])
def test_an_earlier_prompt_is_found_and_taken(alice: Visitor, open_tab: OpenTab, width: int, theme: str) -> None:
    for prompt in ("a red fox", "a blue kite", "a green lamp"):
        alice.ask(prompt)
    tab = open_tab(width=width, theme=theme)
    tab.sign_in(alice)
    page = tab.page
    page.click("#past-button")
    page.wait_for_selector("#past-rows li:nth-child(3)")
    assert tab.complaints == []
    assert Axe().run(page).response["violations"] == []
    page.fill("#past [name=q]", "kite")
    page.wait_for_function("() => document.querySelectorAll('#past-rows [data-past]').length === 1")
    page.focus("#past-rows [data-past]")
    page.keyboard.press("Enter")
    assert page.input_value(PROMPT) == "a blue kite"
    assert page.locator("#past:popover-open").count() == 0
    assert page.evaluate("document.activeElement.name") == "prompt"


def test_alt_and_arrows_walk_through_what_is_no_longer_on_the_page(alice: Visitor, open_tab: OpenTab) -> None:
    # Ended, so that no card comes back by itself.
    for prompt in ("first of all", "second"):
        alice.wait_for(alice.ask(prompt), "completed", seconds=90)
    tab = open_tab()
    tab.sign_in(alice)
    page = tab.page
    page.wait_for_selector("li.card")
    page.evaluate("document.querySelectorAll('li.card').forEach((card) => card.remove())")
    page.fill(PROMPT, "begun")
    with page.expect_response("**/prompts/"):
        page.press(PROMPT, "Alt+ArrowUp")
    page.wait_for_selector("#past-rows [data-past]", state="attached")
    for expected in ("second", "first of all", "first of all"):
        page.press(PROMPT, "Alt+ArrowUp")
        assert page.input_value(PROMPT) == expected
    for _step in range(2):
        page.press(PROMPT, "Alt+ArrowDown")
    assert page.input_value(PROMPT) == "begun"


def test_a_file_that_was_added_before_is_put_into_a_tray(alice: Visitor, open_tab: OpenTab) -> None:
    tab = open_tab()
    tab.sign_in(alice)
    tab.open("/?model=flux-2-pro")
    page = tab.page
    page.set_input_files("[data-tray=image] [data-pick]", KITE)
    page.wait_for_selector("[data-id][name='inputs.image']", state="attached")
    tab.open("/?model=flux-dev")
    page.click("[data-tray=image] [data-recent]")
    page.wait_for_selector("#recent-image [data-recent-file] img")
    assert tab.complaints == []
    assert Axe().run(page).response["violations"] == []
    page.click("#recent-image [data-recent-file]")
    page.wait_for_selector("[data-tray=image] [data-id][name='inputs.image']", state="attached")
    assert page.locator("[data-tray=image] [data-file]").count() == 1
    page.fill(PROMPT, "made of what was there")
    page.click("#generate-button")
    page.wait_for_selector("li.card")
    rows = alice.system.query(
        "SELECT count(*) FROM generations_input i JOIN generations_generation g ON "
        "g.id = i.generation_id WHERE g.user_id = %s",
        alice.id,
    )
    assert rows == [(1,)]


def test_without_javascript_both_lists_are_pages(alice: Visitor, open_tab: OpenTab) -> None:
    alice.ask("plain words")
    tab = open_tab(java_script_enabled=False)
    tab.sign_in(alice)
    page = tab.page
    page.click("#past-button")
    page.click("#past a.past-row")
    page.fill("[name=q]", "plain")
    page.press("[name=q]", "Enter")
    page.click("[data-past]")
    assert page.input_value(PROMPT) == "plain words"
