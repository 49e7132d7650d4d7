"""Sockets of the running system: who may open one, what it says, and that tabs agree."""

from contextlib import ExitStack
from typing import Any

import pytest
import requests
from websockets import Origin
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from config.local.waiting import until
from tests.system import RunningSystem
from tests.threads import at_once
from tests.visitor import Visitor

pytestmark = pytest.mark.system


@pytest.fixture
def alice(system: RunningSystem) -> Visitor:
    return Visitor(system).sign_in()


def refused(system: RunningSystem, **kwargs: Any) -> int:
    address = system.url.replace("http", "ws", 1) + "/ws/live/"
    with pytest.raises(InvalidStatus) as answer, connect(address, proxy=None, **kwargs):
        pass
    return int(answer.value.response.status_code)


def test_a_signed_out_visitor_is_told_on_an_open_socket(system: RunningSystem) -> None:
    address = system.url.replace("http", "ws", 1) + "/ws/live/"
    with connect(address, origin=Origin(system.url), proxy=None) as socket:
        with pytest.raises(ConnectionClosed):
            socket.recv(timeout=10)
        assert socket.close_code == 4401


def test_figures_are_for_those_inside(system: RunningSystem) -> None:
    for path in ("/metrics", "/metrics/", "/%6Detrics", "/METRICS"):
        assert requests.get(f"{system.url}{path}", timeout=10).status_code == 404
    inside = requests.get(f"{system.addresses['web']}/metrics", timeout=10)
    assert (inside.status_code, "dotbase_open_generations" in inside.text) == (200, True)


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", None], ids=str)
def test_another_origin_gets_no_socket(system: RunningSystem, alice: Visitor, origin: str | None) -> None:
    headers = {"Cookie": f"sessionid={alice.browser.cookies['sessionid']}"}
    assert refused(system, origin=origin, additional_headers=headers) == 403


def test_the_first_frame_is_the_present_truth(alice: Visitor) -> None:
    generation = alice.ask("already there")
    alice.wait_for(generation, "completed")
    seq = alice.change_number()
    with alice.socket(have=0) as socket:
        frame = socket.receive()
    ids = {fragment["id"] for fragment in frame["fragments"]}
    assert {f"generation-{generation}", "queue", "credits", "bell"} <= ids
    assert frame["cursor"] == seq


def test_two_tabs_see_the_same_picture_arrive(alice: Visitor) -> None:
    with alice.socket() as first, alice.socket() as second:
        generation = alice.ask("two tabs, one kite")
        tabs = (first, second)
        for frame in at_once(lambda number: tabs[number].receive_until("/media/"), 2):
            assert isinstance(frame, dict), frame
            card = next(part for part in frame["fragments"] if part["id"] == f"generation-{generation}")
            assert card["list"] is True
    assert alice.get(generation)["status"] == "completed"


def test_a_stranger_hears_nothing(system: RunningSystem, alice: Visitor) -> None:
    carol = Visitor(system, "carol").sign_in()
    with carol.socket() as hers, alice.socket() as mine:
        generation = alice.ask("not for carol")
        mine.receive_until(generation)
        carol_asks = carol.ask("for carol")
        frame = hers.receive_until(carol_asks)
        assert generation not in str(frame)


def test_a_page_that_is_up_to_date_hears_nothing_until_something_changes(alice: Visitor) -> None:
    generation = alice.ask("quiet")
    alice.wait_for(generation, "completed")
    seq = alice.change_number()
    with alice.socket(have=seq) as socket:
        alice.call("POST", f"/api/generations/{generation}/viewed")
        assert socket.receive()["cursor"] == seq + 1


@pytest.mark.parametrize("have", [10**15, -1])
def test_a_cursor_that_cannot_be_is_told_to_start_again(alice: Visitor, have: int) -> None:
    with alice.socket(have=have) as socket:
        assert socket.receive() == {"reset": True}


GARBAGE = ["not json", "[]", '{"have": "5"}', '{"have": true}', '{"x": 1}', "[" * 5000, b"\x00"]


@pytest.mark.parametrize("garbage", GARBAGE)
def test_garbage_closes_the_socket(alice: Visitor, garbage: str | bytes) -> None:
    with alice.socket(hello=False) as socket:
        socket.send(garbage)
        with pytest.raises(ConnectionClosed):
            socket.receive()
        assert socket.raw.close_code == 4400


def test_the_ninth_tab_closes_the_first(alice: Visitor) -> None:
    with ExitStack() as stack:
        tabs = [stack.enter_context(alice.socket(hello=False)) for _number in range(9)]
        with pytest.raises(ConnectionClosed):
            tabs[0].receive()
        assert tabs[0].raw.close_code == 4409


def test_a_reader_that_never_acknowledges_is_let_go(alice: Visitor) -> None:
    alice.ask("unread")
    with alice.socket() as socket:
        assert "cursor" in socket.receive(acknowledge=False)
        with pytest.raises(ConnectionClosed):
            socket.receive(20)
        assert socket.raw.close_code == 4408


def test_the_socket_keeps_telling_without_valkey_and_after_it_came_back(system: RunningSystem, alice: Visitor) -> None:
    with alice.socket() as socket:
        system.stop("valkey")
        try:
            generation = alice.ask("without redis")
            socket.receive_until("/media/", 60)
            assert alice.stage(generation) == "completed"
        finally:
            system.start("valkey")
        system.wait_until(lambda: system.is_up("valkey"))
        again = alice.ask("with redis again")
        socket.receive_until(again, 20)
        assert until(lambda: alice.stage(again) == "completed", 40)
