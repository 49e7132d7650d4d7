"""A frame is drawn round a picture with mouse, finger, keys and numbers, and the provider is told what was drawn."""

import base64
import io
import re
from typing import Any

import numpy as np
import pytest
import requests
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Page

from tests.front.conftest import OpenTab, Tab
from tests.front.test_files_in_the_composer import file
from tests.media_pipeline import pictures
from tests.visitor import Visitor

pytestmark = [pytest.mark.long, pytest.mark.system, pytest.mark.browser]
SIZE = (640, 480)
AFTER = "#framing [data-size-after]"


def handle(sides: str) -> str:
    return f"#framing .framing-handle[data-sides='{sides}']"


def open_editor(tab: Tab, model: str) -> Page:
    tab.open(f"/expand/?model={model}")
    page = tab.page
    page.wait_for_selector("#framing[data-empty]")
    page.set_input_files("[data-tray=image] [data-pick]", [file(pictures.encoded("PNG", *SIZE))])
    page.wait_for_selector("#framing:not([data-empty])")
    page.wait_for_function("() => document.querySelector('#framing [data-size-after]').textContent")
    return page


def scale_of(page: Page) -> float:
    """Pixels of the screen for one of the picture."""
    return float(page.locator("#framing [data-source]").evaluate("one => one.getBoundingClientRect().width")) / SIZE[0]


def centre(page: Page, selector: str) -> tuple[float, float]:
    box = page.locator(selector).bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page: Page, selector: str, by_x: float, by_y: float) -> None:
    """By so many pixels of the picture."""
    x, y = centre(page, selector)
    scale = scale_of(page)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + by_x * scale, y + by_y * scale, steps=5)
    page.mouse.up()


def margins(page: Page) -> list[int]:
    """Left, top, right, bottom, as the numbers below the frame say."""
    return [int(page.input_value(f"[data-margin={side}]")) for side in ("left", "top", "right", "bottom")]


def generate(page: Page, prompt: str) -> None:
    page.fill("textarea[name=prompt]", prompt)
    page.click("#generate-button")
    page.wait_for_selector("li.card[data-stage=completed]", timeout=60_000)


def said(alice: Visitor, prompt: str) -> str:
    """What the sandbox accepted."""
    [call] = alice.journal(prompt)
    return str(call)


@pytest.fixture
def tab(alice: Visitor, open_tab: OpenTab) -> Tab:
    opened = open_tab()
    opened.sign_in(alice)
    return opened


def test_what_is_drawn_is_the_canvas_the_provider_gets(alice: Visitor, tab: Tab) -> None:
    page = open_editor(tab, "bria-expand")
    # Where nothing was drawn, the frame is what the settings ask for: a square.
    assert margins(page) == [0, 80, 0, 80]
    page.click("#framing [data-shape='16:9']")
    assert margins(page) == [106, 0, 107, 0]
    drag(page, handle("right"), 93, 0)
    drag(page, handle("left top"), 60, -64)
    left, top, right, bottom = margins(page)
    assert (abs(left - 46) <= 2, abs(top - 64) <= 2, abs(right - 200) <= 2, bottom) == (True, True, True, 0)
    page.press(handle("bottom"), "ArrowDown")
    page.press(handle("bottom"), "Shift+ArrowDown")
    assert margins(page) == [left, top, right, 17]
    page.fill("[data-margin=left]", "33")
    page.press("[data-margin=left]", "Tab")
    page.click("[data-act=frame-undo]")
    assert margins(page) == [left, top, right, 17]
    page.press(handle("bottom"), "Control+y")
    assert margins(page) == [33, top, right, 17]
    # The picture moves in its frame.
    drag(page, "#framing [data-source]", 20, 0)
    left, top, right, bottom = margins(page)
    assert abs(left - 53) <= 2
    width, height = SIZE[0] + left + right, SIZE[1] + top + bottom
    assert page.inner_text(AFTER) == f"{width} × {height}"
    page.wait_for_selector(f"#framing-now[data-drawn='{left} {top} {right} {bottom}']", state="attached")
    assert page.inner_text("#framing [data-price]") == page.inner_text("#generate .generate-price")
    generate(page, "more of the bay")
    call = said(alice, "more of the bay")
    assert f"'canvas_size': [{width}, {height}]" in call
    assert f"'original_image_size': [{SIZE[0]}, {SIZE[1]}]" in call
    assert f"'original_image_location': [{left}, {top}]" in call
    assert "aspect_ratio" not in call
    card = page.locator("li.card[data-stage=completed] img").first
    assert (card.get_attribute("width"), card.get_attribute("height")) == (str(width), str(height))
    assert tab.complaints == []


