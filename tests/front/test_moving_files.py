"""Files of the composer are dragged, by mouse or finger, and moved by keys; they reach the provider as they stand."""

import base64
import io
from typing import Any

import pytest
import requests
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Locator, Page

from tests.front.conftest import OpenTab, Tab
from tests.media_pipeline import pictures
from tests.visitor import Visitor

pytestmark = [pytest.mark.long, pytest.mark.system, pytest.mark.browser]
IMAGE = "[data-tray=image]"
SAID = "#say"


def files(*widths: int) -> Any:
    """Pictures that can be told apart by their width."""
    return [
        {"name": f"{width}.png", "mimeType": "image/png", "buffer": pictures.encoded("PNG", width, 256)}
        for width in widths
    ]


def widths(page: Page, tray: str = IMAGE) -> list[int]:
    """Of the pictures in a tray, in order."""
    read = "all => all.map(one => one.naturalWidth)"
    found: list[int] = page.locator(f"{tray} [data-file] img").evaluate_all(read)
    return found


def bring(page: Page, *sizes: int, tray: str = IMAGE) -> None:
    page.set_input_files(f"{tray} [data-pick]", files(*sizes))
    page.wait_for_function(
        "([tray, count]) => document.querySelectorAll(`${tray} [data-full]`).length === count", arg=[tray, len(sizes)]
    )
    page.wait_for_function("() => [...document.querySelectorAll('.tray-file img')].every(one => one.naturalWidth)")


def tile(page: Page, number: int, tray: str = IMAGE) -> Locator:
    return page.locator(f"{tray} [data-file]").nth(number - 1)


def middle(place: Locator) -> tuple[float, float]:
    box = place.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page: Page, one: Locator, to: tuple[float, float]) -> None:
    page.mouse.move(*middle(one))
    page.mouse.down()
    page.mouse.move(*to, steps=6)


def swipe(page: Page, *way: tuple[float, float]) -> None:
    """One finger, put down at the first place and lifted at the last."""
    finger = page.context.new_cdp_session(page)
    kinds = ["touchStart", *("touchMove" for _place in way[1:]), "touchEnd"]
    for kind, place in zip(kinds, [*way, None], strict=True):
        given = [{"x": place[0], "y": place[1]}] if place else []
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": given})


def complaints(tab: Tab) -> list[str]:
    """Without what htmx says of a look at the earlier tries that was overtaken by the next: the picture has changed."""
    return [
        line for line in tab.complaints if not line.startswith(("error: htmx:afterRequest", "error: htmx:sendAbort"))
    ]


def sent_widths(alice: Visitor, prompt: str) -> list[int]:
    """Of the pictures that the provider was given, in its order."""
    (job,) = alice.journal(prompt)
    found = []
    for given in job["input"]["input_images"]:
        content = (
            base64.b64decode(given.partition(",")[2]) if given.startswith("data:") else requests.get(given).content
        )
        found.append(Image.open(io.BytesIO(content)).width)
    return found


@pytest.fixture
def composer(alice: Visitor, open_tab: OpenTab) -> OpenTab:
    """Alice's composer for a model, in a look."""

    def open_one(address: str = "/?model=flux-2-pro", **look: Any) -> Tab:
        opened = open_tab(**look)
        opened.sign_in(alice)
        opened.open(address)
        return opened

    return open_one


@pytest.fixture
def tab(composer: OpenTab) -> Tab:
    return composer()


def looks(*, wide: str, narrow: str) -> pytest.MarkDecorator:
    """In English on a wide screen and in Russian on a narrow one, each in its theme."""
    both = [
        {"width": 1440, "theme": wide, "language": "en-US"},
        {"width": 390, "theme": narrow, "language": "ru-RU"},
    ]
    return pytest.mark.parametrize("look", both, ids=["wide", "narrow"])


