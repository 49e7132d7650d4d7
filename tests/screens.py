"""Takes the pictures under docs/screens of a system of its own, with real generations of the sandbox."""

import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from config.local import fonts, ports
from config.local.site import ROOT, Site
from config.local.system import System
from tests.browser import launch_options
from tests.screening import contents
from tests.screening.cast import Cast
from tests.screening.pictures import Album, six_results
from tests.screening.rooms import Room, named
from tests.screening.visiting import LANGUAGES, THEMES, WIDTHS, Look, Walk, change_theme
from tests.system import RunningSystem

FOLDER = ROOT / "docs/screens"
# A picture in a tenth of the time that its model would take: nobody looks at the waiting.
GIVEN = {"SANDBOX_SPEED": "0.1", "LOG_LEVEL": "ERROR"}
BAR = 32


def say(message: str, end: str = "\n") -> None:
    print(f"\r\033[K{message}" if sys.stderr.isatty() else message, file=sys.stderr, end=end, flush=True)


@contextmanager
def studio() -> Iterator[RunningSystem]:
    """Everything, on a database and ports of its own."""
    with tempfile.TemporaryDirectory() as folder:
        given = {**os.environ, **GIVEN}
        site = Site(data_dir=Path(folder), port=ports.choose(), given=given, is_throwaway=True)
        if not fonts.install(site.data_dir):
            say("typeface    Golos Text cannot be had now; these are pictures of the system's own")
        system = System(site, lambda topic, message: say(f"{topic:<11} {message}"))
        watcher = threading.Thread(target=system.watch)
        try:
            system.start()
            watcher.start()
            yield RunningSystem(system)
        finally:
            system.stopping.set()
            if watcher.is_alive():
                watcher.join()
            system.stop()


def take(browser: Browser, casts: dict[str, Cast], rooms: tuple[Room, ...], album: Album) -> None:
    """Each room once in each language and width; the themes change while it stands open."""
    looks = [Look(language, width) for language, width in product(LANGUAGES, WIDTHS)]
    total, done = len(looks) * len(rooms), 0
    for look in looks:
        walk = Walk(browser, casts[look.language], look)
        for room in rooms:
            started = time.monotonic()
            with walk.room(room) as page:
                for theme in THEMES:
                    change_theme(page, theme)
                    album.keep(page.screenshot(), contents.name_of(room, theme, look.language, look.width))
            done += 1
            show(done, total, f"{room.name} {look.language} {look.width}", time.monotonic() - started)
        walk.close()


def show(done: int, total: int, what: str, seconds: float) -> None:
    bar = "█" * (BAR * done // total)
    end = "\n" if done == total or not sys.stderr.isatty() else ""
    say(f"{bar:░<{BAR}} {done} of {total}  {seconds:4.1f} s  {what}", end)


def main(names: list[str]) -> int:
    options = launch_options()
    if options is None:
        say("No Chromium; bin/setup-browser fetches one.")
        return 1
    try:
        rooms = named(names)
    except KeyError as error:
        say(f"No room is called {error}. They are: {', '.join(room.name for room in named([]))}")
        return 2
    FOLDER.mkdir(exist_ok=True)
    started = time.monotonic()
    with studio() as system:
        casts = {language: Cast(system, language) for language in LANGUAGES}
        for language, cast in casts.items():
            for step in cast.fill():
                say(f"{language}: {step}")
        album = Album(FOLDER)
        if not names:
            six_results(casts["en"], FOLDER / "six-results.webp")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(**options)
            take(browser, casts, rooms, album)
            browser.close()
        album.close()
    contents.write(FOLDER)
    size = sum(path.stat().st_size for path in FOLDER.glob("*.webp")) / 1e6
    say(f"{len(rooms)} rooms in {time.monotonic() - started:.0f} s; {FOLDER.relative_to(ROOT)} holds {size:.1f} MB.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
