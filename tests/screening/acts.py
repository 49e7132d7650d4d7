"""What is done in a room once it is open, so that there is something to see."""

from collections.abc import Callable

from playwright.sync_api import Page

from config.local.site import ROOT
from tests.screening.cast import Cast
from tests.visitor import PASSWORD

Act = Callable[[Page, Cast], None]
# Shares of the canvas: a loop round the middle of the picture.
LOOP = ((0.4, 0.42), (0.5, 0.34), (0.6, 0.4), (0.62, 0.55), (0.52, 0.64), (0.42, 0.58), (0.4, 0.42))


def unfold(page: Page, cast: Cast) -> None:
    """On a narrow screen the composer is one line until it is asked for."""
    toggle = page.locator(".composer-toggle")
    if toggle.is_visible():
        toggle.click()


def pick_model(page: Page, cast: Cast) -> None:
    unfold(page, cast)
    page.click("#model-button")
    page.wait_for_selector("#picker-search")


def see_several(page: Page, cast: Cast) -> None:
    unfold(page, cast)
    page.click("#several-button")
    for number in (0, 2):
        page.locator(".several-box").nth(number).check()
    # Until the price is that of all.
    page.wait_for_selector("#generate .bill-line >> nth=2")


def draw_mask(page: Page, cast: Cast) -> None:
    unfold(page, cast)
    page.wait_for_selector("[data-tray=image] [data-file][data-full]")
    page.click("[data-draw]")
    page.wait_for_selector("#mask-editor[open]")
    page.keyboard.press("l")
    box = page.locator(".editor-canvas").bounding_box()
    assert box is not None
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in LOOP]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=4)
    page.mouse.up()


def draw_frame(page: Page, cast: Cast) -> None:
    page.wait_for_selector("#framing:not([data-empty])")
    page.wait_for_function("() => document.querySelector('#framing [data-size-after]').textContent")
    page.click("#framing [data-shape='16:9']")
    page.locator("#framing").scroll_into_view_if_needed()


def see_tries(page: Page, cast: Cast) -> None:
    page.wait_for_selector("#staging .staging-pick, #staging img")


def divide(page: Page, cast: Cast) -> None:
    page.wait_for_selector("[data-reveal][data-laid]")


def choose(page: Page, cast: Cast) -> None:
    for number in (0, 2, 3):
        page.locator("[name=ids]").nth(number).check(force=True)


def open_filters(page: Page, cast: Cast) -> None:
    """On a narrow screen they stand behind a button."""
    toggle = page.locator("label[for=filters-open]")
    if toggle.is_visible():
        toggle.click()


def lay_over(page: Page, cast: Cast) -> None:
    page.locator("[name=layout][value=slider]").check(force=True)


def open_menu(page: Page, cast: Cast) -> None:
    page.click("#queue-button")


def open_bell(page: Page, cast: Cast) -> None:
    page.click("#bell-button")


def open_drawer(page: Page, cast: Cast) -> None:
    page.click("#queue-button")
    page.click("#queue-all")
    page.wait_for_selector("#drawer[open] .job")


def open_palette(page: Page, cast: Cast) -> None:
    page.keyboard.press("Control+k")
    page.wait_for_selector("#palette[open] [aria-selected=true]")


def open_shortcuts(page: Page, cast: Cast) -> None:
    page.keyboard.press("?")
    page.wait_for_selector("#shortcuts[open] [data-shortcut]")


def half_sign_in(page: Page, cast: Cast) -> None:
    """The password was right; now the code."""
    page.fill("input[name=login]", cast.person("guarded").email)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_selector("input[name=code]")


def mistype(page: Page, cast: Cast) -> None:
    """A form that says what is wrong with it."""
    page.fill("input[name=email]", cast.person("fresh").email)
    page.fill("input[type=password]", "12345678")
    page.press("input[type=password]", "Enter")
    page.wait_for_selector(".field-error, .errorlist")


def ask_too_often(page: Page, cast: Cast) -> None:
    """Letters to one address are few an hour."""
    while not page.locator(".error-code").count():
        page.goto(f"{cast.system.url}/accounts/password/reset/")
        page.fill("input[name=email]", cast.person("fresh").email)
        with page.expect_navigation():
            page.press("input[name=email]", "Enter")


def broken(name: str) -> Act:
    """The page for when nothing works; it is a file without a template's words, so a server is not needed for it."""

    def show(page: Page, cast: Cast) -> None:
        body = (ROOT / "templates" / f"{name}.html").read_text(encoding="utf-8")
        page.route("**/broken/", lambda route: route.fulfill(status=int(name), body=body, content_type="text/html"))
        page.goto(f"{cast.system.url}/broken/")

    return show


def ask_for_reason(page: Page, cast: Cast) -> None:
    """What the operator is asked before money moves."""
    page.locator("#action-toggle").check()
    page.select_option("select[name=action]", "settle_as_charged")
    page.locator("button[name=index]").click()
    page.wait_for_selector("#id_reason")
