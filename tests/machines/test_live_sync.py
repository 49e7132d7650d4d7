"""What pages have put together from their sockets is what the database says, whatever was lost on the way.

The nudges of the walk may be lost (the notices' breaker is open), sockets close and come back at any cursor they had,
readers stall and confirm late. The socket is the real one, through the whole of config.asgi.
"""

import asyncio
import re
from collections.abc import Callable
from contextlib import suppress
from difflib import unified_diff
from typing import Any, ClassVar

import pytest
from django.conf import settings as django_settings
from django.template.loader import render_to_string
from django.test import Client
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from hypothesis.strategies import booleans, integers, lists, sampled_from

from accounts.models import User
from generations import feed, notices
from generations.actions import changing
from generations.actions.requesting import TooManyActive, Wish, request_generation
from generations.context import Shell
from generations.live import consumer
from generations.live.hub import Hub
from generations.models import Generation
from generations.places import places_of
from notifications import bell
from tests.conftest import MakePerson
from tests.machines.page import Page
from tests.machines.walking import patient, walk

pytestmark = [pytest.mark.usefixtures("committed", "sandbox"), pytest.mark.long, patient]
BATCH = 3
TICK_SECONDS = 0.2
# Seconds so far are counted on by the page itself; the key of the next wish is another each time.
VARYING = re.compile(r'data-now="[^"]*"|data-elapsed="[\d.]+"[^>]*>[\d:]+|value="[^"]*" data-next-key')


class Sync(RuleBasedStateMachine):
    """One person, three pages: one reads all the time, the others as the walk has it."""

    make_person: ClassVar[MakePerson]
    put_back: ClassVar[Callable[[], None]]
    use_hub: ClassVar[Callable[[Hub], None]]

    def __init__(self) -> None:
        super().__init__()
        type(self).put_back()
        self.loop = asyncio.new_event_loop()
        type(self).use_hub(Hub())
        self.alice = type(self).make_person("alice", given_credits=1000)
        client = Client()
        client.force_login(self.alice)
        key = str(client.cookies[django_settings.SESSION_COOKIE_NAME].value)
        self.pages = [Page(key, 0) for _page in range(3)]
        self.cursors = [0]
        self.is_open = [False] * 3
        notices.breaker.trip(0)

    @property
    def seq(self) -> int:
        return User.objects.values_list("seq", flat=True).get(pk=self.alice.pk)

    def run(self, work: Any) -> Any:
        return self.loop.run_until_complete(work)

    # -- what changes ---------------------------------------------------------------------------
    @rule(count=integers(1, 5), is_told=booleans())
    def ask(self, count: int, is_told: bool) -> None:
        self.tell(is_told)
        with suppress(TooManyActive):
            for number in range(count):
                request_generation(self.alice, Wish(model_id="flux-schnell", prompt=f"page {number}"))

    @rule(
        numbers=lists(integers(0, 19), min_size=1, max_size=6),
        what=sampled_from(["cancel", "view"]),
        is_told=booleans(),
    )
    def act(self, numbers: list[int], what: str, is_told: bool) -> None:
        self.tell(is_told)
        rows = list(Generation.objects.order_by("created_at", "id"))
        for number in numbers if rows else []:
            row = rows[number % len(rows)]
            if what == "view":
                changing.mark_viewed(row)
            elif not row.is_final:
                changing.cancel_generation(row)
                row.refresh_from_db()

    def tell(self, is_told: bool) -> None:
        """Whether the next changes are said through Redis. Whatever was lost, the look at the database finds."""
        notices.breaker.trip(0 if is_told else 600)

    # -- what pages do --------------------------------------------------------------------------
    @rule(which=integers(0, 2), back=integers(0, 9))
    def connect(self, which: int, back: int) -> None:
        """At its own cursor, or at any it has ever had, as a page that was kept by the browser."""
        page = self.pages[which]
        self.run(page.leave())
        self.run(page.connect(self.cursors[-1 - back] if back < len(self.cursors) and back else None))
        self.is_open[which] = True

    @rule(which=integers(0, 2))
    def leave(self, which: int) -> None:
        self.run(self.pages[which].leave())
        self.is_open[which] = False

    @rule(which=integers(1, 2))
    def read_and_stall(self, which: int) -> None:
        """Takes what is there and confirms nothing: no more may come until it does."""
        page = self.pages[which]
        if self.is_open[which] and page.waiting is None:
            self.run(page.read(0.02))

    @rule(which=integers(1, 2))
    def confirm_late(self, which: int) -> None:
        self.run(self.pages[which].confirm())

    @rule(which=integers(0, 2))
    def catch_up(self, which: int) -> None:
        if self.is_open[which]:
            self.run(self.pages[which].listen(self.seq))
            self.cursors.append(self.pages[which].cursor)
            self.compare(self.pages[which])

    # -- what must be so ------------------------------------------------------------------------
    @invariant()
    def nobody_is_ahead_of_the_truth(self) -> None:
        assert all(page.cursor <= self.seq for page in self.pages)

    def compare(self, page: Page) -> None:
        """With the page's own partials, rendered from the rows as they are now."""
        person = User.objects.get(pk=self.alice.pk)
        shell = {"shell": Shell(person), "user": person}
        truth = {
            f"generation-{row.pk}": render_to_string("generations/_card.html", {"generation": row})
            for row in Generation.objects.for_user(person).with_outputs()
        }
        if person.seq:
            truth["queue"] = render_to_string("generations/_queue.html", shell)
            truth["credits"] = render_to_string("generations/_credits.html", shell)
            truth["places"] = render_to_string("generations/_places.html", {"places": places_of(person)})
        if fragment := bell.fragment(person, 0):
            truth["bell"] = fragment["html"]
        assert page.parts.keys() == truth.keys()
        for name, html in truth.items():
            assert list(unified_diff(lines_of(page.parts[name]), lines_of(html), n=0)) == []

    def teardown(self) -> None:
        try:
            for which, page in enumerate(self.pages):
                if not self.is_open[which]:
                    self.run(page.connect())
                self.run(page.listen(self.seq))
                self.compare(page)
        finally:
            notices.breaker.trip(0)
            self.run(self.end())
            self.loop.close()

    async def end(self) -> None:
        for page in self.pages:
            await page.leave()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)


def lines_of(html: str) -> list[str]:
    """Without what differs between two renderings of the same."""
    return [line.strip() for line in VARYING.sub("", html).splitlines() if line.strip()]


def test_pages_come_to_show_what_is_so(
    make_person: MakePerson, put_back: Callable[[], None], monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.setattr(feed, "BATCH", BATCH)
    settings.SOCKET_TICK_SECONDS, settings.SOCKET_COALESCE_SECONDS = TICK_SECONDS, 0.0
    settings.SOCKET_SESSION_CHECK_SECONDS = settings.SOCKET_HEARTBEAT_SECONDS = settings.SOCKET_ACK_SECONDS = 600.0
    Sync.make_person, Sync.put_back = staticmethod(make_person), staticmethod(put_back)
    Sync.use_hub = staticmethod(lambda hub: monkeypatch.setattr(consumer, "hub", hub))
    walk(Sync, examples=8, steps=20)
