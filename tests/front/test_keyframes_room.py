"""A film of keyframes in a browser: pictures chosen, takes that appear by themselves, one clip in the end."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.front.conftest import OpenTab
from tests.front.test_files_in_the_composer import file
from tests.media_pipeline import pictures
from tests.visitor import Visitor

pytestmark = [pytest.mark.long, pytest.mark.system, pytest.mark.browser, pytest.mark.timeout(300)]


def test_pictures_become_takes_and_takes_become_a_clip(alice: Visitor, open_tab: OpenTab) -> None:
    tab = open_tab()
    tab.sign_in(alice)
    tab.open("/keyframes/")
    page = tab.page
    page.fill("main [name=title]", "Three stations")
    page.press("main [name=title]", "Enter")
    page.wait_for_selector("[data-film]")
    page.fill("[name='prompt.0']", "through the fog")
    page.click("[value=add]")
    page.wait_for_selector("[name='picture.2']", state="attached")
    for index in range(3):
        with page.expect_navigation():
            page.set_input_files(f"[name='picture.{index}']", [file(pictures.encoded("PNG", 320, 240))])
    assert page.input_value("[name='prompt.0']") == "through the fog"
    for index in range(2):
        with page.expect_navigation():
            page.select_option(f"[name='model.{index}']", "local-cross-fade")
        with page.expect_navigation():
            page.select_option(f"[name='duration.{index}']", "1")
    assert "2 s in all" in page.inner_text("#film-foot")
    page.click("[value=generate]")
    # Nobody looks again: the cards come by themselves, and the foot with them.
    page.wait_for_selector("[value=join]", timeout=90_000)
    assert page.locator("li.card[data-stage=completed]").count() == 2
    assert tab.complaints == []
    assert Axe().run(page, context="#film").response["violations"] == []
    page.click("[value=join]")
    page.wait_for_selector("#result[data-stage=completed] video", timeout=90_000)


def test_words_that_nobody_saved_are_there_when_one_comes_back(alice: Visitor, open_tab: OpenTab) -> None:
    tab = open_tab()
    tab.sign_in(alice)
    tab.open("/keyframes/")
    page = tab.page
    page.click("main form button")
    page.wait_for_selector("[data-film]")
    board = page.url
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.type("[name='prompt.0']", "through the fog")
    page.type("[name='prompt.0']", ", slowly")
    page.click(".film-head a")
    page.wait_for_url("**/keyframes/")
    page.wait_for_function(
        """async address => (await (await fetch(address)).text()).includes("through the fog, slowly</textarea>")""",
        arg=board,
    )
    assert tab.complaints == []


def test_without_javascript_it_works_by_saving(alice: Visitor, open_tab: OpenTab) -> None:
    tab = open_tab(java_script_enabled=False, language="ru-RU", theme="light", width=390)
    tab.sign_in(alice)
    tab.open("/keyframes/")
    page = tab.page
    page.click("main form button")
    page.wait_for_selector("[data-film]")
    for index in range(2):
        page.set_input_files(f"[name='picture.{index}']", [file(pictures.encoded("PNG", 320, 240))])
    page.click(".film-head button")
    page.wait_for_selector(".keyframe img >> nth=1")
    assert page.inner_text("legend >> nth=0") == "Кадр 1"
    assert page.locator("[value='take:0']").is_visible()
