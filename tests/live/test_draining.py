"""`live` is told to end: nobody is cut off, everybody is told to come back, and it is gone within its time."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from threading import Thread
from typing import Any

import psycopg
import pytest
import requests
from websockets.exceptions import ConnectionClosed

from tests.system import RunningSystem
from tests.threads import at_once
from tests.visitor import Socket, Visitor

pytestmark = pytest.mark.system
RESTARTING = 4012


@pytest.fixture
def alice(system: RunningSystem) -> Iterator[Visitor]:
    yield Visitor(system).sign_in()
    if not system.is_up("live"):
        system.start("live")
    system.wait_until(lambda: system.is_listening("live"))


@contextmanager
def ending(system: RunningSystem) -> Iterator[None]:
    """SIGTERM now; at the end it is gone, and not by force."""
    thread = Thread(target=system.stop, args=("live",))
    thread.start()
    try:
        yield
    finally:
        thread.join()


@contextmanager
def table_in_use(system: RunningSystem) -> Iterator[psycopg.Connection]:
    """Nobody is told who they are until this ends."""
    with psycopg.connect(system.database_url) as connection:
        connection.execute("LOCK TABLE django_session IN ACCESS EXCLUSIVE MODE")
        yield connection


def code_of(socket: Socket) -> int | None:
    with pytest.raises(ConnectionClosed):
        while True:
            socket.receive(20)
    return socket.raw.close_code


def test_pages_are_told_to_come_back_and_miss_nothing(system: RunningSystem, alice: Visitor) -> None:
    generation = alice.ask("before the restart")
    alice.wait_for(generation, "completed")
    # Its end is told in the bell, which is a change of its own.
    system.wait_until(lambda: told_of(system, generation))
    with ExitStack() as stack:
        tabs = [stack.enter_context(alice.socket()) for _number in range(5)]
        cursors = [tab.receive()["cursor"] for tab in tabs]
        with ending(system):
            assert at_once(lambda number: code_of(tabs[number]), len(tabs)) == [RESTARTING] * len(tabs)
    alice.call("POST", f"/api/generations/{generation}/viewed")
    system.start("live")
    system.wait_until(lambda: system.is_listening("live"))
    with alice.socket(have=max(cursors)) as tab:
        assert tab.receive(20)["cursor"] == max(cursors) + 1


def told_of(system: RunningSystem, generation: str) -> bool:
    return bool(system.query("SELECT 1 FROM notifications_notification WHERE generation_id = %s", generation))


def test_an_answer_under_way_is_finished_while_nobody_new_is_let_in(system: RunningSystem, alice: Visitor) -> None:
    address, answers = system.addresses["live"], list[Any]()
    cookies = {"sessionid": str(alice.browser.cookies["sessionid"])}
    asking = Thread(target=lambda: answers.append(requests.get(f"{address}/history/", cookies=cookies, timeout=30)))

    def status() -> int:
        return requests.get(f"{address}/api/health/ready", timeout=10).status_code

    assert status() == 200
    with table_in_use(system) as holder:
        asking.start()
        system.wait_until(lambda: is_waiting(system))
        with ending(system):
            # The database lets nobody wait for a table longer than three seconds.
            system.wait_until(lambda: status() == 503, 2)
            holder.rollback()
    asking.join()
    assert [answer.status_code for answer in answers] == [200]
    assert answers[0].text.rstrip().endswith("</html>")


def is_waiting(system: RunningSystem) -> bool:
    return bool(system.query("SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'django_session'::regclass"))
