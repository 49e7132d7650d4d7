"""The library with 100,000 items: pages, searches and jumps at the web process and in a browser, and a tab's memory.

Budgets, p95: first page 60 ms, search with two facets 200 ms, jump to the middle 300 ms; 250 MB after 5,000 tiles.
"""

import os
import platform
import re
from contextlib import suppress
from html import unescape
from statistics import quantiles
from typing import Any
from urllib.parse import quote

import psutil
from playwright.sync_api import Browser, Page, sync_playwright

from config.local.site import ROOT
from config.local.waiting import until
from tests.bench import load
from tests.browser import launch_options
from tests.system import RunningSystem
from tests.visitor import PASSWORD, Visitor

ITEMS = 100_000
SECONDS = 15.0
TILES = 5_000
BUDGET_MB = 250
JUMPS = 20
SEARCHES = (
    "forest kind:image provider:replicate",
    "лес kind:image is:fav",
    "lighthouse kind:video provider:fal",
    "портрет kind:image provider:higgsfield -пастель",
    '"film photograph" model:flux-schnell kind:image',
    "kind:image provider:replicate",
    "kind:video is:fav",
)
BUDGETS = {
    "first page": 60,
    "search, two facets": 200,
    "jump: month and tiles": 300,
    "jump: tiles": 300,
    "jump: tiles in place": 300,
    "jump: first picture drawn": 300,
}
TABLES = ("generations_item", "generations_generation", "generations_output", "media_pipeline_asset")
FETCH = re.compile(r'data-chunk="\d+" hx-get="(/library/(months|tiles)/[^"]+)"')
# When tiles of where one came to are there, and when the first of their pictures is drawn.
JUMP = """
async (share) => {
  const begun = performance.now();
  scrollTo(0, (document.documentElement.scrollHeight - innerHeight) * share);
  const isInSight = (image) => {
    const { top, bottom } = image.getBoundingClientRect();
    return bottom > 0 && top < innerHeight;
  };
  let placed = 0;
  for (;;) {
    const images = [...document.querySelectorAll(".tile img")].filter(isInSight);
    if (images.length && !placed) placed = performance.now() - begun;
    if (images.some((image) => image.complete && image.naturalWidth)) return [placed, performance.now() - begun];
    if (performance.now() - begun > 10_000) throw new Error("nothing came");
    await new Promise(requestAnimationFrame);
  }
}
"""
ALL_DRAWN = """
() => {
  const images = [...document.querySelectorAll(".tile img")].filter((image) => {
    const { top, bottom } = image.getBoundingClientRect();
    return bottom > 0 && top < innerHeight;
  });
  return images.length > 10 && images.every((image) => image.complete);
}
"""


def run(system: RunningSystem) -> list[dict[str, Any]]:
    """Server first, then the browser; writes docs/evidence/library.md."""
    load_before = os.getloadavg()[0]
    person = Visitor(system, "bench-library").sign_in()
    system.manage("seed_library", "--items", str(ITEMS), "--email", person.email)
    # As in a studio that has run for a minute: the database knows its tables.
    system.wait_until(lambda: _is_analyzed(system), 150)
    rows = [*_server(system, person), *_browser(person)]
    _write(rows, load_before)
    return rows


def _is_analyzed(system: RunningSystem) -> bool:
    rows = system.query("SELECT last_autoanalyze FROM pg_stat_user_tables WHERE relname = ANY(%s)", list(TABLES))
    return all(moment for (moment,) in rows)


def _server(system: RunningSystem, person: Visitor) -> list[dict[str, Any]]:
    address, cookie = system.addresses["web"], f"sessionid={person.browser.cookies['sessionid']}"
    page = person.browser.get(f"{system.url}/library/", timeout=30).text
    months = [f"{unescape(path)}&at=5000" for path, kind in FETCH.findall(page) if kind == "months"]
    chunks = person.browser.get(f"{system.url}{months[len(months) // 2]}", timeout=30).text
    tiles = [unescape(path) for path, kind in FETCH.findall(chunks) if kind == "tiles"]
    searches = [f"/library/?q={quote(text)}" for text in SEARCHES]
    found = []
    for name, paths, in_flight in (
        ("first page", ["/library/"], 1),
        ("first page, two at once", ["/library/"], 2),
        ("search, two facets", searches, 1),
        ("search, two at once", searches, 2),
        ("jump: month and tiles", months, 1),
        ("jump: tiles", tiles, 1),
    ):
        requests = [load.get(address, path, cookie) for path in paths]
        load.run(address, requests, in_flight, 3.0)
        taken = load.run(address, requests, in_flight, SECONDS)
        if set(taken.statuses) != {200}:
            raise RuntimeError(f"{name}: the answers were {dict(taken.statuses)}")
        found.append({"what": name, **taken.figures})
    return found


