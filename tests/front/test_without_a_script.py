"""The whole story with JavaScript off: asking, waiting, cancelling, editing, searching, marking, settings."""

from pathlib import Path
from typing import Any

import pytest

from tests.front.conftest import OpenTab, Tab
from tests.media_pipeline import pictures
from tests.system import RunningSystem
from tests.visitor import Visitor

pytestmark = [pytest.mark.long, pytest.mark.system, pytest.mark.browser]
WORKS = 130


@pytest.fixture(scope="module")
def reader(system: RunningSystem) -> Visitor:
    """Somebody with more works than fit on any page."""
    person = Visitor(system, "plain")
    system.manage("seed_library", "--items", str(WORKS), "--files", "4", "--email", person.email)
    return person


@pytest.fixture
def tab(reader: Visitor, open_tab: OpenTab) -> Tab:
    opened = open_tab(java_script_enabled=False)
    opened.sign_in(reader)
    return opened


def newest(reader: Visitor) -> str:
    ((found,),) = reader.system.query(
        "SELECT id::text FROM generations_generation WHERE user_id = %s ORDER BY created_at DESC, id DESC LIMIT 1",
        reader.id,
    )
    return str(found)


def test_one_asks_with_settings_waits_reads_the_result_and_asks_again(reader: Visitor, tab: Tab) -> None:
    page = tab.page
    page.click("#model-button")
    page.click("#picker-panel a")
    page.click("a.picker-row:has-text('FLUX Schnell')")
    page.fill("[name=prompt]", "a plain lighthouse [[slow=5]]")
    page.check("[name=aspect_ratio][value='16:9']", force=True)
    page.click("#generate-button")
    page.click("li.card:has-text('a plain lighthouse') a")
    asked = newest(reader)
    # What is under way is looked at again by a link, and by itself for those who say so.
    page.click("#look-again")
    page.click("#watch")
    assert page.locator("meta[http-equiv=refresh][content='10']").count() == 1
    reader.wait_for(asked, "completed")
    page.wait_for_selector(".viewer-picture img", timeout=20_000)
    assert "a plain lighthouse" in page.inner_text("#result")
    assert page.locator("meta[http-equiv=refresh]").count() == 0
    with page.expect_download() as download:
        page.click("a.download")
    assert download.value.path().stat().st_size > 1000
    page.click(".inspector-actions button")
    page.wait_for_url(lambda address: asked not in address)
    again = newest(reader)
    assert page.url.endswith(f"/result/{again}/")
    reader.wait_for(again, "completed")
    assert reader.get(again)["retry_of"] == asked


def test_a_refusal_is_read_and_leads_to_its_explanation(tab: Tab) -> None:
    tab.page.fill("[name=prompt]", " ")
    tab.page.click("#generate-button")
    tab.page.click("#composer-notice a")
    tab.page.wait_for_url("**/docs/credits/#prompt_empty")


def test_one_cancels_from_the_card_and_from_the_queue(reader: Visitor, tab: Tab) -> None:
    page = tab.page
    slow = [reader.ask(f"a slow boat {number} [[slow=600]]") for number in range(2)]
    for one in slow:
        reader.wait_for(one, "running")
    for one, address, button in ((slow[0], "/", "#cancel-"), (slow[1], "/queue/", "#job-cancel-")):
        tab.open(address)
        if address == "/queue/":
            page.click(f"#job-row-{one}")
        # First it is said what it costs.
        page.click(button + one)
        page.click(".ask-actions .button-danger")
        page.wait_for_url(f"**/result/{one}/")
        reader.wait_for(one, "cancelled")
        page.reload()
        assert "Cancelled" in page.inner_text("#result")
    tab.open("/queue/")
    page.click("#line-pause")
    page.wait_for_selector("#line.is-paused, .is-paused")
    tab.open("/queue/")
    page.click("#line-pause")
    page.wait_for_load_state()
    tab.open("/queue/")
    assert page.locator(".is-paused").count() == 0
    page.click("#jobs-state-failed")
    page.click(".jobs-foot a")
    page.wait_for_url("**/history/")


def test_one_edits_by_files_and_numbers(reader: Visitor, tab: Tab, tmp_path: Path) -> None:
    page = tab.page
    picture, mask = tmp_path / "bay.png", tmp_path / "mask.png"
    for path in (picture, mask):
        path.write_bytes(pictures.encoded("PNG", 640, 480))
    tab.open("/inpaint/?model=bria-genfill")
    page.set_input_files("input[name='files.image']", picture)
    page.set_input_files("input[name='files.mask']", mask)
    page.fill("[name=prompt]", "another sky")
    page.click("#generate-button")
    page.wait_for_selector("li.card:has-text('another sky')")
    edited = newest(reader)
    tab.open("/expand/?model=bria-expand")
    page.set_input_files("input[name='files.image']", picture)
    page.check("[name=aspect_ratio][value=custom]")
    for side, pixels in (("left", 64), ("top", 0), ("right", 0), ("bottom", 0)):
        page.fill(f"[name=margin_{side}]", str(pixels))
    page.fill("[name=prompt]", "more sea")
    page.click("#generate-button")
    page.wait_for_selector("li.card:has-text('more sea')")
    for one in (edited, newest(reader)):
        reader.wait_for(one, "completed")
    tab.open(f"/result/{edited}/")
    assert page.locator(".viewer-picture img").count() >= 1