def test_a_dragged_file_stands_where_it_was_let_go_and_goes_so_to_the_provider(alice: Visitor, tab: Tab) -> None:
    page = tab.page
    bring(page, 260, 270, 280)
    x, y = middle(tile(page, 1))
    drag(page, tile(page, 3), (x - 20, y))
    assert page.locator("[data-lifted]").count() == 1
    assert page.locator("[data-edge=start]").count() == 1
    with page.expect_response("**/draft/create/"):
        page.mouse.up()
    assert widths(page) == [280, 260, 270]
    assert page.locator("[data-lifted], [data-edge]").count() == 0
    assert page.locator("#file-menu:popover-open").count() == 0
    assert page.inner_text(SAID).endswith("place 1 of 3")
    page.fill("textarea[name=prompt]", "in another order")
    page.click("#generate-button")
    page.wait_for_selector("li.card[data-stage=completed]", timeout=40_000)
    assert sent_widths(alice, "in another order") == [280, 260, 270]
    assert complaints(tab) == []


def test_a_drag_that_ends_nowhere_or_by_escape_changes_nothing(tab: Tab) -> None:
    page = tab.page
    bring(page, 260, 270)
    drag(page, tile(page, 1), (900, 500))
    page.mouse.up()
    assert widths(page) == [260, 270]
    drag(page, tile(page, 1), middle(tile(page, 2)))
    page.keyboard.press("Escape")
    page.mouse.up()
    assert widths(page) == [260, 270]
    assert page.locator("[data-lifted], [data-edge]").count() == 0


def test_a_finger_drags_too(composer: OpenTab) -> None:
    page = composer(width=390, has_touch=True, is_mobile=True).page
    bring(page, 260, 270)
    (x, y), (to_x, to_y) = middle(tile(page, 1)), middle(tile(page, 2))
    swipe(page, (x, y), ((x + to_x) / 2, to_y), (to_x + 20, to_y))
    page.wait_for_function("() => document.querySelector('.tray-file img').naturalWidth === 270")
    assert widths(page) == [270, 260]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_finger_that_begins_on_a_file_scrolls_the_settings(composer: OpenTab) -> None:
    page = composer(width=390, has_touch=True, is_mobile=True).page
    page.tap(".composer-toggle")
    bring(page, 260, 270)
    scrolled = "() => [...document.querySelectorAll('*')].reduce((sum, one) => sum + one.scrollTop, 0)"
    page.evaluate("document.querySelector('[data-file]').scrollIntoView({ block: 'center' })")
    before = page.evaluate(scrolled)
    x, y = middle(tile(page, 1))
    swipe(page, (x, y), *((x, y - way) for way in range(20, 200, 20)))
    page.wait_for_function(f"before => ({scrolled})() > before", arg=before, timeout=10_000)
    assert widths(page) == [260, 270]
    assert page.locator("[data-lifted], [data-edge]").count() == 0


def test_alt_and_arrows_move_a_file_and_say_where_it_is(tab: Tab) -> None:
    page = tab.page
    bring(page, 260, 270, 280)
    tile(page, 1).locator("[data-place]").focus()
    page.keyboard.press("Alt+ArrowRight")
    assert widths(page) == [270, 260, 280]
    assert page.inner_text(SAID).endswith("place 2 of 3")
    page.keyboard.press("Alt+ArrowRight")
    page.keyboard.press("Alt+ArrowRight")
    assert widths(page) == [270, 280, 260]
    assert page.inner_text(SAID).endswith("place 3 of 3")
    page.keyboard.press("Alt+ArrowLeft")
    assert widths(page) == [270, 260, 280]
    assert page.evaluate("document.activeElement.matches('[data-file]:nth-child(2) [data-place]')")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    assert widths(page) == [260, 270, 280]
    assert complaints(tab) == []


