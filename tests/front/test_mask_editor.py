"""A mask is drawn over a picture with mouse, finger and keys, and arrives at the provider as it was drawn."""

import io
import re
from typing import Any

import numpy as np
import pytest
import requests
from PIL import Image
from playwright.sync_api import Page

from tests.front.conftest import OpenTab, Tab
from tests.front.test_files_in_the_composer import file
from tests.media_pipeline import pictures
from tests.visitor import Visitor

pytestmark = [pytest.mark.long, pytest.mark.system, pytest.mark.browser]
SIZE = (640, 480)
MASK = "[data-tray=mask] [data-id][name='inputs.mask']"
DONE = "[data-act=done]"
# Where a point of the picture is on the screen: the editor shows the whole of it, in the middle.
PLACE = """([[width, height], [x, y]]) => {
  const box = document.querySelector(".editor-canvas").getBoundingClientRect();
  const scale = Math.min((box.width - 64) / width, (box.height - 64) / height);
  return [box.x + (box.width - width * scale) / 2 + x * scale, box.y + (box.height - height * scale) / 2 + y * scale];
}"""


def on_screen(page: Page, x: float, y: float) -> tuple[float, float]:
    left, top = page.evaluate(PLACE, [SIZE, [x, y]])
    return left, top


def drag(page: Page, *points: tuple[float, float]) -> None:
    page.mouse.move(*on_screen(page, *points[0]))
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*on_screen(page, *point), steps=4)
    page.mouse.up()


def open_editor(tab: Tab) -> Page:
    tab.open("/inpaint/?model=bria-genfill")
    page = tab.page
    page.set_input_files("[data-tray=image] [data-pick]", [file(pictures.encoded("PNG", *SIZE))])
    page.wait_for_selector("[data-tray=image] [data-file][data-full]")
    page.click("[data-draw]")
    page.wait_for_selector("#mask-editor[open]")
    return page


def use(page: Page) -> None:
    page.click(DONE)
    page.wait_for_selector("#mask-editor:not([open])", state="attached")
    page.wait_for_selector(MASK, state="attached")


def generate(page: Page, prompt: str) -> None:
    page.fill("textarea[name=prompt]", prompt)
    page.click("#generate-button")
    page.wait_for_selector("li.card[data-stage=completed]", timeout=60_000)


def arrived(alice: Visitor, prompt: str, field: str) -> "np.ndarray[Any, Any]":
    """The file that the provider was given in this field, in grey."""
    [call] = alice.journal(prompt)
    [address] = re.findall(rf"'{field}': '([^']+)'", str(call))
    answer = requests.get(address, timeout=10)
    with Image.open(io.BytesIO(answer.content)) as image:
        return np.asarray(image.convert("L"))


@pytest.fixture
def tab(alice: Visitor, open_tab: OpenTab) -> Tab:
    opened = open_tab()
    opened.sign_in(alice)
    return opened


def test_what_is_drawn_is_what_the_provider_gets(alice: Visitor, tab: Tab) -> None:
    page = open_editor(tab)
    page.keyboard.press("r")
    drag(page, (100, 100), (300, 220))
    page.keyboard.press("e")
    page.fill("[data-size]", "40")
    drag(page, (200, 160), (201, 160))
    page.keyboard.press("l")
    drag(page, (400, 100), (600, 100), (600, 300), (400, 100))
    page.keyboard.press("b")
    drag(page, (100, 400), (300, 400))
    page.keyboard.press("Control+z")
    use(page)
    generate(page, "a window with a view")
    mask = arrived(alice, "a window with a view", "mask_url")
    rows, columns = np.mgrid[0 : SIZE[1], 0 : SIZE[0]] + 0.5
    wanted = (columns > 100) & (columns < 300) & (rows > 100) & (rows < 220)
    wanted &= np.hypot(columns - 200.5, rows - 160) > 20
    wanted |= (columns > 400) & (rows > 100) & (rows < 100 + (columns - 400)) & (columns < 600)
    assert mask.shape == wanted.shape
    # Pixel for pixel, but for the edge: a point of the screen is a part of one.
    assert np.count_nonzero((mask > 127) != wanted) < 0.006 * wanted.size
    far = np.hypot(columns - 200, rows - 160) < 15
    assert mask[far].max() == 0
    assert mask[130:140, 110:120].min() == 255
    assert tab.complaints == []


def test_a_frame_drawn_larger_takes_the_picture_along(alice: Visitor, tab: Tab) -> None:
    page = open_editor(tab)
    page.keyboard.press("f")
    drag(page, (640, 240), (720, 240))
    # By keys: from the middle a step to the left, then a rectangle from there to the middle.
    for key in ("ArrowLeft", "Enter", "ArrowRight", "ArrowDown", "Enter"):
        page.press(".editor-canvas", key)
    width, height = map(int, page.inner_text("[data-readout]").split(" × "))
    assert height == SIZE[1]
    assert abs(width - 720) <= 2
    use(page)
    page.wait_for_selector("[data-tray=image] [data-file][data-full]")
    generate(page, "more sea to the right")
    mask, picture = (arrived(alice, "more sea to the right", field) for field in ("mask_url", "image_url"))
    assert mask.shape == picture.shape == (height, width)
    assert mask[:, SIZE[0] :].min() == 255
    assert mask[:200].T[: SIZE[0]].max() == 0
    assert mask[242, 318] == 255
    original = np.asarray(pictures.scene(*SIZE).convert("L")).astype(int)
    assert abs(picture[:, : SIZE[0]].astype(int) - original).mean() < 3
    assert tab.complaints == []


def test_a_finger_draws_two_move_and_nothing_is_lost_by_closing(alice: Visitor, open_tab: OpenTab) -> None:
    tab = open_tab(language="ru-RU", theme="light", width=390, has_touch=True)
    tab.sign_in(alice)
    page = tab.page
    tab.open("/inpaint/?model=bria-eraser")
    page.tap("[data-draw]")
    assert "Сначала добавьте картинку" in page.inner_text("#draw-needs-picture")
    page.set_input_files("[data-tray=image] [data-pick]", [file(pictures.encoded("PNG", *SIZE))])
    page.wait_for_selector("#draw-needs-picture", state="hidden", timeout=10_000)
    page = open_editor(tab)
    assert page.is_disabled(DONE)
    page.touchscreen.tap(*on_screen(page, 320, 240))
    page.wait_for_selector(f"{DONE}:enabled")
    page.tap("#mask-editor [data-act=close]")
    page.tap("[data-draw]")
    page.wait_for_selector(f"{DONE}:enabled")
    fingers = page.context.new_cdp_session(page)
    middle = on_screen(page, 320, 240)
    for kind, apart in (("touchStart", 40), ("touchMove", 80), ("touchMove", 120)):
        points = [{"x": middle[0] + side * apart, "y": middle[1], "id": side + 1} for side in (-1, 1)]
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    fingers.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    use(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    [saved] = page.evaluate(
        "Object.entries(sessionStorage).filter(([key]) => key.startsWith('mask:')).map(([, saved]) => saved)"
    )
    # The tap, and nothing of the two fingers.
    assert saved.count('"kind"') == 1
    assert tab.complaints == []
