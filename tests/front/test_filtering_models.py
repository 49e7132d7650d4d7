"""Filters of the list of models in the browser: with words, remembered while it stands open, without scripts too."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.front.conftest import OpenTab
from tests.visitor import Visitor

pytestmark = [pytest.mark.long, pytest.mark.system, pytest.mark.browser]


def shown(page: Page) -> list[str]:
    return page.locator("[data-row]:visible .picker-name").all_inner_texts()


@pytest.mark.parametrize(("width", "theme"), [(1440, "dark"), (390, "light")])
def test_filters_and_words_narrow_together_and_ask_for_nothing(
    alice: Visitor, open_tab: OpenTab, width: int, theme: str
) -> None:
    tab = open_tab(width=width, theme=theme)
    tab.sign_in(alice)
    page = tab.page
    if width < 768:
        page.click(".composer-toggle")
    page.click("#model-button")
    page.wait_for_selector("#picker-provider")
    before, everything = len(tab.answers), shown(page)
    page.select_option("#picker-provider", "higgsfield")
    page.select_option("#picker-time", "60")
    few = shown(page)
    assert 0 < len(few) < len(everything)
    page.fill("#picker-search", "soul cinema")
    assert shown(page) == ["Soul Cinema"]
    page.select_option("#picker-provider", "google")
    page.wait_for_selector("[data-nothing]:visible")
    page.select_option("#picker-provider", "higgsfield")
    page.fill("#picker-search", "")
    assert shown(page) == few
    # Closed and opened again, it is as it was left.
    page.click("#model-button")
    page.click("#model-button")
    assert page.input_value("#picker-provider") == "higgsfield"
    assert shown(page) == few
    assert [one for one in tab.asked_since(before) if "/models/" in one or "/quote/" in one] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert Axe().run(page).response["violations"] == []
    assert tab.complaints == []


def test_without_javascript_the_search_is_a_form(alice: Visitor, open_tab: OpenTab) -> None:
    tab = open_tab(java_script_enabled=False, width=390)
    tab.sign_in(alice)
    tab.open("/models/?model=flux-dev&goal=image")
    page = tab.page
    page.fill("#picker-search", "soul cinema")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=soul+cinema**")
    assert shown(page) == ["Soul Cinema"]
    assert "model=flux-dev&goal=image" in page.url
    assert page.input_value("#picker-search") == "soul cinema"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.fill("#picker-search", "nothing of the kind")
    page.click(".picker-tools button")
    page.wait_for_selector("[data-nothing]")
    assert shown(page) == []


def test_without_javascript_the_filters_are_a_form(alice: Visitor, open_tab: OpenTab) -> None:
    tab = open_tab(java_script_enabled=False)
    tab.sign_in(alice)
    tab.open("/models/?model=flux-dev&goal=image")
    page = tab.page
    page.select_option("[name=provider]", "local")
    page.select_option("[name=price]", "1")
    page.click(".picker-tools button")
    page.wait_for_selector("[name=provider] [value=local][selected]", state="attached")
    assert "model=flux-dev&goal=image" in page.url
    assert all("this machine" in name for name in shown(page))
    assert len(shown(page)) > 3
