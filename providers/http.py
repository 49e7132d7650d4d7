"""One provider's HTTP, with the one distinction everything else rests on: was it sent, or not?

Reads (and commands that may be repeated, such as cancel) share one pooled session per provider and process; whatever
goes wrong with them is Transient. A submit gets a connection of its own and no retry: a kept-alive connection that the
other side has just closed would turn "not sent" into "unknown". Until the connection stands a failure is NotSent; all
that fails later on a submit is Ambiguous.

Redirects, cookies, proxies and .netrc are off. A head that drips in byte by byte is bounded only by the caller's own
time limit; a body is bounded here. What a 4xx means is for the adapter to say.
"""

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import HTTPError

from providers import __version__
from providers.bodies import json_object
from providers.connections import Session, pooled_session
from providers.contract import InputFile, Line
from providers.errors import Ambiguous, Misconfigured, Rejected, Transient

MAX_ANSWER_BYTES = 4 * 1024 * 1024
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
CHUNK_BYTES = 64 * 1024
BROKEN = (requests.RequestException, HTTPError, HTTPException, OSError)


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What came back. object: the body as a JSON object, empty when it is none (which only a refusal
    and the answer to a command may be)."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    object: Mapping[str, Any] = field(repr=False)

    @property
    def is_success(self) -> bool:
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES

    @property
    def is_redirect(self) -> bool:
        return HTTPStatus.MULTIPLE_CHOICES <= self.status < HTTPStatus.BAD_REQUEST

    @property
    def is_failure(self) -> bool:
        """The other side, or something between, did not manage; it says nothing about the request."""
        return self.status >= HTTPStatus.INTERNAL_SERVER_ERROR or self.status == HTTPStatus.REQUEST_TIMEOUT

    @property
    def retry_after_seconds(self) -> float | None:
        """The Retry-After header, as seconds or as a date (RFC 9110, 10.2.3); None when there is none to read."""
        value = self.headers.get("Retry-After", "").strip()
        if value.isascii() and value.isdigit():
            return float(value[:9])
        try:
            moment = parsedate_to_datetime(value)
            return max(0.0, (moment.astimezone(UTC) - datetime.now(UTC)).total_seconds())
        except (ValueError, OverflowError):
            return None


