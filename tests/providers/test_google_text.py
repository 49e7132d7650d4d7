"""Gemini's text: recorded answers and streams, and streams that break."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from providers.adapters.google_talk import Piece, TextRequest, Turn, Usage
from providers.adapters.google_text import generate_text, stream_text
from providers.errors import ContentRefused, NotFound, NotSent, ProviderError, RateLimited, Rejected, Transient
from tests.providers.conftest import MakeLine, MakeServer
from tests.providers.recorded import recorded
from tests.providers.server import Behaviour, answers, drips, hangs_up, says, stays_silent

REQUEST = TextRequest(model="gemini-3.7-flash", turns=(Turn(text="hello"),))


def streams(*frames: object, end: bytes = b"\r\n\r\n") -> Behaviour:
    body = end.join(b"data: " + json.dumps(frame).encode() for frame in frames) + end
    return answers(200, body, {"Content-Type": "text/event-stream"})


def frame(text: str, end: str | None = None, **more: Any) -> dict[str, Any]:
    candidate: dict[str, Any] = {"content": {"parts": [{"text": text}], "role": "model"}}
    return {"candidates": [candidate | ({"finishReason": end} if end else {})], **more}


@pytest.fixture
def stream(serve: MakeServer, line_to: MakeLine):
    def run(behaviour: Behaviour, **changes: Any) -> Iterator[Piece]:
        return stream_text(line_to(serve(behaviour).origin, **changes), REQUEST)

    return run


def test_a_whole_answer(serve: MakeServer, line_to: MakeLine) -> None:
    server = serve(answers(200, recorded("google", "text").body))
    talk = (
        Turn(text="hi", files=("data:image/png;base64,aVZC",)),
        Turn(is_model=True, text="hello"),
        Turn(text="how many?"),
    )
    request = TextRequest(model="gemini-3-pro", turns=talk, system="be brief", temperature=0.5, most_tokens=100)
    piece = generate_text(line_to(server.origin), request)
    assert piece.text.startswith("There are **3** r's")
    assert (piece.end, piece.usage) == ("STOP", Usage(prompt=9, answer=28, thoughts=244))
    [call] = server.calls
    assert call.target == "/v1/models/gemini-3-pro:generateContent"
    assert call.json == {
        "contents": [
            {"role": "user", "parts": [{"inlineData": {"mimeType": "image/png", "data": "aVZC"}}, {"text": "hi"}]},
            {"role": "model", "parts": [{"text": "hello"}]},
            {"role": "user", "parts": [{"text": "how many?"}]},
        ],
        "systemInstruction": {"parts": [{"text": "be brief"}]},
        "generationConfig": {"temperature": 0.5, "maxOutputTokens": 100},
    }


def test_an_answer_that_reached_its_limit_is_one(serve: MakeServer, line_to: MakeLine) -> None:
    server = serve(answers(200, recorded("google", "text_limited").body))
    assert generate_text(line_to(server.origin), REQUEST).end == "MAX_TOKENS"


@pytest.mark.parametrize(
    ("name", "text", "usage"),
    [
        ("text_stream", "a + b = 5 + 10 = 15\n\nTherefore, the value of a+b is **15**.\n", Usage(prompt=16, answer=29)),
        (
            "thinking_stream",
            'There are **3** "r"s in strawberry.\n\nst**r**awbe**rr**y',
            Usage(prompt=9, answer=23, thoughts=185),
        ),
    ],
)
def test_recorded_streams(name: str, text: str, usage: Usage, serve: MakeServer, line_to: MakeLine) -> None:
    fixture = recorded("google", name)
    server = serve(answers(fixture.status, fixture.body, fixture.headers))
    pieces = list(stream_text(line_to(server.origin), REQUEST))
    assert "".join(piece.text for piece in pieces) == text
    assert [piece.end for piece in pieces] == [""] * (len(pieces) - 1) + ["STOP"]
    assert pieces[-1].usage == usage
    assert server.calls[0].target == "/v1/models/gemini-3.7-flash:streamGenerateContent?alt=sse"


@pytest.mark.parametrize("end", [b"\r\n\r\n", b"\n\n"])
def test_a_huge_frame_is_one_piece(end: bytes, stream) -> None:
    text = "x" * 5_000_000
    [first, last] = stream(streams(frame(text), frame("", "STOP"), end=end))
    assert (first.text, last.end) == (text, "STOP")


def test_a_frame_over_several_lines_and_other_lines_beside_it(stream) -> None:
    body = b': hello\r\nevent: x\r\ndata: {"candidates":\r\ndata: [{"finishReason": "STOP"}]}\r\n\r\n\r\n'
    assert [piece.end for piece in stream(answers(200, body))] == ["STOP"]


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
ONE = b"data: " + json.dumps(frame("one")).encode() + b"\r\n\r\n"


@pytest.mark.parametrize(
    "behaviour",
    [
        streams(frame("one")),
        answers(200, ONE + b"data: {"),
        says(HEAD + f"{len(ONE):x}\r\n".encode() + ONE + b"\r\n"),
        streams(frame("one"), {"error": {"code": 503, "status": "UNAVAILABLE"}}),
        streams(frame("one"), {"error": {"status": "UNAVAILABLE"}}),
        answers(200, ONE + b"data: [1]\r\n\r\n"),
    ],
    ids=["no end", "half a frame", "cut", "error", "error without a code", "no object"],
)
def test_a_stream_that_breaks_off_gave_what_had_come_and_is_transient(behaviour: Behaviour, stream) -> None:
    pieces = stream(behaviour)
    assert next(pieces).text == "one"
    with pytest.raises(Transient):
        list(pieces)


@pytest.mark.parametrize(
    ("behaviour", "kind"),
    [
        (hangs_up, Transient),
        (stays_silent, Transient),
        (answers(503, {}, {"Content-Type": "text/event-stream"}), Transient),
        (answers(204, b""), Transient),
        (answers(404, {"error": {"code": 404}}, {"Content-Type": "text/event-stream"}), NotFound),
        (answers(429, recorded("google", "throttled").body), RateLimited),
        (answers(400, b"<html>"), Rejected),
        (streams({"promptFeedback": {"blockReason": "SAFETY"}}), ContentRefused),
        (streams(frame("x", "PROHIBITED_CONTENT")), ContentRefused),
        (streams(frame("x", "TIRED")), Rejected),
        (streams({"error": {"code": 429}}), RateLimited),
    ],
)
def test_what_goes_wrong_is_sorted_as_everywhere(behaviour: Behaviour, kind: type[ProviderError], stream) -> None:
    with pytest.raises(kind) as caught:
        list(stream(behaviour, read_timeout_seconds=0.5))
    assert type(caught.value) is kind


def test_a_stream_that_takes_too_long_is_given_up(serve: MakeServer, line_to: MakeLine) -> None:
    line = line_to(serve(drips).origin)
    with pytest.raises(Transient):
        list(stream_text(line, TextRequest(model="m", turns=(), patience_seconds=0.2)))


def test_nobody_there_means_not_sent(line_to: MakeLine) -> None:
    with pytest.raises(NotSent):
        list(stream_text(line_to("http://127.0.0.1:9"), REQUEST))


@pytest.mark.parametrize("body", [{}, {"candidates": [{"content": {}}]}])
def test_an_answer_without_an_end_is_none(body: object, serve: MakeServer, line_to: MakeLine) -> None:
    with pytest.raises(Transient):
        generate_text(line_to(serve(answers(200, body)).origin), REQUEST)


@pytest.mark.parametrize(("status", "kind"), [(404, NotFound), (503, Transient)])
def test_a_refused_answer_is_sorted_as_everywhere(
    status: int, kind: type[ProviderError], serve: MakeServer, line_to: MakeLine
) -> None:
    with pytest.raises(kind):
        generate_text(line_to(serve(answers(status, {})).origin), REQUEST)


def test_a_model_with_another_name_goes_nowhere(line_to: MakeLine) -> None:
    with pytest.raises(Rejected):
        list(stream_text(line_to("http://127.0.0.1:9"), TextRequest(model="../x", turns=())))
