"""Earlier tries with a picture stand below the editor; one of them becomes the picture to go on from."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.front.conftest import OpenTab
from tests.front.test_files_in_the_composer import file
from tests.media_pipeline import pictures
from tests.visitor import Visitor

pytestmark = [pytest.mark.long, pytest.mark.system, pytest.mark.browser]
CHOSEN = "[data-tray=image] [data-id]"


def test_a_try_joins_the_strip_when_it_is_done_and_is_gone_on_from(alice: Visitor, open_tab: OpenTab) -> None:
    tab = open_tab()
    tab.sign_in(alice)
    tab.open("/?goal=edit&model=flux-kontext-pro")
    page = tab.page
    page.set_input_files("[data-tray=image] [data-pick]", [file(pictures.encoded("PNG", 640, 480))])
    page.wait_for_selector(f"{CHOSEN}[name='inputs.image']", state="attached")
    source = page.get_attribute(CHOSEN, "value")
    assert page.locator("#staging").is_hidden()
    page.fill("textarea[name=prompt]", "in the manner of an etching")
    page.click("#generate-button")
    # Nobody asked for it: the finished card brings it.
    page.wait_for_selector("#staging .staging-see", timeout=60_000)
    assert page.locator("#staging .staging-pick").count() == 2
    page.fill("textarea[name=prompt]", "and now in red")
    page.locator("#staging .staging-pick").nth(1).press("Enter")
    page.wait_for_function("([one, id]) => document.querySelector(one)?.value !== id", arg=[CHOSEN, source])
    page.wait_for_selector("#staging li:nth-child(2) [aria-current]")
    assert page.input_value("textarea[name=prompt]") == "and now in red"
    page.click("#generate-button")
    page.wait_for_function(
        "() => document.querySelectorAll('li.card[data-stage=completed]').length === 2", timeout=60_000
    )
    rows = alice.system.query(
        "SELECT i.asset_id, o.asset_id FROM generations_input i "
        "JOIN generations_generation g ON g.id = i.generation_id "
        "JOIN generations_output o ON o.generation_id = g.id WHERE g.user_id = %s ORDER BY g.created_at",
        alice.id,
    )
    assert str(rows[0][0]) == source
    assert rows[1][0] == rows[0][1]
    assert tab.complaints == []
    assert Axe().run(page, context="#staging").response["violations"] == []


def test_without_javascript_the_strip_is_there_and_its_links_lead_on(alice: Visitor, open_tab: OpenTab) -> None:
    content = pictures.encoded("PNG", 640, 480)
    (stored,) = alice.call("POST", "/api/upload", files={"files": ("a.png", content, "image/png")}).json()
    wish = {"model": "flux-kontext-pro", "prompt": "plainly", "inputs": {"image": [stored["id"]]}}
    alice.wait_for(alice.call("POST", "/api/generations/create", json=wish).json()["id"], "completed")
    tab = open_tab(java_script_enabled=False, language="ru-RU", theme="light", width=390)
    tab.sign_in(alice)
    tab.open(f"/?goal=edit&model=flux-kontext-pro&inputs.image={stored['id']}")
    page = tab.page
    assert page.inner_text("#staging-title") == "Пробы с этой картинкой"
    page.locator("#staging .staging-pick").nth(1).click()
    page.wait_for_selector("#staging li:nth-child(2) [aria-current]")
    assert page.get_attribute(CHOSEN, "value") != stored["id"]
