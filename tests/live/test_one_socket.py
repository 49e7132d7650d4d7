"""One socket in this process, through the whole of config.asgi: how long it may live, and that it is never silent."""

import asyncio
import json
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from channels.db import database_sync_to_async
from channels.testing import WebsocketCommunicator
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client

from accounts.models import User
from config.asgi import application
from generations.live import consumer
from generations.live.hub import Hub
from generations.live.sessions import Ticket, valid

pytestmark = pytest.mark.usefixtures("committed")
MakePerson = Callable[..., User]
LONG = 600.0


class Tab(WebsocketCommunicator):
    """A browser's socket with its session's cookie."""

    def __init__(self, session_key: str = "") -> None:
        headers = [
            (b"origin", django_settings.WEB_ORIGINS[0].encode()),
            (b"cookie", f"{django_settings.SESSION_COOKIE_NAME}={session_key}".encode()),
        ]
        super().__init__(application, "/ws/live/", headers)

    async def open(self) -> None:
        accepted, _protocol = await self.connect()
        assert accepted

    async def closed_with(self, seconds: float = 10) -> int:
        """The code it is closed with, whatever it says before."""
        async with asyncio.timeout(seconds):
            while (message := await self.receive_output(seconds))["type"] != "websocket.close":
                pass
        return int(message["code"])