@looks(wide="dark", narrow="light")
def test_a_file_gets_another_use_by_its_menu(composer: OpenTab, look: dict[str, Any]) -> None:
    tab = composer("/?model=seedance-2.0&goal=video", **look)
    page = tab.page
    if look["width"] < 768:
        page.click(".composer-toggle")
    bring(page, 260, tray="[data-tray=first_frame]")
    bring(page, 270, 280)
    tile(page, 1).locator("[data-place]").click()
    page.wait_for_selector("#file-menu:popover-open")
    box = page.locator("#file-menu").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= look["width"]
    assert box["y"] + box["height"] <= 900
    assert Axe().run(page).response["violations"] == []
    page.click("#file-menu [data-use=last_frame]")
    assert (widths(page, "[data-tray=last_frame]"), widths(page)) == ([270], [280])
    # A place for one file gives its own in exchange.
    tile(page, 1, "[data-tray=last_frame]").locator("[data-place]").click()
    page.click("#file-menu [data-use=first_frame]")
    assert (widths(page, "[data-tray=first_frame]"), widths(page, "[data-tray=last_frame]")) == ([270], [260])
    named = page.locator("[data-id][name]").evaluate_all("all => all.map(one => one.name)")
    assert named == ["inputs.first_frame", "inputs.last_frame", "inputs.image"]
    assert complaints(tab) == []


def test_a_file_is_dragged_into_another_tray(composer: OpenTab) -> None:
    tab = composer("/?model=seedance-2.0&goal=video")
    page = tab.page
    bring(page, 260, tray="[data-tray=first_frame]")
    drag(page, tile(page, 1, "[data-tray=first_frame]"), middle(page.locator(f"{IMAGE} .tray-add").first))
    assert page.locator(f"{IMAGE}[data-over]").count() == 1
    page.mouse.up()
    assert (widths(page, "[data-tray=first_frame]"), widths(page)) == ([], [260])
    assert page.locator("[data-tray=first_frame][data-full]").count() == 0
    assert complaints(tab) == []


@looks(wide="light", narrow="dark")
def test_what_is_over_the_limit_is_red_and_not_sent_until_it_is_moved_to_the_front(
    composer: OpenTab, look: dict[str, Any]
) -> None:
    tab = composer("/?model=qwen-image-2", **look)
    page = tab.page
    bring(page, 260, 270, 280, 290)
    named = page.locator(f"{IMAGE} [data-id]").evaluate_all("all => all.map(one => one.name)")
    assert named == ["inputs.image"] * 3 + ["spare.image"]
    assert page.inner_text(f"{IMAGE} .tray-count") == "4 / 3"
    assert page.is_visible(f"{IMAGE} [data-over-limit]")
    assert Axe().run(page).response["violations"] == []
    x, y = middle(tile(page, 1))
    drag(page, tile(page, 4), (x - 20, y))
    page.mouse.up()
    assert widths(page) == [290, 260, 270, 280]
    assert tile(page, 4).get_attribute("data-spare") is not None
    tile(page, 2).locator("[data-remove]").click()
    assert page.locator(f"{IMAGE} [data-spare]").count() == 0
    assert page.inner_text(f"{IMAGE} .tray-count") == "3 / 3"
    assert not page.is_visible(f"{IMAGE} [data-over-limit]")
    assert complaints(tab) == []


def test_the_menu_of_a_file_says_whether_it_is_open_and_is_left_by_tab(tab: Tab) -> None:
    page = tab.page
    bring(page, 260, 270)
    button = tile(page, 2).locator("[data-place]")
    assert button.get_attribute("aria-expanded") == "false"
    button.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#file-menu:popover-open :focus")
    assert button.get_attribute("aria-expanded") == "true"
    page.keyboard.press("Escape")
    page.wait_for_selector("[data-file]:nth-child(2) [data-place][aria-expanded=false]:focus")
    page.keyboard.press("Enter")
    page.wait_for_selector("#file-menu:popover-open :focus")
    page.keyboard.press("Shift+Tab")
    page.wait_for_selector("#file-menu:not(:popover-open)", state="attached")
    assert page.evaluate("document.activeElement !== document.body")


def test_a_file_that_does_not_go_along_to_another_model_is_said_aloud(tab: Tab) -> None:
    page = tab.page
    bring(page, 260)
    page.click("#model-button")
    page.click("[data-row][href*='model=flux-schnell&']")
    page.wait_for_selector("#left-out", state="attached")
    page.wait_for_function("() => document.getElementById('say').textContent.includes('left out')")
