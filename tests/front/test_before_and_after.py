"""What was made of a picture is seen beside that picture, divided by a line; without a script one below the other."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.front.conftest import OpenTab, Tab
from tests.media_pipeline import pictures
from tests.visitor import Visitor

pytestmark = [pytest.mark.long, pytest.mark.system, pytest.mark.browser]
SIZE = (640, 480)
RANGE = "[data-reveal] [data-divide]"


def made(person: Visitor, model: str, prompt: str, picture: bytes | None = None, **params: object) -> str:
    """The id of a result that was made of a picture."""
    content = picture or pictures.encoded("PNG", *SIZE)
    answer = person.call("POST", "/api/upload", files={"files": ("a.png", content, "image/png")})
    wish = {"model": model, "prompt": prompt, "params": params, "inputs": {"image": [answer.json()[0]["id"]]}}
    asked = person.call("POST", "/api/generations/create", json=wish)
    assert asked.status_code == 201, asked.text
    person.wait_for(asked.json()["id"], "completed", seconds=60)
    return str(asked.json()["id"])


def ready(page: Page) -> None:
    page.wait_for_selector("[data-reveal][data-laid]")
    page.wait_for_function(
        "() => [...document.querySelectorAll('[data-reveal] img')].every(one => one.naturalWidth > 0)"
    )


@pytest.fixture
def tab(alice: Visitor, open_tab: OpenTab) -> Tab:
    opened = open_tab()
    opened.sign_in(alice)
    return opened


def test_the_line_is_drawn_by_mouse_and_moved_by_keys(alice: Visitor, tab: Tab) -> None:
    result = made(alice, "real-esrgan", "")
    tab.open(f"/result/{result}/")
    page = tab.page
    ready(page)
    assert page.get_attribute("[data-reveal]", "data-place") == "0.000 0.000 100.000 100.000"
    box = page.locator(RANGE).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 4, box["y"] + box["height"] / 2, steps=6)
    page.mouse.up()
    value = int(page.input_value(RANGE))
    assert 20 <= value <= 30
    page.press(RANGE, "ArrowRight")
    page.press(RANGE, "ArrowRight")
    assert int(page.input_value(RANGE)) == value + 2
    line = page.locator(".reveal-line").bounding_box()
    assert line is not None
    assert abs(line["x"] + line["width"] / 2 - box["x"] - box["width"] * (value + 2) / 100) < 2
    assert (
        page.evaluate("() => document.querySelector('[data-reveal]').style.getPropertyValue('--at')") == f"{value + 2}%"
    )
    # Where the line is, the one picture ends and the other begins.
    page.press(RANGE, "End")
    assert page.evaluate("() => getComputedStyle(document.querySelector('[data-before]')).clipPath") in {
        "inset(0px)",
        "inset(0px 0% 0px 0px)",
    }
    assert tab.complaints == []
    assert Axe().run(page, context=".viewer").response["violations"] == []


def test_after_expanding_the_picture_lies_where_it_lay(alice: Visitor, open_tab: OpenTab) -> None:
    margins: Any = {"margin_left": 160, "margin_top": 0, "margin_right": 0, "margin_bottom": 120}
    result = made(alice, "bria-expand", "a bay", aspect_ratio="custom", **margins)
    tab = open_tab(language="ru-RU", theme="light", width=390, has_touch=True)
    tab.sign_in(alice)
    tab.open(f"/result/{result}/")
    page = tab.page
    ready(page)
    whole, part = (page.locator(one).bounding_box() for one in ("[data-reveal] .reveal-after", "[data-original]"))
    assert whole is not None
    assert part is not None
    assert abs(part["x"] - whole["x"] - whole["width"] / 5) < 1.5
    assert abs(part["width"] / whole["width"] - 0.8) < 0.01
    assert abs(part["height"] / whole["height"] - 0.8) < 0.01
    assert page.inner_text(".reveal-word-before") == "До"
    touched = page.locator(RANGE).bounding_box()
    assert touched is not None
    page.touchscreen.tap(touched["x"] + touched["width"] * 0.8, touched["y"] + touched["height"] / 2)
    assert int(page.input_value(RANGE)) >= 70
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert tab.complaints == []


def test_behind_a_removed_background_there_are_squares(alice: Visitor, tab: Tab) -> None:
    result = made(alice, "bria-remove-background", "")
    tab.open(f"/result/{result}/")
    ready(tab.page)
    ground = tab.page.locator(".reveal-after").evaluate("one => getComputedStyle(one).backgroundImage")
    assert ground.startswith("repeating-conic-gradient")
    assert tab.complaints == []


def test_without_javascript_both_pictures_are_there(alice: Visitor, open_tab: OpenTab) -> None:
    result = made(alice, "real-esrgan", "")
    tab = open_tab(java_script_enabled=False)
    tab.sign_in(alice)
    tab.open(f"/result/{result}/")
    page = tab.page
    after, before = (page.locator(one).bounding_box() for one in (".reveal-after", "[data-original]"))
    assert after is not None
    assert before is not None
    assert before["y"] >= after["y"] + after["height"]
    assert page.locator(RANGE).is_hidden()


def test_what_was_made_of_words_has_nothing_to_be_compared_with(alice: Visitor, tab: Tab) -> None:
    result = alice.ask("a bay of words")
    alice.wait_for(result, "completed")
    tab.open(f"/result/{result}/")
    tab.page.wait_for_selector(".viewer-picture img")
    assert tab.page.locator("[data-reveal]").count() == 0
