"""In the browser an earlier prompt, file or work is taken up again: by keys, by search, into a tray."""

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


def test_what_comes_answers_as_soon_as_it_is_there(alice: Visitor, open_tab: OpenTab) -> None:
    tab = open_tab()
    tab.sign_in(alice)
    page = tab.page
    page.evaluate("""
      new MutationObserver((changes, observer) => {
        const field = document.querySelector("#past [data-past-search]");
        if (!field) return;
        observer.disconnect();
        field.value = "kite";
        field.dispatchEvent(new Event("input", { bubbles: true }));
      }).observe(document.querySelector("#past"), { childList: true, subtree: true });
    """)
    with page.expect_response("**/prompts/?q=kite*"):
        page.click("#past-button")
    assert tab.complaints == []


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
    page.click("[data-tray=image] [data-add]")
    page.click("#add-image [data-sheet=recent-image]")
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


@pytest.mark.parametrize(("width", "theme", "language"), [(1440, "dark", "en-US"), (390, "light", "ru-RU")])
def test_the_newest_result_and_a_work_of_the_library_are_put_into_a_tray(
    alice: Visitor, open_tab: OpenTab, width: int, theme: str, language: str
) -> None:
    for prompt in ("a red fox", "a blue kite"):
        alice.wait_for(alice.ask(prompt), "completed", seconds=90)
    tab = open_tab(width=width, theme=theme, language=language, has_touch=width < 768)
    tab.sign_in(alice)
    tab.open("/?model=flux-2-pro")
    page = tab.page
    press = page.tap if width < 768 else page.click
    page.wait_for_selector("li.card [data-made=image] img")
    if width < 768:
        press(".composer-toggle")
    press("[data-tray=image] [data-add]")
    page.wait_for_selector("#add-image [data-newest] img")
    box = page.locator("#add-image").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert box["y"] + box["height"] <= 900
    assert Axe().run(page).response["violations"] == []
    # One press.
    press("#add-image [data-newest]")
    newest = page.locator("li.card [data-made=image]").first.get_attribute("data-recent-file")
    page.wait_for_selector(f"[data-tray=image] [data-id][name='inputs.image'][value='{newest}']", state="attached")
    assert page.inner_text("#say")
    assert page.evaluate("document.activeElement.hasAttribute('data-add')")
    # By keys alone, and found by a word.
    page.keyboard.press("Enter")
    page.wait_for_selector("#add-image [data-newest]:focus")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_selector("#works-image:popover-open [data-recent-file] >> nth=1")
    assert Axe().run(page).response["violations"] == []
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.hasAttribute('data-add')")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_selector("#works-image [data-past-search]")
    page.focus("#works-image [data-past-search]")
    page.keyboard.type("fox")
    page.wait_for_function("() => document.querySelectorAll('#works-image [data-recent-file]').length === 1")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.querySelectorAll('[data-tray=image] [data-full]').length === 2")
    assert page.locator("#works-image:popover-open").count() == 0
    assert page.evaluate("document.activeElement.hasAttribute('data-add')")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert tab.complaints == []
    page.fill(PROMPT, "of both")
    page.click("#generate-button")
    page.wait_for_selector("li.card:has-text('of both')")
    rows = alice.system.query(
        "SELECT i.asset_id::text FROM generations_input i JOIN generations_generation g ON g.id = i.generation_id "
        "WHERE g.user_id = %s ORDER BY i.index",
        alice.id,
    )
    assert rows[0] == (newest,)
    assert len(rows) == 2


def test_where_there_is_room_for_one_what_was_taken_has_the_focus(alice: Visitor, open_tab: OpenTab) -> None:
    alice.wait_for(alice.ask("a red fox"), "completed", seconds=90)
    tab = open_tab()
    tab.sign_in(alice)
    tab.open("/?model=flux-kontext-pro&goal=edit")
    page = tab.page
    page.wait_for_selector("li.card [data-made=image]")
    page.click("[data-tray=image] [data-add]")
    page.click("#add-image [data-newest]")
    page.wait_for_selector("[data-tray=image][data-full] [data-remove]:focus")
    assert tab.complaints == []


def test_a_work_that_finds_its_tray_full_is_refused_in_words(alice: Visitor, open_tab: OpenTab) -> None:
    alice.wait_for(alice.ask("a red fox"), "completed", seconds=90)
    tab = open_tab()
    tab.sign_in(alice)
    tab.open("/?model=qwen-image-2&goal=edit")
    page = tab.page
    page.click("[data-tray=image] [data-add]")
    page.click("#add-image [data-sheet=works-image]")
    page.wait_for_selector("#works-image [data-recent-file]")
    # While one looks for it, files that were pasted take every place, and every one beside the places.
    places = 3 + int(page.locator("[data-trays]").get_attribute("data-spares") or 0)
    page.set_input_files("[data-tray=image] [data-pick]", [KITE] * places)
    page.click("#works-image [data-recent-file]")
    refusal = page.wait_for_selector("[data-tray=image] [data-problems] .field-error")
    assert refusal is not None
    assert refusal.inner_text() == (
        "a red fox There is no place for this file. Nothing was sent or charged. Take another one out first."
    )
    assert page.locator("[data-tray=image] [data-file]").count() == places
    assert tab.complaints == []


def test_without_javascript_the_lists_are_pages(alice: Visitor, open_tab: OpenTab) -> None:
    work = alice.ask("plain words")
    tab = open_tab(java_script_enabled=False)
    tab.sign_in(alice)
    page = tab.page
    page.click("#past-button")
    page.click("#past a.past-row")
    page.fill("[name=q]", "plain")
    page.press("[name=q]", "Enter")
    page.click("[data-past]")
    assert page.input_value(PROMPT) == "plain words"
    alice.wait_for(work, "completed", seconds=90)
    tab.open("/?model=flux-2-pro")
    page.click("[data-tray=image] [data-add]")
    page.click("#add-image [data-sheet=works-image]")
    page.fill("[name=q]", "plain")
    page.press("[name=q]", "Enter")
    page.click("[data-recent-file]")
    page.wait_for_selector("[name=model][value=flux-2-pro]", state="attached")
    assert page.locator("[name='inputs.image']:checked").count() == 1
