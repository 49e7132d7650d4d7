"""Files reach the composer by button, paste and drop, are sent at once, and go with the wish."""

import re
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, Route

from tests.front.conftest import OpenTab, Tab
from tests.media_pipeline import pictures
from tests.visitor import Visitor

pytestmark = [pytest.mark.long, pytest.mark.system, pytest.mark.browser]
TILE = "[data-tray=image] [data-file]"
READY = "[data-tray=image] [data-id][name='inputs.image']"
# A drop or a paste as the browser makes one of a file.
HAND_OVER = """([kind, target, bytes, type, name]) => {
  const data = new DataTransfer();
  data.items.add(new File([new Uint8Array(bytes)], name, {type}));
  const more = {bubbles: true, cancelable: true};
  const event = kind === 'paste'
    ? new ClipboardEvent(kind, {...more, clipboardData: data})
    : new DragEvent(kind, {...more, dataTransfer: data});
  document.querySelector(target).dispatchEvent(event);
}"""


def file(content: bytes | None = None, name: str = "kite.png", kind: str = "image/png") -> Any:
    return {"name": name, "mimeType": kind, "buffer": pictures.encoded() if content is None else content}


def hand_over(page: Page, kind: str, target: str, content: bytes) -> None:
    page.evaluate(HAND_OVER, [kind, target, list(content), "image/png", "kite.png"])


@pytest.fixture
def tab(alice: Visitor, open_tab: OpenTab) -> Tab:
    opened = open_tab()
    opened.sign_in(alice)
    opened.open("/?model=flux-2-pro")
    return opened


def slots_of(alice: Visitor, prompt: str) -> list[str]:
    rows = alice.system.query(
        "SELECT i.slot FROM generations_input i JOIN generations_generation g ON g.id = i.generation_id "
        "WHERE g.user_id = %s AND g.prompt = %s ORDER BY i.index",
        alice.id,
        prompt,
    )
    return [str(slot) for (slot,) in rows]


def test_a_chosen_file_is_sent_at_once_and_becomes_a_picture(alice: Visitor, tab: Tab) -> None:
    page = tab.page
    before = len(tab.answers)
    page.set_input_files("[data-tray=image] [data-pick]", [file(), file(name="second.png")])
    page.wait_for_function("selector => document.querySelectorAll(selector).length === 2", arg=READY)
    assert tab.asked_since(before).count("POST /api/upload") == 2
    assert re.fullmatch(r"2 / \d+", page.inner_text("[data-tray=image] .tray-count"))
    page.fill("textarea[name=prompt]", "made of two")
    page.click("#generate-button")
    page.wait_for_selector("li.card[data-stage=completed] img", timeout=40_000)
    assert slots_of(alice, "made of two") == ["image", "image"]
    assert tab.complaints == []


def test_a_picture_is_pasted_and_text_stays_text(tab: Tab) -> None:
    page = tab.page
    hand_over(page, "paste", "textarea[name=prompt]", pictures.encoded())
    page.wait_for_selector(READY, state="attached")
    assert page.locator(TILE).count() == 1
    assert page.input_value("textarea[name=prompt]") == ""
    assert tab.complaints == []


def test_a_file_over_the_page_shows_where_it_can_be_dropped(tab: Tab) -> None:
    page = tab.page
    before = page.locator("label.tray-button").evaluate("one => getComputedStyle(one).backgroundColor")
    hand_over(page, "dragover", "[data-tray=image]", b"")
    page.wait_for_function(
        "before => getComputedStyle(document.querySelector('.tray-button')).backgroundColor !== before", arg=before
    )
    assert page.locator("[data-tray=image][data-over]").count() == 1
    hand_over(page, "drop", "#stream", pictures.encoded())
    page.wait_for_selector(READY, state="attached")
    assert page.locator("[data-dragging]").count() == 0
    assert tab.complaints == []


def test_a_file_that_cannot_be_used_says_why_and_what_to_do(tab: Tab) -> None:
    page = tab.page
    before = len(tab.answers)
    page.set_input_files("[data-pick]", file(b"0" * (10 * 1_048_576 + 1), "heavy.png"))
    page.wait_for_selector("text=This file is larger than 10 MB.")
    page.set_input_files("[data-pick]", file(b"words", "notes.txt", "text/plain"))
    page.wait_for_selector("text=A picture belongs here")
    assert page.locator("[data-problems] .field-error").count() == 1
    assert [asked for asked in tab.asked_since(before) if "upload" in asked] == []
    page.set_input_files("[data-pick]", file(b"\x89PNG\r\n\x1a\n" + b"0" * 40, "torn.png"))
    page.wait_for_selector("text=This file is damaged or cut off")
    assert "torn.png" in page.inner_text("[data-tray=image] [data-problems]")
    assert page.locator(TILE).count() == 0


def test_a_file_is_taken_out_by_keyboard_and_another_model_shows_what_it_does_not_take(tab: Tab) -> None:
    page = tab.page
    page.set_input_files("[data-pick]", [file(), file(), file()])
    page.wait_for_function("selector => document.querySelectorAll(selector).length === 3", arg=READY)
    page.focus(f"{TILE}:nth-child(2) [data-remove]")
    page.keyboard.press("Enter")
    assert page.locator(TILE).count() == 2
    page.click("#model-button")
    page.click("[data-row][href$='model=flux-dev&goal=image']")
    page.wait_for_selector("text=FLUX Dev takes 1 file here.")
    assert page.locator(READY).count() == 1
    assert page.locator(f"{TILE}[data-spare]").count() == 1
    page.wait_for_function("() => [...document.querySelectorAll('.tray-file img')].every(one => one.naturalWidth > 0)")
    hand_over(page, "paste", "body", pictures.encoded())
    page.wait_for_function("() => document.querySelectorAll('[data-id][name=\"spare.image\"]').length === 2")
    assert tab.complaints == []


def test_a_wish_waits_for_the_file_that_is_still_on_its_way(alice: Visitor, tab: Tab) -> None:
    page = tab.page
    held: list[Route] = []
    page.route("**/api/upload", lambda route: held.append(route))  # noqa: PLW0108  (the driver marks what it is given)
    page.set_input_files("[data-pick]", file())
    page.wait_for_selector(".tray-progress")
    page.fill("textarea[name=prompt]", "with what came late")
    before = len(tab.answers)
    page.click("#generate-button")
    held[0].continue_()
    page.wait_for_selector("li.card")
    asked = tab.asked_since(before)
    assert asked.index("POST /api/upload") < asked.index("POST /")
    assert slots_of(alice, "with what came late") == ["image"]


def test_without_javascript_files_go_with_the_form(alice: Visitor, open_tab: OpenTab, tmp_path: Path) -> None:
    tab = open_tab(java_script_enabled=False)
    tab.sign_in(alice)
    tab.open("/?model=flux-dev")
    page = tab.page
    # More than the two megabytes that other forms may have.
    kite = tmp_path / "kite.png"
    kite.write_bytes(pictures.written(Image.effect_noise((1700, 1700), 90), "PNG"))
    assert kite.stat().st_size > 2_200_000
    page.set_input_files("input[name='files.image']", kite)
    page.fill("textarea[name=prompt]", "plain page")
    page.click("#generate-button")
    page.wait_for_selector("li.card")
    assert slots_of(alice, "plain page") == ["image"]
