"""The machine's theme changes at dusk, and with it every word of a page that stands open."""

import pytest

from tests.front.conftest import OpenTab
from tests.visitor import Visitor

pytestmark = [pytest.mark.system, pytest.mark.browser]
COLOURS = """() => [...document.querySelectorAll("body, body *")].map((one) => {
  const { color, backgroundColor, borderTopColor } = getComputedStyle(one);
  return `${one.tagName}.${one.getAttribute("class")} ${color} ${backgroundColor} ${borderTopColor}`;
})"""
DRAWN = "() => new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)))"


def test_with_less_motion_no_word_keeps_the_former_theme(alice: Visitor, open_tab: OpenTab) -> None:
    tab = open_tab(reduced_motion="reduce")
    tab.sign_in(alice)
    page = tab.page
    dark = page.evaluate(COLOURS)
    page.emulate_media(color_scheme="light")
    page.evaluate(DRAWN)
    changed = page.evaluate(COLOURS)
    # Drawn from nothing, a page has no former colour to keep.
    page.evaluate("document.documentElement.style.display = 'none'")
    page.evaluate(DRAWN)
    page.evaluate("document.documentElement.style.display = ''")
    assert changed == page.evaluate(COLOURS)
    assert changed != dark
    assert page.evaluate("document.getAnimations().filter(one => one instanceof CSSTransition).length") == 0
