"""A model is found by words and keys, on a narrow screen and without scripts; a film is made of a picture."""

import pytest
from playwright.sync_api import FilePayload

from tests.front.conftest import OpenTab
from tests.media_pipeline import pictures
from tests.visitor import Visitor

pytestmark = [pytest.mark.long, pytest.mark.system, pytest.mark.browser]
KITE: FilePayload = {"name": "kite.png", "mimeType": "image/png", "buffer": pictures.encoded("PNG", 320, 180)}
READY = "[data-id][name^='inputs.']"


def test_a_model_is_found_and_taken_by_keys_alone(alice: Visitor, open_tab: OpenTab) -> None:
    tab = open_tab()
    tab.sign_in(alice)
    page = tab.page
    page.fill("textarea[name=prompt]", "a kite")
    before = len(tab.answers)
    page.focus("#model-button")
    page.keyboard.press("Enter")
    page.wait_for_selector("#picker-search:focus")
    page.keyboard.type("kling turbo")
    assert page.locator("[data-row]:visible").count() == 2
    page.keyboard.type(" nothing like it")
    page.wait_for_selector("[data-nothing]:visible")
    page.fill("#picker-search", "FLUX image")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    name = page.inner_text("[data-row]:focus .picker-name")
    page.keyboard.press("Enter")
    page.wait_for_function("name => document.querySelector('#model-name').textContent === name", arg=name)
    page.wait_for_selector("#model-button:focus")
    assert page.input_value("textarea[name=prompt]") == "a kite"
    asked = [one for one in tab.asked_since(before) if "/draft/" not in one]
    paths = [one.partition("?")[0] for one in asked]
    assert paths == ["GET /models/", "GET /composer/"]
    assert tab.complaints == []


def test_a_film_is_made_of_a_picture_on_a_narrow_screen(alice: Visitor, open_tab: OpenTab) -> None:
    tab = open_tab(language="ru-RU", width=390, has_touch=True)
    tab.sign_in(alice)
    page = tab.page
    page.click(".composer-toggle")
    page.click("#goal-video")
    page.wait_for_selector("[name=goal][value=video]", state="attached")
    page.click("#model-button")
    page.click("[data-row][href*='model=dop-lite']")
    page.wait_for_selector("[data-tray=first_frame][data-needed]")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.set_input_files("[data-tray=first_frame] [data-pick]", KITE)
    page.wait_for_selector(READY, state="attached")
    page.fill("textarea[name=prompt]", "it begins to move")
    page.click("#generate-button")
    page.wait_for_selector("li.card[data-stage=completed] .card-video", timeout=60_000)
    page.click("li.card a[href*='/result/']")
    page.wait_for_selector("#result video")
    assert tab.complaints == []


def test_without_javascript_the_models_are_a_page(alice: Visitor, open_tab: OpenTab) -> None:
    tab = open_tab(java_script_enabled=False)
    tab.sign_in(alice)
    page = tab.page
    page.click("#model-button")
    page.click("#picker-panel a")
    page.click("[data-row][href*='model=birefnet']")
    page.wait_for_selector("[name=model][value=birefnet]", state="attached")
    assert page.locator("[data-tray=image][data-needed]").count() == 1
    page.click("#goal-edit")
    page.wait_for_selector("[name=goal][value=edit]", state="attached")
