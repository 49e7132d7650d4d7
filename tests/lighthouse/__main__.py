"""bin/lighthouse: create, library and result of a studio of its own, signed in, on a desktop and on a telephone."""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median_low

from playwright.sync_api import BrowserContext, sync_playwright

from config.local import ports
from tests.browser import launch_options
from tests.chaos.suffering import say, suffering
from tests.clients import node
from tests.lighthouse import judging, telling
from tests.visitor import Visitor

HERE = Path(__file__).parent
FORMS = ("desktop", "mobile")


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/lighthouse", description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="of each page; the median by performance is kept")
    asked = parser.parse_args()
    if launch_options() is None:
        say("lighthouse", "no Chromium; bin/setup-browser fetches one")
        return 1
    base = Path(os.environ["DATA_DIR"])
    say("lighthouse", "installing the npm package as locked")
    folder = node.install(base, HERE)
    reports = base / "lighthouse"
    reports.mkdir(exist_ok=True)
    with suffering("lighthouse") as system:
        person = Visitor(system, "reader").sign_in()
        work = person.ask("a lighthouse at dawn")
        person.wait_for(work, "completed", seconds=120)
        system.manage("seed_library", "--items", str(telling.WORKS), "--files", "12", "--email", person.email)
        pages = {"create": "/", "library": "/library/", "result": f"/result/{work}/"}
        load = os.getloadavg()[0]
        port = ports.choose()
        rows: telling.Rows = []
        with signed_in(person, port) as browser:
            for form in FORMS:
                for name, path in pages.items():
                    found = []
                    for run in range(asked.runs):
                        report = reports / f"{name}-{form}-{run + 1}.json"
                        found.append(judging.judge(folder, f"{system.url}{path}", port=port, form=form, report=report))
                    rows.append((name, form, middle(found)))
                    say("lighthouse", f"{name} {form}: {rows[-1][2].scores}")
            stay(browser)
    print(telling.write(rows, asked.runs, load))
    return 0 if all(telling.is_good(verdict) for _name, _form, verdict in rows) else 1


@contextmanager
def signed_in(person: Visitor, port: int) -> Iterator[BrowserContext]:
    """A browser with the person's cookie in the profile that Lighthouse opens its tab in.

    A header of Lighthouse's own would do for the page alone: the first cookie the studio sets takes its place.
    """
    options = launch_options() or {}
    with tempfile.TemporaryDirectory() as profile, sync_playwright() as playwright:
        arguments = [*options.pop("args"), f"--remote-debugging-port={port}"]
        browser = playwright.chromium.launch_persistent_context(profile, args=arguments, **options)
        session = person.browser.cookies["sessionid"]
        browser.add_cookies([{"name": "sessionid", "value": session, "url": person.system.url, "httpOnly": True}])
        yield browser
        browser.close()


def stay(browser: BrowserContext) -> None:
    """Raises RuntimeError when the person was signed out meanwhile, and strangers' pages were judged."""
    if not any(cookie.get("name") == "sessionid" for cookie in browser.cookies()):
        raise RuntimeError("the browser lost its session")


def middle(found: list[judging.Verdict]) -> judging.Verdict:
    """The run with the median performance."""
    performance = median_low(verdict.scores["performance"] for verdict in found)
    return next(verdict for verdict in found if verdict.scores["performance"] == performance)


if __name__ == "__main__":
    sys.exit(main())
