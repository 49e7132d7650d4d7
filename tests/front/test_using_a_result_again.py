"""A result's settings go back to the composer, seed included; undone, the former draft is there again."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.front.conftest import OpenTab
from tests.visitor import Visitor

pytestmark = [pytest.mark.long, pytest.mark.system, pytest.mark.browser]
PROMPT = "textarea[name=prompt]"


@pytest.mark.parametrize(("width", "theme", "language"), [(1440, "dark", "en-US"), (390, "light", "ru-RU")])
def test_a_result_is_taken_up_with_its_seed_and_let_go_again(
    alice: Visitor, open_tab: OpenTab, width: int, theme: str, language: str
) -> None:
    made = alice.ask("to be made again", aspect_ratio="3:2", seed=77)
    alice.wait_for(made, "completed", seconds=90)
    tab = open_tab(width=width, theme=theme, language=language)
    tab.sign_in(alice)
    page = tab.page
    with page.expect_response("**/draft/create/"):
        page.fill(PROMPT, "what I was writing")
    tab.open(f"/result/{made}/")
    page.click("#use-settings")
    page.wait_for_selector("#recall .menu-panel:visible")
    box = page.locator("#recall .menu-panel").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert tab.complaints == []
    assert Axe().run(page).response["violations"] == []
    page.click("#recall a[href$='take=all']")
    page.wait_for_selector("#taken-note")
    assert (page.input_value(PROMPT), page.input_value("[name=seed]")) == ("to be made again", "77")
    undo = "[data-toast-act]" if width > 768 else "#taken-note button"
    assert page.locator("button[form=draft-back]").locator("visible=true").count() == (2 if width > 768 else 1)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert Axe().run(page).response["violations"] == []
    with page.expect_response("**/draft/create/"):
        page.fill(PROMPT, "to be made again, but bluer")
    page.focus("#id_seed")
    page.click(undo)
    page.wait_for_selector("#draft-note")
    assert page.input_value(PROMPT) == "what I was writing"
    assert page.locator("[data-toast], #taken-note").count() == 0
    assert tab.complaints == []


def test_of_several_pictures_on_a_phone_the_actions_of_one_stand_in_one_row(alice: Visitor, open_tab: OpenTab) -> None:
    made = alice.ask("four at once", model="flux-dev", num_outputs=4)
    alice.wait_for(made, "completed", seconds=90)
    tab = open_tab(width=390, language="ru-RU", has_touch=True, is_mobile=True)
    tab.sign_in(alice)
    tab.open(f"/result/{made}/")
    page = tab.page
    assert page.locator(".carry-on:visible").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    boxes = [one.bounding_box() for one in page.locator(".inspector-actions > :visible").all()]
    assert len({box["y"] for box in boxes if box}) == 1
    page.tap(".filmstrip li:nth-child(3) a")
    page.tap("#carry-on-3 summary")
    page.wait_for_selector("#carry-on-3 .menu-panel:visible")
    assert tab.complaints == []