class Client:
    """Speaks to one provider as one token. Cheap to make; the pool behind it is shared."""

    def __init__(self, provider: str, line: Line, *, headers: Mapping[str, str]) -> None:
        if urlsplit(line.base_url).scheme not in {"http", "https"}:
            raise Misconfigured(f"the address of {provider} must begin with https://")
        self._provider = provider
        self._line = line
        self._headers = {
            "Accept": "application/json",
            # Counting bytes means something only when they are not compressed.
            "Accept-Encoding": "identity",
            "User-Agent": f"dotbase/{__version__}",
            **headers,
        }

    def read(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        payload: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        most_bytes: int = MAX_ANSWER_BYTES,
        may_be_empty: bool = False,
    ) -> Answer:
        """Sends what may safely be sent again. Raises NotSent, Transient (5xx and nonsense too) or Misconfigured.

        path: below the base address; or a whole address of the same origin, as providers hand them out.
        may_be_empty: what counts stands in the answer's head, and a good one may have no body.
        """
        own, body = dict(headers or {}), None
        if payload is not None:
            own, body = {**own, "Content-Type": "application/json"}, _as_json(payload)
        return self._repeatable(
            self._prepare(method, self._address(path), headers=own, params=params, body=body),
            most_bytes,
            may_be_empty=may_be_empty,
        )

    def look(self, path: str) -> Answer:
        """Asks for what may itself be a failure: a 5xx is handed back, because it may be a job's and not the call's.

        Raises NotSent, Transient (nothing readable came) or Misconfigured.
        """
        session, patience = pooled_session(self._provider), self._line.fetch_timeout_seconds
        request = self._prepare("GET", self._address(path), headers={})
        try:
            return self._exchange(session, request, patience, MAX_ANSWER_BYTES)
        except BROKEN as error:
            raise Transient(_say(error)) from error

    def command(self, method: str, path: str) -> Answer:
        """Sends a wish without a body that may be repeated; its answer may have none either. Raises as read does."""
        return self._repeatable(
            self._prepare(method, self._address(path), headers={}), MAX_ANSWER_BYTES, may_be_empty=True
        )

    def send_form(self, path: str, file: InputFile, *, field: str) -> Answer:
        """Uploads one file as multipart/form-data. Raises as read does."""
        with file.path.open("rb") as stream:
            try:
                prepared = requests.Request(
                    "POST",
                    self._address(path),
                    headers=self._headers,
                    files={field: (file.name, stream, file.content_type)},
                ).prepare()
            except (requests.RequestException, ValueError) as error:
                raise Misconfigured(f"the address of {self._provider} cannot be used: {error}") from error
            return self._repeatable(prepared, MAX_ANSWER_BYTES)

    def send_file(self, path: str, file: InputFile, *, headers: Mapping[str, str]) -> Answer:
        """Uploads one file as it is, to a path or to a whole address of the same origin. Raises as read does."""
        request = self._prepare("POST", self._address(path), headers={"Content-Type": file.content_type, **headers})
        request.prepare_body(file.path.read_bytes(), None)
        return self._repeatable(request, MAX_ANSWER_BYTES)

    def put_file(self, url: str, file: InputFile, *, headers: Mapping[str, str] | None = None) -> None:
        """Uploads one file to a signed address on whatever host the provider named; our key is not sent along.

        Raises Transient, Misconfigured, and Rejected when the file was refused.
        """
        parts = urlsplit(url)
        is_sandbox = parts.scheme == "http" and parts.hostname in LOOPBACK and self._line.base_url.startswith("http://")
        if parts.scheme != "https" and not is_sandbox:
            raise Misconfigured(f"{self._provider} named an address for uploads that is not https")
        own = {"User-Agent": self._headers["User-Agent"], "Content-Type": file.content_type, **(headers or {})}
        with file.path.open("rb") as stream:
            try:
                request = requests.Request("PUT", url, headers=own, data=stream).prepare()
            except (requests.RequestException, ValueError) as error:
                raise Misconfigured(f"{self._provider} named an address for uploads that cannot be used") from error
            try:
                with pooled_session(self._provider).send(
                    request, stream=True, timeout=(self._line.connect_timeout_seconds, self._line.read_timeout_seconds)
                ) as response:
                    status = response.status_code
            except BROKEN as error:
                raise Transient(_say(error)) from error
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise Transient(f"the upload was answered {status}", http_status=status)
        if status >= HTTPStatus.MULTIPLE_CHOICES:
            raise Rejected(f"the upload was answered {status}", http_status=status)

    def submit(
        self,
        path: str,
        payload: Mapping[str, Any],
        *,
        headers: Mapping[str, str],
        params: Mapping[str, str] | None = None,
        most_bytes: int = MAX_ANSWER_BYTES,
    ) -> Answer:
        """Sends what must not be sent twice. Raises NotSent, Ambiguous (5xx, nonsense), Misconfigured, Rejected."""
        own = {**headers, "Content-Type": "application/json", "Connection": "close"}
        request = self._prepare("POST", self._address(path), headers=own, params=params, body=_as_json(payload))
        with Session() as session:
            try:
                answer = self._exchange(session, request, self._line.read_timeout_seconds, most_bytes)
            except BROKEN as error:
                raise Ambiguous(_say(error)) from error
        if answer.is_failure:
            raise Ambiguous(f"{self._provider} answered {answer.status}", http_status=answer.status)
        return answer

    def _address(self, path: str) -> str:
        """Below the base address. A whole address must lead to the same origin: the key goes nowhere else."""
        if path.startswith("/"):
            return f"{self._line.base_url}{path}"
        here, there = urlsplit(self._line.base_url), urlsplit(path)
        if (here.scheme, here.netloc) != (there.scheme, there.netloc):
            raise Misconfigured(f"{self._provider} named an address on another host, {there.hostname}; not followed")
        return path

    def _repeatable(self, request: requests.PreparedRequest, most_bytes: int, *, may_be_empty: bool = False) -> Answer:
        session, patience = pooled_session(self._provider), self._line.fetch_timeout_seconds
        try:
            answer = self._exchange(session, request, patience, most_bytes, may_be_empty=may_be_empty)
        except BROKEN as error:
            raise Transient(_say(error)) from error
        if answer.is_failure:
            raise Transient(f"{self._provider} answered {answer.status}", http_status=answer.status)
        return answer

    def _prepare(
        self,
        method: str,
        address: str,
        *,
        headers: Mapping[str, str],
        params: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> requests.PreparedRequest:
        together = {**self._headers, **headers}
        if not all(value.isascii() and value.isprintable() for value in together.values()):
            raise Misconfigured(f"a header for {self._provider} has characters that cannot be sent; look at the token")
        try:
            return requests.Request(method, address, headers=together, params=dict(params or {}), data=body).prepare()
        except (requests.RequestException, ValueError) as error:
            raise Misconfigured(f"the address of {self._provider} cannot be used: {error}") from error

    def _exchange(
        self,
        session: requests.Session,
        request: requests.PreparedRequest,
        patience: float,
        most_bytes: int,
        *,
        may_be_empty: bool = False,
    ) -> Answer:
        connect = self._line.connect_timeout_seconds
        deadline = time.monotonic() + connect + patience
        with session.send(request, stream=True, timeout=(connect, patience)) as response:
            body = b"".join(chunks_of(response, deadline, most_bytes))
        try:
            answer = Answer(status=response.status_code, headers=response.headers, object=json_object(body))
        except ValueError as error:
            answer = Answer(status=response.status_code, headers=response.headers, object={})
            if answer.is_success and (body or not may_be_empty):
                raise requests.RequestException(f"{answer.status}, but unreadable: {error}") from error
        if answer.is_redirect:
            sentence = f"{self._provider} answered {answer.status}, a redirect, which is not followed"
            raise Misconfigured(sentence, http_status=answer.status)
        return answer


def _as_json(payload: Mapping[str, Any]) -> bytes:
    """Sorted, so that a request that is sent again after having been stored is the same to the byte."""
    try:
        return json.dumps(payload, allow_nan=False, sort_keys=True).encode()
    except (TypeError, ValueError) as error:
        raise Rejected(f"the request cannot be written as JSON: {error}") from error


def chunks_of(response: requests.Response, deadline: float, most_bytes: int) -> Iterator[bytes]:
    """The body as it comes in, bounded. deadline: of time.monotonic."""
    # read1 hands over what has come; iter_content would wait for a full chunk and never see the deadline.
    size = 0
    while chunk := response.raw.read1(CHUNK_BYTES, decode_content=True):
        size += len(chunk)
        if size > most_bytes:
            raise requests.RequestException(f"the answer is larger than {most_bytes} bytes")
        if time.monotonic() > deadline:
            raise requests.Timeout("the answer took too long to come in")
        yield chunk


def _say(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:500]
