"""Replicate's list of predictions, from which an answerless submit may be adopted."""

from datetime import UTC, datetime, timedelta, timezone
from itertools import islice
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from providers.adapters.replicate import MAX_PAGES, Replicate
from providers.contract import JobState
from providers.errors import TokenInvalid, Transient
from tests.providers.conftest import MakeLine, MakeServer
from tests.providers.recorded import recorded
from tests.providers.server import Behaviour, answers

SINCE = datetime(2026, 11, 22, 10, 0, 0, 500_000, tzinfo=UTC)


def made(name: str, seconds: float = 60, **changes: Any) -> dict[str, Any]:
    created_at = (SINCE + timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z")
    return {
        "id": name, "status": "starting", "created_at": created_at, "input": {"prompt": name}
    } | changes  # fmt: skip


def page(*results: object, following: object = None) -> Behaviour:
    return answers(200, {"next": following, "previous": None, "results": list(results)})


def ids(adapter: Replicate) -> list[str]:
    return [listed.update.external_id for listed in adapter.list_since(SINCE, "")]


def test_pages_are_followed_by_their_cursor(serve: MakeServer, line_to: MakeLine) -> None:
    server = serve(
        page(made("a"), made("b"), following="https://api.replicate.com/v1/predictions?cursor=c1%3D%3D"),
        page(made("c")),
    )
    line = line_to(f"{server.origin}/v1")
    assert ids(Replicate(line)) == ["a", "b", "c"]
    first, second = (urlsplit(call.target) for call in server.calls)
    assert first.path == second.path == "/v1/predictions"
    assert parse_qs(first.query) == {"created_after": ["2026-11-22T10:00:00.500000Z"]}
    assert parse_qs(second.query) == {"cursor": ["c1=="]}


def test_the_token_follows_no_link_to_another_host(serve: MakeServer, line_to: MakeLine) -> None:
    stranger = serve()
    server = serve(page(made("a"), following=f"{stranger.origin}/predictions?cursor=x"), page())
    assert ids(Replicate(line_to(server.origin))) == ["a"]
    assert stranger.calls == []


def test_the_next_page_is_asked_for_only_when_it_is_needed(serve: MakeServer, line_to: MakeLine) -> None:
    server = serve(page(made("a"), made("b"), following="https://x.example/?cursor=1"))
    [first] = islice(Replicate(line_to(server.origin)).list_since(SINCE, ""), 1)
    assert first.update.external_id == "a"
    assert len(server.calls) == 1


def test_a_time_in_another_zone_is_the_same_time(serve: MakeServer, line_to: MakeLine) -> None:
    server = serve(page())
    list(Replicate(line_to(server.origin)).list_since(SINCE.astimezone(timezone(timedelta(hours=3))), ""))
    assert parse_qs(urlsplit(server.calls[0].target).query)["created_after"] == ["2026-11-22T10:00:00.500000Z"]


def test_older_jobs_are_left_out_and_end_the_search(serve: MakeServer, line_to: MakeLine) -> None:
    server = serve(page(made("a", 0), made("b", -0.001), following="https://x.example/?cursor=1"), page(made("c")))
    assert ids(Replicate(line_to(server.origin))) == ["a"]
    assert len(server.calls) == 1


def test_a_list_that_goes_in_circles_ends(serve: MakeServer, line_to: MakeLine) -> None:
    same = serve(page(made("a"), following="https://x.example/?cursor=1"))
    assert len(ids(Replicate(line_to(same.origin)))) == 2
    turning = [page(made("a"), following=f"https://x.example/?cursor={number % 2}") for number in range(2)]
    around = serve(*(turning * MAX_PAGES))
    assert len(ids(Replicate(line_to(around.origin)))) == MAX_PAGES


def test_what_cannot_be_read_hides_nothing_else(serve: MakeServer, line_to: MakeLine) -> None:
    broken: list[object] = [
        None,
        5,
        [],
        {},
        made(""),
        made("../x"),
        made("x", created_at="soon"),
        made("y", created_at=None),
    ]
    server = serve(page(*broken, made("a"), made("b", input=None), made("c", input=[1])))
    jobs = list(Replicate(line_to(server.origin)).list_since(SINCE, ""))
    assert [(listed.update.external_id, listed.inputs) for listed in jobs] == [
        ("a", {"prompt": "a"}),
        ("b", {}),
        ("c", {}),
    ]


@pytest.mark.parametrize(
    "body", [{}, {"results": None}, {"results": {}}, {"results": [], "next": 5}, {"next": "https://["}]
)
def test_a_list_that_is_none_is_empty(body: object, serve: MakeServer, line_to: MakeLine) -> None:
    assert ids(Replicate(line_to(serve(answers(200, body)).origin))) == []


def test_a_finished_job_whose_output_is_not_shown_is_left_to_a_poll(serve: MakeServer, line_to: MakeLine) -> None:
    done = made("a", status="succeeded")
    shown = made("b", status="succeeded", output="https://replicate.delivery/x/out.webp")
    jobs = list(Replicate(line_to(serve(page(done, shown)).origin)).list_since(SINCE, ""))
    assert [listed.update.state for listed in jobs] == [JobState.RUNNING, JobState.SUCCEEDED]
    assert jobs[0].update.error_code == ""


def test_recorded_predictions_can_be_listed(serve: MakeServer, line_to: MakeLine) -> None:
    bodies = [recorded("replicate", name).object for name in ("submitted_2024", "submitted", "succeeded")]
    jobs = Replicate(line_to(serve(page(*bodies)).origin)).list_since(datetime(2023, 1, 1, tzinfo=UTC), "")
    first = next(jobs)
    assert first.inputs == {"prompt": "write a haiku about llamas"}
    assert first.created_at == datetime(2024, 4, 22, 11, 14, 56, 821_000, tzinfo=UTC)


def test_a_failure_on_the_way_is_told(serve: MakeServer, line_to: MakeLine) -> None:
    with pytest.raises(TokenInvalid):
        ids(Replicate(line_to(serve(answers(401, {})).origin)))
    second = serve(page(made("a"), following="https://x.example/?cursor=1"), answers(500, {}))
    with pytest.raises(Transient):
        ids(Replicate(line_to(second.origin)))
