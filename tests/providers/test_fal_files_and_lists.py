"""fal's storage, which takes a file in two steps, and its list, from which an answerless submit may be adopted."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from providers.adapters.fal import Fal
from providers.adapters.fal_listing import MAX_PAGES
from providers.contract import InputFile, JobState
from providers.errors import Misconfigured, OutOfCredit, Rejected, TokenInvalid, Transient, Unsupported
from tests.providers.conftest import MakeLine, MakeServer
from tests.providers.recorded import raw, recorded
from tests.providers.server import Server, answers

SINCE = datetime(2026, 11, 22, 10, 0, 0, 500_000, tzinfo=UTC)
ENDPOINT = "fal-ai/flux/dev"


@pytest.fixture
def reach(line_to: MakeLine):
    def make(server: Server) -> Fal:
        options = {"rest_url": f"{server.origin}/rest", "api_url": f"{server.origin}/v1"}
        return Fal(line_to(f"{server.origin}/queue", options=options))

    return make


@pytest.fixture
def file(tmp_path: Path) -> InputFile:
    path = tmp_path / "cat1.jpg"
    path.write_bytes(b"\xff\xd8 a cat")
    return InputFile(path=path, content_type="image/jpeg", size_bytes=8, name="cat1.jpg")


def test_a_file_is_announced_then_put_without_our_key(serve: MakeServer, reach, file: InputFile) -> None:
    server = serve()
    address = f"{server.origin}/files/b/x/cat1.jpg"
    server.behaviours = [
        answers(200, {"upload_url": f"{address}?signature=s", "file_url": address}), answers(200, b""),
    ]  # fmt: skip
    uploaded = reach(server).upload(file)
    first, second = server.calls
    assert (first.method, first.target) == ("POST", "/rest/storage/upload/initiate?storage_type=fal-cdn-v3")
    assert json.loads(first.body) == json.loads(raw("fal", "upload")["request"])
    assert first.headers["authorization"].startswith("Key ")
    assert (second.method, second.target, second.body) == ("PUT", "/files/b/x/cat1.jpg?signature=s", b"\xff\xd8 a cat")
    assert second.headers["content-type"] == "image/jpeg"
    assert "authorization" not in second.headers
    assert uploaded.reference == address
    assert uploaded.expires_at is not None
    assert timedelta(days=6) < uploaded.expires_at - datetime.now(UTC) <= timedelta(days=7)


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/files/x",
        "https://fal.media.evil.example/x",
        "https://notfal.media/x",
        "http://v3b.fal.media/x",
        "https://v3b.fal.media@evil.example/x",
        "https://[",
        "file:///etc/passwd",
    ],
)
@pytest.mark.parametrize("name", ["upload_url", "file_url"])
def test_a_host_that_is_not_fals_gets_nothing(
    address: str, name: str, serve: MakeServer, reach, file: InputFile
) -> None:
    given = {"upload_url": "https://v3b.fal.media/files/b/x", "file_url": "https://v3b.fal.media/files/b/x"}
    server = serve(answers(200, given | {name: address}))
    with pytest.raises(Misconfigured):
        reach(server).upload(file)
    assert len(server.calls) == 1


@pytest.mark.parametrize(
    ("behaviours", "error"),
    [
        ([answers(401, {"detail": "no"})], TokenInvalid),
        ([answers(403, raw("fal", "locked")["bodies"][0])], OutOfCredit),
        ([answers(413, {"detail": "too large"})], Rejected),
        ([answers(500, {})], Transient),
        ([answers(200, {})], Transient),
        ([answers(200, {"upload_url": 5, "file_url": ""})], Transient),
        ([None, answers(403, b"")], Rejected),
        ([None, answers(500, b"")], Transient),
    ],
)
def test_an_upload_that_fails_says_how(
    behaviours: list[Any], error: type[Exception], serve: MakeServer, reach, file: InputFile
) -> None:
    server = serve()
    address = f"{server.origin}/files/x"
    accepted = answers(200, {"upload_url": address, "file_url": address})
    server.behaviours = [behaviour or accepted for behaviour in behaviours]
    with pytest.raises(error):
        reach(server).upload(file)


def item(name: str, seconds: float = 60, **changes: Any) -> dict[str, Any]:
    sent_at = (SINCE + timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z")
    return {"request_id": name, "sent_at": sent_at, "status_code": 200, "json_input": {"prompt": name}} | changes


def page(*items: object, cursor: object = None) -> Any:
    return answers(200, {"items": list(items), "next_cursor": cursor, "has_more": cursor is not None})


def ids(adapter: Fal) -> list[str]:
    return [listed.update.external_id for listed in adapter.list_since(SINCE, ENDPOINT)]


def test_pages_are_followed_by_their_cursor(serve: MakeServer, reach) -> None:
    server = serve(page(item("a", 1), item("b", 2), cursor="Mg=="), page(item("c")))
    assert ids(reach(server)) == ["b", "a", "c"]
    first, second = (urlsplit(call.target) for call in server.calls)
    asked = {
        "endpoint_id": [ENDPOINT], "start": ["2026-11-22T10:00:00.500000Z"], "limit": ["100"], "expand": ["payloads"],
    }  # fmt: skip
    assert first.path == "/v1/models/requests/by-endpoint"
    assert parse_qs(first.query) == asked
    assert parse_qs(second.query) == asked | {"cursor": ["Mg=="]}


def test_the_documented_answer_is_read_and_left_to_a_poll(serve: MakeServer, reach) -> None:
    adapter = reach(serve(answers(200, recorded("fal", "listed").body), page()))
    [found] = adapter.list_since(datetime(2025, 1, 1, tzinfo=UTC), ENDPOINT)
    assert found.inputs == {"prompt": "cat astronaut"}
    assert found.created_at == datetime(2025, 1, 1, 0, 0, 1, tzinfo=UTC)
    assert found.update.state is JobState.RUNNING


def test_a_seed_larger_than_a_float_can_hold_is_compared_as_it_was(serve: MakeServer, reach) -> None:
    [found] = reach(serve(page(item("a", json_input={"seed": 17454220438242315174})))).list_since(SINCE, ENDPOINT)
    assert found.inputs == {"seed": 17454220438242315174}


def test_what_cannot_be_read_or_is_older_hides_nothing_else(serve: MakeServer, reach) -> None:
    broken: list[Any] = [None, 5, {}, item("../x"), item("x", sent_at="soon"), item("y", sent_at=None), item("old", -1)]
    adapter = reach(serve(page(*broken, item("a"), item("b", 1, json_input=None))))
    assert [(one.update.external_id, one.inputs) for one in adapter.list_since(SINCE, ENDPOINT)] == [
        ("a", {"prompt": "a"}), ("b", {}),
    ]  # fmt: skip


def test_a_list_that_goes_in_circles_ends(serve: MakeServer, reach) -> None:
    assert len(ids(reach(serve(page(item("a"), cursor="1"))))) == 2
    assert len(ids(reach(serve(*[page(item("a"), cursor=str(number % 2)) for number in range(50)])))) == MAX_PAGES


@pytest.mark.parametrize("body", [{}, {"items": None}, {"items": {}}, {"items": [], "next_cursor": 5}])
def test_a_list_that_is_none_is_empty(body: object, serve: MakeServer, reach) -> None:
    assert ids(reach(serve(answers(200, body)))) == []


def test_a_failure_on_the_way_is_told(serve: MakeServer, reach) -> None:
    with pytest.raises(TokenInvalid):
        ids(reach(serve(answers(401, {"error": {"type": "authorization_error", "message": "no"}}))))
    with pytest.raises(Transient):
        ids(reach(serve(page(item("a"), cursor="1"), answers(500, {}))))


def test_without_an_endpoint_or_an_address_there_is_no_list(serve: MakeServer, reach, line_to: MakeLine) -> None:
    for adapter, endpoint in ((reach(serve()), ""), (Fal(line_to("https://queue.example.org")), ENDPOINT)):
        with pytest.raises(Unsupported):
            list(adapter.list_since(SINCE, endpoint))