@pytest.fixture(autouse=True)
def own_hub(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Hub:
    """The process's hub belongs to one event loop, and each test has its own."""
    hub = Hub()
    monkeypatch.setattr(consumer, "hub", hub)
    settings.SOCKET_TICK_SECONDS = settings.SOCKET_SESSION_CHECK_SECONDS = settings.SOCKET_HEARTBEAT_SECONDS = LONG
    return hub


@pytest.fixture
def alice(make_person: MakePerson) -> User:
    return make_person("alice")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def session_key(client: Client) -> str:
    return str(client.cookies[django_settings.SESSION_COOKIE_NAME].value)


def test_a_visitor_without_a_session_is_told_on_an_open_socket() -> None:
    async def story() -> int:
        tab = Tab()
        await tab.open()
        code = await tab.closed_with()
        await tab.disconnect()
        return code

    assert asyncio.run(story()) == 4401


def test_a_full_process_sends_whoever_comes_away_for_longer(alice: User, settings: Any) -> None:
    settings.SOCKETS_PER_PROCESS = 1
    key = session_key(signed_in(alice))

    async def story() -> tuple[int, bool]:
        first, second = Tab(key), Tab(key)
        await first.open()
        await second.open()
        code = await second.closed_with()
        stays = await first.receive_nothing(0.3)
        for tab in (first, second):
            await tab.disconnect()
        return code, stays

    assert asyncio.run(story()) == (4013, True)


def test_a_process_that_goes_lets_everybody_go_and_nobody_in(alice: User, own_hub: Hub) -> None:
    key = session_key(signed_in(alice))

    async def story() -> list[int]:
        first, late = Tab(key), Tab(key)
        await first.open()
        await own_hub.drain(0.1)
        await late.open()
        codes = [await first.closed_with(), await late.closed_with()]
        for tab in (first, late):
            await tab.disconnect()
        return codes

    assert asyncio.run(story()) == [4012, 4012]


def sign_out(client: Client, _user: User) -> None:
    client.logout()


def change_password(_client: Client, user: User) -> None:
    user.set_password("another-long-password-7")
    user.save(update_fields=["password"])


def disable(_client: Client, user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def run_out(client: Client, _user: User) -> None:
    session = client.session
    session.set_expiry(-1)
    session.save()


@pytest.mark.parametrize("ending", [sign_out, change_password, disable, run_out])
def test_a_socket_does_not_outlive_its_session(
    alice: User, make_person: MakePerson, settings: Any, ending: Callable[[Client, User], None]
) -> None:
    settings.SOCKET_SESSION_CHECK_SECONDS = 0.1
    hers, others = signed_in(alice), signed_in(make_person("bob"))

    async def story() -> tuple[int, bool]:
        tab, stays = Tab(session_key(hers)), Tab(session_key(others))
        await tab.open()
        await stays.open()
        assert await tab.receive_nothing(0.3)
        await database_sync_to_async(ending)(hers, alice)
        code = await tab.closed_with()
        is_quiet = await stays.receive_nothing(0.3)
        for one in (tab, stays):
            await one.disconnect()
        return code, is_quiet

    assert asyncio.run(story()) == (4401, True)


def test_all_sessions_are_checked_in_one_query(alice: User, django_assert_num_queries: Any) -> None:
    tickets = [Ticket(session_key(signed_in(alice)), alice.pk, alice.get_session_auth_hash()) for _tab in range(3)]
    with django_assert_num_queries(1):
        assert valid([*tickets, Ticket("gone", alice.pk, tickets[0].auth_hash)]) == set(tickets)


def test_a_quiet_socket_says_every_moment_that_it_is_there(alice: User, settings: Any) -> None:
    settings.SOCKET_HEARTBEAT_SECONDS = 0.1
    key = session_key(signed_in(alice))

    async def story() -> list[Any]:
        tab = Tab(key)
        await tab.open()
        await tab.send_to(text_data=json.dumps({"have": alice.seq}))
        frames = [await tab.receive_json_from(5) for _beat in range(3)]
        await tab.disconnect()
        return frames

    assert asyncio.run(story())[1:] == [{"t": alice.seq}] * 2


@pytest.fixture
def unreadable(superuser: psycopg.Connection) -> Iterator[Callable[[], None]]:
    """A table that cannot be read: neither an outage nor anything the socket expects."""
    person = connection.settings_dict["USER"]

    def take_away() -> None:
        superuser.execute(f'REVOKE SELECT ON generations_generation FROM "{person}"')

    yield take_away
    superuser.execute(f'GRANT SELECT ON generations_generation TO "{person}"')


def test_a_socket_that_cannot_go_on_is_closed_and_not_silent(alice: User, unreadable: Callable[[], None]) -> None:
    key = session_key(signed_in(alice))
    User.objects.filter(pk=alice.pk).update(seq=alice.seq + 1)

    async def story() -> int:
        tab = Tab(key)
        await tab.open()
        await asyncio.to_thread(unreadable)
        await tab.send_to(text_data=json.dumps({"have": alice.seq}))
        code = await tab.closed_with()
        await tab.disconnect()
        return code

    assert asyncio.run(story()) == 1011


def rows_changed(user: User, number: int) -> None:
    """As many batches as this: the person's number grows and nothing else does."""
    User.objects.filter(pk=user.pk).update(seq=number)


NOT_AN_ACK = [
    {"ack": 6}, {"ack": 4}, {"ack": -1}, {"ack": True}, {"ack": "5"}, {"ack": 5.0}, {"ack": None}, {"ack": [5]},
    {"ack": 2**63}, {"ack": 5, "more": 1}, {"ack": 5, "have": 5}, {"ack": 5, "jobs": 5}, {"jobs": True}, {"have": 5},
    {}, {"jobs": 5, "kind": ""}, {"jobs": 5, "kind": "", "model": "", "more": 1},
]  # fmt: skip


@pytest.mark.parametrize("said", NOT_AN_ACK, ids=str)
def test_only_the_number_of_the_batch_that_was_sent_acknowledges_it(alice: User, said: dict[str, Any]) -> None:
    key = session_key(signed_in(alice))
    rows_changed(alice, 5)

    async def story() -> int:
        tab = Tab(key)
        await tab.open()
        await tab.send_to(text_data=json.dumps({"have": 0}))
        assert (await tab.receive_json_from(10))["cursor"] == 5
        await tab.send_to(text_data=json.dumps(said))
        code = await tab.closed_with()
        await tab.disconnect()
        return code

    assert asyncio.run(story()) == 4400


@pytest.mark.parametrize("said", [{"ack": 0}, {"jobs": 0}], ids=str)
def test_before_a_page_has_said_what_it_has_there_is_nothing_else_to_say(alice: User, said: dict[str, Any]) -> None:
    key = session_key(signed_in(alice))

    async def story() -> int:
        tab = Tab(key)
        await tab.open()
        await tab.send_to(text_data=json.dumps(said))
        code = await tab.closed_with()
        await tab.disconnect()
        return code

    assert asyncio.run(story()) == 4400


def test_a_batch_is_acknowledged_once_and_the_next_one_by_its_own_number(alice: User) -> None:
    key = session_key(signed_in(alice))
    rows_changed(alice, 5)

    async def story() -> tuple[list[int], int]:
        tab = Tab(key)
        await tab.open()
        await tab.send_to(text_data=json.dumps({"have": 0}))
        cursors = [(await tab.receive_json_from(10))["cursor"]]
        await database_sync_to_async(rows_changed)(alice, 9)
        await tab.send_to(text_data=json.dumps({"ack": 5}))
        cursors.append((await tab.receive_json_from(10))["cursor"])
        await tab.send_to(text_data=json.dumps({"ack": 9}))
        assert await tab.receive_nothing(0.5)
        await tab.send_to(text_data=json.dumps({"ack": 9}))
        code = await tab.closed_with()
        await tab.disconnect()
        return cursors, code

    assert asyncio.run(story()) == ([5, 9], 4400)


NO_PAGE = [
    {"lang": []}, {"lang": {}}, {"page": []}, {"id": {}}, {"model": "\ud800"}, {"model": "a\x00b"}, {"kind": []},
]  # fmt: skip


@pytest.mark.parametrize("said", NO_PAGE, ids=str)
def test_a_page_that_cannot_be_is_told_as_any_other(alice: User, said: dict[str, Any]) -> None:
    key = session_key(signed_in(alice))
    rows_changed(alice, 5)

    async def story() -> int:
        tab = Tab(key)
        await tab.open()
        await tab.send_to(text_data=json.dumps({"have": 0, "jobs": True, **said}))
        frame = await tab.receive_json_from(10)
        await tab.disconnect()
        return int(frame["cursor"])

    assert asyncio.run(story()) == 5