def test_a_model_that_takes_shapes_gets_the_nearest(alice: Visitor, tab: Tab) -> None:
    page = open_editor(tab, "luma-photon-reframe")
    page.click("#framing [data-shape='1:1']")
    drag(page, handle("bottom"), 0, 400)
    assert page.inner_text(AFTER).startswith("9:16")
    page.press(handle("right"), "ArrowRight")
    assert page.is_checked("[name=aspect_ratio][value='3:4']")
    page.wait_for_function(
        "() => document.querySelector('#framing [data-size-after]').textContent === '3:4 · 888 × 1184'"
    )
    assert page.locator("#framing .framing-margins").is_hidden()
    assert page.locator("#framing [data-shape='5:4']").is_hidden()
    generate(page, "a tall wood")
    assert "'aspect_ratio': '3:4'" in said(alice, "a tall wood")
    assert tab.complaints == []


def test_a_model_that_takes_masks_gets_the_larger_picture_and_what_is_new(alice: Visitor, tab: Tab) -> None:
    page = open_editor(tab, "flux-fill-pro")
    drag(page, handle("right"), 120, 0)
    page.fill("[data-margin=top]", "40")
    page.press("[data-margin=top]", "Enter")
    left, top, right, bottom = margins(page)
    assert top == 40
    generate(page, "a wider pier")
    [call] = alice.journal("a wider pier")
    mask, picture = (arrived(call, field) for field in ("mask", "image"))
    assert mask.shape == picture.shape == (SIZE[1] + top + bottom, SIZE[0] + left + right)
    inner = (slice(top, top + SIZE[1]), slice(left, left + SIZE[0]))
    assert mask[inner].max() == 0
    assert mask[:top].min() == 255
    if right:
        assert mask[:, -right:].min() == 255
    original = np.asarray(pictures.scene(*SIZE).convert("L")).astype(int)
    assert abs(picture[inner].astype(int) - original).mean() < 3
    # The picture that was chosen is still the one to go on from.
    assert page.locator("[data-tray=image] [data-file]").count() == 1
    assert page.locator("#composer > [name='inputs.mask']").count() == 0
    assert tab.complaints == []


def arrived(call: dict[str, Any], field: str) -> "np.ndarray[Any, Any]":
    """The file that the provider was given in this field, in grey."""
    [address] = re.findall(rf"'{field}': '([^']+)'", str(call))
    is_inline = address.startswith("data:")
    content = base64.b64decode(address.split(",")[1]) if is_inline else requests.get(address, timeout=10).content
    with Image.open(io.BytesIO(content)) as image:
        return np.asarray(image.convert("L"))


def test_a_finger_draws_within_the_limits_of_the_model(alice: Visitor, open_tab: OpenTab) -> None:
    tab = open_tab(language="ru-RU", theme="light", width=390, has_touch=True)
    tab.sign_in(alice)
    page = open_editor(tab, "bria-expand")
    page.tap("#framing [data-shape='1:1']")
    before = margins(page)
    page.evaluate("window.scrollTo(0, 0)")
    fingers = page.context.new_cdp_session(page)
    x, y = centre(page, handle("top"))
    for kind, up in (("touchStart", 0), ("touchMove", 20), ("touchMove", 40)):
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y - up}]})
    fingers.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_function("top => Number(document.querySelector('[data-margin=top]').value) > top", arg=before[1])
    page.fill("[data-margin=right]", "9999")
    page.press("[data-margin=right]", "Enter")
    assert margins(page)[2] == 4000
    page.fill("[data-margin=left]", "4000")
    page.press("[data-margin=left]", "Enter")
    assert margins(page)[0] == 5000 - 4000 - SIZE[0]
    assert page.inner_text("#framing [data-limit]") == "предел модели"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert tab.complaints == []
    assert Axe().run(page, context="#framing").response["violations"] == []


def test_another_goal_and_another_model_have_their_own_frame(tab: Tab) -> None:
    page = open_editor(tab, "bria-expand")
    page.click("#goal-image")
    page.wait_for_selector("#framing", state="hidden")
    page.click("#goal-expand")
    page.wait_for_selector("#framing:not([hidden])")
    assert tab.complaints == []
    assert Axe().run(page, context="#framing").response["violations"] == []


def test_without_javascript_the_fields_say_the_frame(alice: Visitor, open_tab: OpenTab, tmp_path: Any) -> None:
    tab = open_tab(java_script_enabled=False)
    tab.sign_in(alice)
    tab.open("/expand/?model=bria-expand")
    page = tab.page
    assert page.locator("#framing").is_hidden()
    picture = tmp_path / "bay.png"
    picture.write_bytes(pictures.encoded("PNG", *SIZE))
    page.set_input_files("input[name='files.image']", picture)
    page.check("[name=aspect_ratio][value=custom]")
    for side, pixels in (("left", 64), ("top", 0), ("right", 32), ("bottom", 16)):
        page.fill(f"[name=margin_{side}]", str(pixels))
    page.fill("textarea[name=prompt]", "plain margins")
    page.click("#generate-button")
    page.wait_for_selector("li.card")
    ((generation,),) = alice.system.query("SELECT id FROM generations_generation WHERE user_id = %s", alice.id)
    alice.wait_for(str(generation), "completed")
    call = said(alice, "plain margins")
    assert "'canvas_size': [736, 496]" in call
    assert "'original_image_location': [64, 0]" in call