@pytest.mark.parametrize(("address", "row"), [("/", "li.card"), ("/history/", "li.card"), ("/library/", ".tile")])
def test_every_list_is_paged_to_its_end(tab: Tab, address: str, row: str) -> None:
    tab.open(address)
    seen: set[Any] = set()
    for _page in range(12):
        found = tab.page.eval_on_selector_all(row, "rows => rows.map(one => one.id)")
        assert not seen & set(found)
        seen |= set(found)
        older = tab.page.locator(".more a")
        if not older.count():
            break
        # Until the whole page is there: one that is still coming has no end yet.
        with tab.page.expect_navigation():
            older.click()
    assert len(seen) >= WORKS


def test_one_searches_marks_and_puts_away_few_and_all(tab: Tab) -> None:
    page = tab.page
    tab.open("/library/")
    page.fill(".library-search [name=q]", "kind:image")
    page.keyboard.press("Enter")
    page.wait_for_selector(".chip-remove")
    first = page.locator(".tile").first.get_attribute("id")
    page.hover(f"#{first}")
    page.click(f"#{first} .tile-favourite")
    page.wait_for_selector(f"#{first} [aria-pressed=true]")
    # One comes back to where one was.
    assert page.url.endswith(f"#{first}")
    for number in range(2):
        page.locator("[name=ids]").nth(number).check()
    page.click("#selection-stars summary")
    page.click("#selection-stars [value=stars-4]")
    tab.open("/library/?q=stars:>=4 is:fav")
    assert page.locator(f"#{first} .tile-stars").inner_text() == "4"
    # Facets say how many; one is chosen by its link.
    tab.open("/library/")
    page.click(".facet-choice:has-text('4 stars or more')")
    assert page.locator(".tile-stars").count() == page.locator(".tile").count() > 0
    before = page.locator(".tile").count()
    page.check(".selection-all input")
    page.click(".selection-bar [value=trash]")
    assert f"{before} works are in the trash" in page.inner_text(".notice-area")
    assert page.locator(".tile").count() == 0
    page.click("[data-toast-act]")
    assert f"{before} works are back" in page.inner_text(".notice-area")
    assert page.locator(".tile").count() == before
    page.locator("[name=ids]").first.check()
    page.click(".selection-bar [value=trash]")
    tab.open("/library/trash/")
    page.locator("[name=ids]").first.check()
    page.click("[value=restore]")
    assert page.locator(".tile").count() == 0


def test_one_rates_a_result_and_fetches_an_archive(reader: Visitor, tab: Tab) -> None:
    page = tab.page
    tab.open("/library/")
    page.locator(".tile-open").first.click()
    page.click("[data-mark='5']")
    page.wait_for_selector("[data-mark='5'][aria-pressed=true]")
    page.click("[data-mark=trash]")
    assert "1 work is in the trash" in page.inner_text(".notice-area")
    page.click("[data-toast-act]")
    page.wait_for_selector("[data-mark='5'][aria-pressed=true]")
    tab.open("/library/?q=stars:5")
    page.check(".selection-all input")
    page.click(".selection-bar [value=pack]")
    page.wait_for_url("**/library/exports/")
    reader.system.wait_until(
        lambda: reader.system.query(
            "SELECT 1 FROM generations_export WHERE state = 'ready' AND user_id = %s", reader.id
        )
    )
    page.reload()
    with page.expect_download() as download:
        page.click(".export a")
    assert download.value.suggested_filename.endswith(".zip")


def test_one_goes_about_reads_and_changes_the_look(tab: Tab) -> None:
    page = tab.page
    page.click("#queue-button")
    page.click("#queue-all")
    page.wait_for_url("**/queue/")
    page.click(".topbar [href='/palette/']")
    page.fill(".palette-form [name=q]", "trash")
    page.keyboard.press("Enter")
    page.click("main .palette-option[href='/library/trash/']")
    page.click(".topbar a[href='/docs/library/']")
    page.fill(".docs-search [name=q]", "api")
    page.keyboard.press("Enter")
    page.wait_for_url("**/docs/search/?q=api")
    page.click(".docs-text .docs-hit")
    tab.open("/palette/?q=light")
    page.click("main button[value=light]")
    page.wait_for_selector("html[data-theme=light]")
    page.click(".topbar [name=language]")
    page.wait_for_selector("html[lang=ru]")
    tab.open("/accounts/password/change/")
    assert page.locator("form [type=password]").count() >= 2
    page.click("#account-menu summary")
    page.click("#account-menu [action*=logout] button")
    page.wait_for_selector("a[href*=login]")
