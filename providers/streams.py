"""Answers that come in as they are made: server-sent events, each of them one JSON object. Knows no provider.

Format: the "event stream" of the HTML standard, of which only `data` lines matter here. Lines may end in CRLF and be
megabytes long. What follows the last blank line is half a frame and is not given out.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from http import HTTPStatus
from typing import Any

import requests

from providers.bodies import json_object
from providers.connections import Session
from providers.errors import ProviderError, Transient
from providers.http import BROKEN, CHUNK_BYTES, MAX_ANSWER_BYTES, Answer, Client, chunks_of

MAX_FRAME_BYTES = 64 * 1024 * 1024


class StreamingClient(Client):
    def events(
        self,
        path: str,
        payload: Mapping[str, Any],
        *,
        params: Mapping[str, str],
        patience_seconds: float,
        refusal: Callable[[Answer], ProviderError],
    ) -> Iterator[dict[str, Any]]:
        """The objects as they come. Closing the iterator ends the connection.

        patience_seconds: for all of it; silence is bounded by the line's read timeout. refusal: what a 4xx means.
        Raises what refusal gives, NotSent, Misconfigured, and Transient for whatever else goes wrong on the way.
        """
        request = self._prepare(
            "POST",
            self._address(path),
            headers={"Content-Type": "application/json", "Accept": "*/*"},
            params=params,
            body=json.dumps(payload).encode(),
        )
        deadline = time.monotonic() + patience_seconds
        timeout = (self._line.connect_timeout_seconds, self._line.read_timeout_seconds)
        with Session() as session:
            try:
                with session.send(request, stream=True, timeout=timeout) as response:
                    # The status first: a refusal may call itself an event stream, too.
                    if response.status_code != HTTPStatus.OK:
                        raise _failure(response, deadline, refusal)
                    yield from _frames(_lines(response, deadline))
            except BROKEN as error:
                raise Transient(f"{type(error).__name__}: {error}"[:500]) from error


def _failure(response: requests.Response, deadline: float, refusal: Callable[[Answer], ProviderError]) -> ProviderError:
    body = b"".join(chunks_of(response, deadline, MAX_ANSWER_BYTES))
    try:
        said = json_object(body)
    except ValueError:
        said = {}
    answer = Answer(status=response.status_code, headers=response.headers, object=said)
    if answer.is_failure or answer.is_success:
        return Transient(f"answered {answer.status}", http_status=answer.status)
    return refusal(answer)


def _lines(response: requests.Response, deadline: float) -> Iterator[bytes]:
    rest = bytearray()
    while chunk := response.raw.read1(CHUNK_BYTES, decode_content=True):
        if time.monotonic() > deadline:
            raise requests.Timeout("the stream took too long")
        start = len(rest)
        rest += chunk
        while (end := rest.find(b"\n", start)) >= 0:
            yield bytes(rest[:end]).removesuffix(b"\r")
            del rest[: end + 1]
            start = 0
        if len(rest) > MAX_FRAME_BYTES:
            raise requests.RequestException(f"a line of more than {MAX_FRAME_BYTES} bytes")


def _frames(lines: Iterator[bytes]) -> Iterator[dict[str, Any]]:
    data: list[bytes] = []
    for line in lines:
        if line.startswith(b"data:"):
            data.append(line.removeprefix(b"data:").removeprefix(b" "))
        elif not line and data:
            try:
                frame = json_object(b"\n".join(data))
            except ValueError as error:
                raise Transient(f"unreadable frame: {error}") from error
            data = []
            yield frame