def _browser(person: Visitor) -> list[dict[str, Any]]:
    options = launch_options()
    if options is None:
        return []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**options)
        tab = _open(browser, person)
        jumps = [_jump(tab, (7 * number % JUMPS + 0.5) / JUMPS) for number in range(JUMPS)]
        tab.close()
        tab = _open(browser, person)
        program_mb = _resident_mb()[1]
        memory = {"what": f"tab after {_scroll(tab)} tiles", **_memory(tab, program_mb)}
        browser.close()
    placed, drawn = (sorted(column) for column in zip(*jumps, strict=True))
    return [_row("jump: tiles in place", placed), _row("jump: first picture drawn", drawn), memory]


def _jump(tab: Page, share: float) -> tuple[float, float]:
    placed, drawn = tab.evaluate(JUMP, share)
    tab.wait_for_function(ALL_DRAWN)
    return placed, drawn


def _row(what: str, times: list[float]) -> dict[str, Any]:
    return {"what": what, "p50_ms": round(times[len(times) // 2], 1), "p95_ms": round(_p95(times), 1)}


def _p95(times: list[float]) -> float:
    return quantiles(times, n=20, method="inclusive")[18]


def _open(browser: Browser, person: Visitor) -> Page:
    tab = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    tab.goto(f"{person.system.url}/accounts/login/")
    tab.fill("input[name=login]", person.email)
    tab.fill("input[name=password]", PASSWORD)
    tab.keyboard.press("Enter")
    tab.wait_for_selector("#composer")
    tab.goto(f"{person.system.url}/library/")
    tab.wait_for_load_state("networkidle")
    return tab


def _scroll(tab: Page) -> int:
    """A screen at a time, each until its pictures are there, through so many tiles."""
    seen: set[str] = set()
    while len(seen) < TILES:
        tab.evaluate("scrollBy(0, innerHeight * 0.9)")
        tab.wait_for_function(ALL_DRAWN)
        seen |= set(tab.evaluate("[...document.querySelectorAll('.tile')].map((tile) => tile.id)"))
    return len(seen)


def _memory(tab: Page, program_mb: int) -> dict[str, Any]:
    """What the page holds, and beside it what the browser keeps of decoded pictures for as long as it has the room.

    program_mb: shared before one scrolled: the browser's program. What is shared above it are decoded pictures, at
    most a thousand of them (kNormalMaxItemsInCacheForSoftware in Chromium's cc/tiles), whatever a page does.
    """
    session = tab.context.new_cdp_session(tab)
    session.send("Performance.enable")
    as_it_is, shared = _resident_mb()
    session.send("HeapProfiler.collectGarbage")
    session.send("Memory.simulatePressureNotification", {"level": "critical"})
    until(lambda: _resident_mb()[0] < BUDGET_MB, 10)
    metrics = {entry["name"]: entry["value"] for entry in session.send("Performance.getMetrics")["metrics"]}
    return {
        "with_caches_mb": as_it_is,
        "program_mb": program_mb,
        "pictures_mb": shared - program_mb,
        "own_mb": as_it_is - shared,
        "resident_mb": _resident_mb()[0],
        "heap_mb": round(metrics["JSHeapUsedSize"] / 1e6, 1),
        "nodes": int(metrics["Nodes"]),
        "tiles_in_page": tab.locator(".tile").count(),
    }


def _resident_mb() -> tuple[int, int]:
    """Of the largest renderer, the tab's: all, and what of it is not its alone."""
    tabs = []
    for child in psutil.Process().children(recursive=True):
        # Others come and go while one looks.
        with suppress(psutil.NoSuchProcess):
            if "--type=renderer" in child.cmdline():
                tabs.append(child.memory_info())
    whole, shared = max((tab.rss, tab.shared) for tab in tabs)
    return round(whole / 1_048_576), round(shared / 1_048_576)


def _write(rows: list[dict[str, Any]], load_before: float) -> None:
    lines = [
        "# The library of 100,000",
        "",
        f"By `bin/bench library`, {psutil.cpu_count()} cores, Python {platform.python_version()}, one request after "
        "another; the browser, the load and the whole studio share the machine. Two at once may have a process each or "
        "share one, as chance has it: their times are no promise. Others' load was "
        f"{load_before:.1f} before it began.",
        "",
        "| what | p50, ms | p95, ms | budget, ms |",
        "|---|---|---|---|",
    ]
    for row in rows:
        if "p95_ms" in row:
            lines.append(f"| {row['what']} | {row['p50_ms']} | {row['p95_ms']} | {BUDGETS.get(row['what'], '–')} |")
    lines += [""] + [
        f"A {row['what']}: {row['own_mb']} MB of its own, which is what Chromium's task manager tells of a tab (budget "
        f"{BUDGET_MB}). Resident were {row['with_caches_mb']} MB: {row['program_mb']} MB of the browser's program and "
        f"{row['pictures_mb']} MB of decoded pictures besides, of which Chromium keeps a thousand while it has the "
        f"room, whatever a page does, and {row['resident_mb']} MB once it was told that memory is short. "
        f"{row['heap_mb']} MB of JavaScript, {row['nodes']} nodes, {row['tiles_in_page']} tiles in the page."
        for row in rows
        if "resident_mb" in row
    ]
    target = ROOT / "docs/evidence/library.md"
    target.parent.mkdir(exist_ok=True)
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")
