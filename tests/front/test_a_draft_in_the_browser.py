"""Typed here, there again there: the draft goes to the server by itself and never into the way."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Route

from tests.front.conftest import OpenTab
from tests.visitor import Visitor

pytestmark = [pytest.mark.long, pytest.mark.system, pytest.mark.browser]


def test_a_draft_is_there_in_another_browser_and_gone_once_asked(alice: Visitor, open_tab: OpenTab) -> None:
    tab = open_tab()
    tab.sign_in(alice)
    page = tab.page
    with page.expect_response("**/draft/create/") as kept:
        page.fill("textarea[name=prompt]", "a harbour, half-")
        page.type("textarea[name=prompt]", "written")
    assert kept.value.status == 204
    assert [asked for asked in tab.asked_since(0) if "/draft/" in asked] == ["POST /draft/create/"]
    other = open_tab(width=390, theme="light", language="ru-RU")
    other.sign_in(alice)
    assert other.page.input_value("textarea[name=prompt]") == "a harbour, half-written"
    assert other.page.is_visible("#draft-note")
    assert other.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert other.complaints == []
    assert Axe().run(other.page).response["violations"] == []
    page.click("#generate-button")
    page.wait_for_selector("li.card")
    other.open("/")
    assert other.page.input_value("textarea[name=prompt]") == ""
    assert tab.complaints == []


def test_a_draft_leaves_the_stream_where_it_stands(alice: Visitor, open_tab: OpenTab) -> None:
    tab = open_tab()
    tab.sign_in(alice)
    with tab.page.expect_response("**/draft/create/"):
        tab.page.fill("textarea[name=prompt]", "a harbour")
    tab.open("/")
    assert tab.page.is_visible("#draft-note")
    composer, stream = (tab.page.locator(one).bounding_box() for one in (".create-side", ".create-main"))
    assert composer is not None
    assert stream is not None
    assert (stream["x"], stream["y"]) == (composer["x"] + composer["width"], composer["y"])


def test_a_draft_that_cannot_be_kept_disturbs_nobody_and_leaving_keeps_it(alice: Visitor, open_tab: OpenTab) -> None:
    tab = open_tab()
    tab.sign_in(alice)
    page = tab.page

    def broken(route: Route) -> None:
        route.fulfill(status=500, body="")

    page.route("**/draft/create/", broken)
    with page.expect_response("**/draft/create/"):
        page.fill("textarea[name=prompt]", "in spite of it")
    page.type("textarea[name=prompt]", " all")
    assert page.locator("#notice > *").count() == 0
    page.unroute("**/draft/create/")
    page.type("textarea[name=prompt]", " and gone")
    tab.open("/library/")
    other = open_tab()
    other.sign_in(alice)
    other.page.wait_for_function("""async () => {
      const html = await (await fetch('/')).text();
      return html.includes('in spite of it all and gone</textarea>');
    }""")
    other.open("/")
    other.page.click("text=Start anew")
    other.page.wait_for_selector("#composer")
    assert other.page.input_value("textarea[name=prompt]") == ""
    assert other.page.locator("#draft-note").count() == 0


def test_signed_in_anew_elsewhere_a_page_goes_on_with_its_words(alice: Visitor, open_tab: OpenTab) -> None:
    tab = open_tab()
    tab.sign_in(alice)
    page = tab.page
    page.evaluate("document.body.dataset.still = 'here'")

    def sign_in_elsewhere(letter: str) -> None:
        page.context.add_cookies([{"name": "csrftoken", "value": letter * 32, "url": tab.url}])

    sign_in_elsewhere("a")
    with page.expect_response(lambda answer: "/draft/" in answer.url and answer.status == 204):
        page.type("textarea[name=prompt]", "in spite of it")
    assert page.locator("#notice > *").count() == 0
    sign_in_elsewhere("b")
    page.click("#generate-button")
    page.wait_for_selector("#notice:has-text('Do it once more')")
    assert page.input_value("textarea[name=prompt]") == "in spite of it"
    page.click("#generate-button")
    page.wait_for_selector("li.card")
    assert page.evaluate("document.body.dataset.still") == "here"
    assert [line for line in tab.complaints if "403" not in line] == []


@pytest.mark.parametrize("address", ["/?model=flux-dev", "/?goal=image&model=flux-dev&prompt=a+harbour"])
def test_a_page_that_an_address_began_is_the_same_after_a_reload(
    alice: Visitor, open_tab: OpenTab, address: str
) -> None:
    tab = open_tab()
    tab.sign_in(alice)
    tab.open(address)
    page = tab.page
    with page.expect_response("**/draft/create/"):
        page.fill("textarea[name=prompt]", "typed since")
    page.wait_for_function("() => location.search === ''", timeout=10_000)
    page.reload()
    assert page.input_value("textarea[name=prompt]") == "typed since"
    assert page.input_value("[name=model]") == "flux-dev"
    assert tab.complaints == []
