"""Google: Gemini's images and videos over HTTP. Quirks in docs/providers/google.md; text is in google_text.

Images are one call that answers with the files; videos are interactions that run in the background. Base address
https://generativelanguage.googleapis.com, `x-goog-api-key: AIza…`. There is no idempotency key and no list to find a
job in: an answerless submit of a video is found by its webhook or not at all.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from providers.adapters import google_files as files
from providers.adapters import google_images as images
from providers.adapters import google_interactions as interactions
from providers.adapters import google_keys as keys
from providers.adapters import google_legacy as legacy
from providers.adapters import google_webhooks as webhooks
from providers.adapters.google_refusals import refusal
from providers.contract import InputFile, JobRef, JobRequest, JobUpdate, Line, ListedJob, Traits, Uploaded, Verified
from providers.errors import Ambiguous, NotFound, Rejected, Transient, Unsupported
from providers.files import data_uri
from providers.http import Answer, Client

NAME = "google"
DEFAULT_VERSION = "v1"
MODEL = re.compile(r"[a-z0-9][a-z0-9.-]{0,99}", re.ASCII)
DURATION = re.compile(r"dur=(\d{1,9})")
# Up to here a file travels inside the request.
LARGEST_INLINE_BYTES = 256 * 1024
# A 4K picture is some 20 MB, and base64 adds a third; a short video is about as large.
MOST_BYTES = 64 * 1024 * 1024


class Way(StrEnum):
    """The API's methods. An endpoint is "way/model", or the model alone where its family tells."""

    IMAGE = "generateContent"
    INTERACTION = "interactions"
    PREDICTION = "predict"
    OPERATION = "predictLongRunning"


FAMILIES = (("gemini-omni", Way.INTERACTION), ("imagen-", Way.PREDICTION), ("veo-", Way.OPERATION))


