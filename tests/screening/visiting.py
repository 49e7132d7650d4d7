"""A browser that walks through rooms: one profile for each person, language and width, both themes in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import quote

from playwright.sync_api import Browser, BrowserContext, Page

from tests.screening.cast import Cast
from tests.screening.rooms import Room

Theme = Literal["dark", "light"]
THEMES: tuple[Theme, ...] = ("dark", "light")
LANGUAGES = {"en": "en-US", "ru": "ru-RU"}
WIDTHS = {1440: 900, 390: 844}
# Fonts and the pictures in sight are there, and what moved has come to rest; what never comes is not waited for.
SETTLED = """async () => {
  // What was asked for just now, another theme say, begins with the next frame.
  await new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)));
  const inSight = (one) => {
    const { top, bottom, width } = one.getBoundingClientRect();
    return width > 0 && bottom > 0 && top < innerHeight && one.checkVisibility({ visibilityProperty: true });
  };
  const ends = (one) =>
    one.playState === "running" &&
    Number.isFinite(one.effect?.getComputedTiming().endTime) &&
    one.effect.target &&
    inSight(one.effect.target);
  const drawn = [...document.images].filter(inSight).map((one) => one.decode());
  // While a video still loads, its browser turns a wheel over it.
  const rests = (one) => new Promise((resolve) => one.addEventListener("suspend", resolve));
  const loaded = (one) => one.networkState !== one.NETWORK_LOADING || rests(one);
  const ready = [...document.querySelectorAll("video")].filter(inSight).map(loaded);
  const moved = document.getAnimations().filter(ends).map((one) => one.finished);
  const late = new Promise((resolve) => setTimeout(resolve, 3000));
  await Promise.race([Promise.allSettled([document.fonts.ready, ...drawn, ...ready, ...moved]), late]);
}"""


@dataclass(frozen=True, slots=True)
class Look:
    """theme: in which a room is opened."""

    language: str
    width: int
    theme: Theme = "dark"


class Walk:
    """Everything one cast shows in one look."""

    def __init__(self, browser: Browser, cast: Cast, look: Look) -> None:
        self.browser, self.cast, self.look = browser, cast, look
        self.contexts: dict[str, BrowserContext] = {}

    @contextmanager
    def room(self, room: Room) -> Iterator[Page]:
        """The room as a person finds it, once it has come to rest."""
        self.cast.renew()
        page = self._context(room.who).new_page()
        page.emulate_media(color_scheme=self.look.theme, reduced_motion="reduce")
        try:
            page.goto(f"{self.cast.system.url}{self._path(room)}")
            if room.act:
                room.act(page, self.cast)
            settle(page)
            yield page
        finally:
            page.close()

    def close(self) -> None:
        for context in self.contexts.values():
            context.close()

    def _path(self, room: Room) -> str:
        return room.path.format_map({name: quote(thing) for name, thing in self.cast.things.items()})

    def _context(self, who: str) -> BrowserContext:
        """A person's, already signed in; nobody's is always a fresh one."""
        if who and who in self.contexts:
            return self.contexts[who]
        viewport: Any = {"width": self.look.width, "height": WIDTHS[self.look.width]}
        context = self.browser.new_context(viewport=viewport, locale=LANGUAGES[self.look.language])
        if who:
            session = self.cast.person(who).browser.cookies["sessionid"]
            context.add_cookies([{"name": "sessionid", "value": session, "url": self.cast.system.url}])
        elif who in self.contexts:
            self.contexts[who].close()
        self.contexts[who] = context
        return context


def settle(page: Page) -> None:
    page.wait_for_load_state()
    page.evaluate(SETTLED)


def change_theme(page: Page, theme: Theme) -> None:
    """Without loading it anew: nobody here has a theme of their own, so the page follows the machine's."""
    page.emulate_media(color_scheme=theme)
    settle(page)
