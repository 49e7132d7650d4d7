"""A real browser at the running system."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, Request, Response, sync_playwright

from accounts.models import User
from tests.browser import launch_options
from tests.conftest import MakePerson
from tests.system import RunningSystem
from tests.visitor import PASSWORD, Visitor

# Evaluated with True or False: the page takes itself for one that nobody looks at, or for one that is looked at.
HIDDEN = """hidden => {
  Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser a module. Its driver runs an event loop in this thread, beside which Django refuses the database."""
    options = launch_options()
    assert options is not None
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**options)
        yield browser
        browser.close()


class Tab:
    """One page, with all it said and asked for written down."""

    def __init__(self, context: BrowserContext, system: RunningSystem) -> None:
        self.page: Page = context.new_page()
        self.url = system.url
        self.said: list[str] = []
        self.answers: list[Response] = []
        self.page.on("console", lambda message: self.said.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.said.append(f"exception: {error} {error.stack}"))
        self.page.on("requestfailed", self._note_failure)
        self.page.on("response", lambda answer: self.answers.append(answer))  # noqa: PLW0108  (the driver marks what it is given)

    def open(self, path: str) -> None:
        self.page.goto(f"{self.url}{path}")

    def sign_in(self, visitor: Visitor) -> None:
        """Signed in, and at the composer."""
        key = visitor.sign_in().browser.cookies["sessionid"]
        self.page.context.add_cookies([{"name": "sessionid", "value": key, "url": self.url}])
        self.open("/")
        self.page.wait_for_selector("#composer")

    def sign_in_by_password(self, visitor: Visitor) -> None:
        self.open("/accounts/login/")
        self.page.fill("input[name=login]", visitor.email)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.keyboard.press("Enter")
        self.page.wait_for_selector("#composer")

    def asked_since(self, number: int) -> list[str]:
        """Method and path of every request after the first `number` answers."""
        return [f"{answer.request.method} {answer.url.removeprefix(self.url)}" for answer in self.answers[number:]]

    def _note_failure(self, request: Request) -> None:
        # What the page itself gives up is none: a picture whose tile went away, a download that went to a file.
        if request.failure != "net::ERR_ABORTED":
            self.said.append(f"failed: {request.url} {request.failure}")

    @property
    def complaints(self) -> list[str]:
        """Errors and warnings of the page."""
        return [line for line in self.said if not line.startswith(("log:", "info:", "debug:"))]


OpenTab = Callable[..., Tab]


@pytest.fixture
def open_tab(chromium: Browser, system: RunningSystem) -> Iterator[OpenTab]:
    """A tab in a browser profile of its own: language, theme, width."""
    contexts: list[BrowserContext] = []

    def open_one(*, language: str = "en-US", theme: Any = "dark", width: int = 1440, **more: Any) -> Tab:
        viewport: Any = {"width": width, "height": 900}
        context = chromium.new_context(viewport=viewport, locale=language, color_scheme=theme, **more)
        contexts.append(context)
        return Tab(context, system)

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def alice(system: RunningSystem) -> Visitor:
    return Visitor(system)


@pytest.fixture
def her(db: None, make_person: MakePerson) -> User:
    """Alice in this process, not at the running system."""
    return make_person("alice")


@pytest.fixture
def hers(her: User) -> Client:
    client = Client()
    client.force_login(her)
    return client
