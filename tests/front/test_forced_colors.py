"""Under a contrast theme of the machine, which takes all grounds away, one sees what is on and where one is."""

import pytest

from tests.front.conftest import OpenTab
from tests.visitor import Visitor

pytestmark = [pytest.mark.long, pytest.mark.system, pytest.mark.browser]
GROUND = "([selector, part]) => getComputedStyle(document.querySelector(selector), part).backgroundColor"
OUTLINE = "selector => getComputedStyle(document.querySelector(selector)).outlineStyle"


def test_switches_and_what_is_chosen_are_seen(alice: Visitor, open_tab: OpenTab) -> None:
    tab = open_tab(forced_colors="active")
    tab.sign_in(alice)
    page = tab.page
    assert page.evaluate(OUTLINE, ".goal[aria-current]") == "dashed"
    tab.open("/notifications/preferences/")
    for state in (":checked", ":not(:checked)"):
        switch = f".switch-input{state}"
        assert page.evaluate(GROUND, [switch, "::before"]) != page.evaluate(GROUND, [switch, None])
    tab.open("/queue/")
    assert page.evaluate(OUTLINE, ".pill[aria-current]") == "dashed"
    assert page.evaluate(OUTLINE, ".pill:not([aria-current])") == "none"
