"""In the browser further models are ticked, priced, taken out again and asked; without scripts, too."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.front.conftest import OpenTab
from tests.system import RunningSystem
from tests.visitor import Visitor

pytestmark = [pytest.mark.long, pytest.mark.system, pytest.mark.browser]


@pytest.mark.parametrize(("width", "theme"), [(1440, "dark"), (390, "light")])
def test_further_models_are_ticked_priced_and_asked(
    system: RunningSystem, open_tab: OpenTab, width: int, theme: str
) -> None:
    rich = Visitor(system, "rich", given_credits=1000)
    tab = open_tab(width=width, theme=theme)
    tab.sign_in(rich)
    tab.open("/?model=flux-2-pro")
    page = tab.page
    page.fill("textarea[name=prompt]", "side by side")
    if width < 768:
        page.click(".composer-toggle")
    page.focus("#several-button")
    page.keyboard.press("Enter")
    page.fill("#several-search", "flux schnell")
    assert page.locator(".several-row:visible").count() == 1
    page.check("[name=also][value=flux-schnell]")
    page.fill("#several-search", "")
    for model in ("flux-dev", "flux-2-max"):
        page.check(f"[name=also][value={model}]")
    # Four is all; a fifth cannot be ticked.
    assert page.locator("[name=also]:enabled").count() == 3
    page.wait_for_selector("#generate-button:has-text('4 models = 12.8 cr')")
    assert tab.complaints == []
    assert Axe().run(page).response["violations"] == []
    page.click("[data-untick=flux-2-max]")
    page.wait_for_selector("#generate-button:has-text('3 models = 5.8 cr')")
    assert page.inner_text("#several-names") == "FLUX Schnell, FLUX Dev"
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.click("#generate-button")
    page.wait_for_function(
        "() => document.querySelectorAll('li.card[data-stage=completed]').length === 3", timeout=60_000
    )
    assert rich.balance() == (1_000_000 - 5800, 0)


def test_without_javascript_several_models_are_asked(system: RunningSystem, open_tab: OpenTab) -> None:
    rich = Visitor(system, "rich", given_credits=1000)
    tab = open_tab(java_script_enabled=False)
    tab.sign_in(rich)
    tab.open("/?model=flux-2-pro")
    page = tab.page
    page.fill("textarea[name=prompt]", "plain and several")
    page.click("#several-button")
    page.check("[name=also][value=flux-schnell]")
    page.fill("[name=count]", "4")
    page.click("#generate-button")
    page.wait_for_selector("li.card, #confirm-sentence")
    assert page.locator("li.card").count() == 8


def test_a_press_on_the_name_of_a_model_takes_it_and_leaves_the_list_open(alice: Visitor, open_tab: OpenTab) -> None:
    tab = open_tab()
    tab.sign_in(alice)
    page = tab.page
    page.click("#several-button")
    for model in ("flux-dev", "flux-2-pro"):
        page.click(f".several-row:has([value='{model}']) .picker-name", timeout=10_000)
        page.wait_for_selector(f"[name=also][value='{model}']:checked:visible", timeout=10_000)
    assert page.locator("#several[open]").count() == 1
    page.wait_for_selector("#generate-button:has-text('3 models')")
    page.click("#id_prompt")
    assert page.locator("#several[open]").count() == 0
    assert tab.complaints == []