class Google:
    name = NAME

    def __init__(self, line: Line) -> None:
        self._line = line
        self._version = line.options.get("api_version") or DEFAULT_VERSION
        self._client = Client(NAME, line, headers={"x-goog-api-key": line.token})

    def traits(self, endpoint: str) -> Traits:
        return Traits(answers_at_once=_split(endpoint)[0] in {Way.IMAGE, Way.PREDICTION})

    def upload(self, file: InputFile) -> Uploaded:
        """Small files go inline; others live at Google for two days."""
        if file.size_bytes <= LARGEST_INLINE_BYTES:
            return Uploaded(reference=data_uri(file))
        return files.upload(self._client, self._version, file)

    def submit(self, request: JobRequest) -> JobUpdate:
        """One call. Pictures come back with it; of a video only its id."""
        way, model = _split(request.endpoint)
        if not MODEL.fullmatch(model):
            raise Rejected(f"{request.endpoint!r} is not the name of a model")
        path = f"/{self._version}/models/{model}:{way}"
        if way is Way.INTERACTION:
            answer = self._send(f"/{self._version}/interactions", interactions.request(model, request))
            return _accepted(answer, lambda: interactions.read(answer.object))
        if way is Way.OPERATION:
            answer = self._send(path, legacy.video_request(request))
            return _accepted(answer, lambda: legacy.read_operation(answer.object, model))
        if way is Way.PREDICTION:
            answer = self._send(path, legacy.picture_request(request))
            return _accepted(answer, lambda: legacy.read_pictures(answer.object, request.idempotency_key))
        answer = self._send(path, images.request(request))
        key, seconds = request.idempotency_key, _seconds(answer)
        return _accepted(answer, lambda: images.read(answer.object, key, seconds))

    def fetch(self, job: JobRef) -> JobUpdate:
        way, model = _split(job.endpoint) if job.endpoint else (Way.INTERACTION, "")
        if way in {Way.IMAGE, Way.PREDICTION}:
            raise NotFound("this endpoint answers at once; there is no job to ask after")
        if way is Way.OPERATION:
            if not legacy.IDENTIFIER.fullmatch(job.external_id) or not MODEL.fullmatch(model):
                raise Rejected(f"{job.external_id!r} is not an operation's id")
            operation = self._read("GET", f"/{self._version}/models/{model}/operations/{job.external_id}")
            return _same(job, lambda: legacy.read_operation(operation.object, model))
        answer = self._read("GET", self._interaction(job), params={"stream": "false"})
        return _same(job, lambda: interactions.read(answer.object, job.external_id))

    def cancel(self, job: JobRef) -> JobUpdate:
        """Answers the interaction as it is then. Whether one that has ended may be cancelled is not documented; a
        refusal is taken for "too late", and the interaction itself is asked."""
        if job.endpoint and _split(job.endpoint)[0] is not Way.INTERACTION:
            raise Unsupported("Google has no way to cancel this")
        answer = self._client.read("POST", f"{self._interaction(job)}/cancel", payload={}, most_bytes=MOST_BYTES)
        if answer.status in {HTTPStatus.BAD_REQUEST, HTTPStatus.CONFLICT}:
            return self.fetch(job)
        if not answer.is_success:
            raise refusal(answer)
        return _same(job, lambda: interactions.read(answer.object, job.external_id))

    def check(self) -> None:
        """Asks for the first of the models, which every accepted key may see."""
        self._read("GET", f"/{self._version}/models", params={"pageSize": "1"})

    def download_headers(self, url: str) -> Mapping[str, str]:
        """Files of the API want the key; other hosts never see it."""
        here, there = urlsplit(self._line.base_url), urlsplit(url)
        is_own = (here.scheme, here.netloc) == (there.scheme, there.netloc) and there.path.startswith(f"{here.path}/")
        return {"x-goog-api-key": self._line.token} if is_own else {}

    def verify_webhook(self, headers: Mapping[str, str], body: bytes, now: float) -> Verified:
        """Standard Webhooks with the project's secret, or a token signed with Google's own key."""
        address = self._line.options.get("jwks_url", "")
        return webhooks.verify(
            headers,
            body,
            now,
            secrets=self._line.webhook_secrets,
            tolerance=self._line.webhook_tolerance_seconds,
            key_of=lambda name: keys.keys_at(address).of(name, lambda: keys.ask(NAME, self._line, address)),
        )

    def parse_webhook(self, headers: Mapping[str, str], body: bytes) -> JobUpdate:
        """The envelope names the job and nothing more, so the job counts as running and is asked after."""
        del headers
        return webhooks.parse(body)

    def list_since(self, created_after: datetime, endpoint: str) -> Iterator[ListedJob]:
        del created_after, endpoint
        raise Unsupported("Google has no list of interactions")

    def _send(self, path: str, payload: Mapping[str, Any]) -> Answer:
        answer = self._client.submit(path, payload, headers={}, most_bytes=MOST_BYTES)
        if not answer.is_success:
            raise refusal(answer)
        return answer

    def _read(self, method: str, path: str, *, params: Mapping[str, str] | None = None) -> Answer:
        answer = self._client.read(method, path, params=params, most_bytes=MOST_BYTES)
        if not answer.is_success:
            raise refusal(answer)
        return answer

    def _interaction(self, job: JobRef) -> str:
        if not interactions.IDENTIFIER.fullmatch(job.external_id):
            raise Rejected(f"{job.external_id!r} is not an interaction's id")
        return f"/{self._version}/interactions/{job.external_id}"


def _split(endpoint: str) -> tuple[Way, str]:
    """How a model is spoken to, and its name."""
    way, slash, model = endpoint.partition("/")
    if slash and way in set(Way):
        return Way(way), model
    return next((way for family, way in FAMILIES if endpoint.startswith(family)), Way.IMAGE), endpoint


def _accepted(answer: Answer, read: Callable[[], JobUpdate]) -> JobUpdate:
    try:
        return read()
    except ValueError as error:
        raise Ambiguous(f"accepted, but unreadable: {error}", http_status=answer.status) from error


def _same(job: JobRef, read: Callable[[], JobUpdate]) -> JobUpdate:
    try:
        update = read()
    except ValueError as error:
        raise Transient(f"unreadable answer: {error}") from error
    if update.external_id != job.external_id:
        raise Transient(f"asked for {job.external_id}, answered about {update.external_id}")
    return update


def _seconds(answer: Answer) -> float | None:
    """Google's own measure, from `Server-Timing: gfet4t7; dur=2266`."""
    found = DURATION.search(answer.headers.get("Server-Timing", ""))
    return int(found[1]) / 1_000 if found else None
