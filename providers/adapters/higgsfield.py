"""Higgsfield: requests and files over HTTP, and the old job sets (endpoints that begin with v1/).

API: https://docs.higgsfield.ai, quirks in docs/providers/higgsfield.md. `Authorization: Key ID:SECRET`; the old API has
the two parts in two headers. A submit carries an Idempotency-Key: sent again unchanged, it answers the same request.
There is no list. Answers may name another host than the one that was called; the key goes there only if the settings
name it too.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
from typing import Any

from providers.adapters import higgsfield_requests as requests
from providers.adapters.higgsfield_deliveries import old_word, verify
from providers.adapters.higgsfield_refusals import refusal
from providers.bodies import json_object
from providers.contract import InputFile, JobRef, JobRequest, JobUpdate, Line, ListedJob, Traits, Uploaded, Verified
from providers.errors import Ambiguous, Misconfigured, Rejected, Transient, UnreadableWebhook, Unsupported
from providers.http import Answer, Client

NAME = "higgsfield"
ENDPOINT = re.compile(r"[\w-][\w.-]*(/[\w-][\w.-]*)+", re.ASCII)
OLD = "v1/"
# The nil UUID (RFC 9562, 5.9): no request has it.
NOBODYS = "00000000-0000-0000-0000-000000000000"
# Of the settings' options: the second address of the same API.
OTHER_BASE_URL = "other_base_url"
# What is kept of a job: at which of the two addresses it lives, when it is not the first.
HOME = "home"


class Higgsfield:
    name = NAME

    def __init__(self, line: Line) -> None:
        self._line = line

    def traits(self, endpoint: str) -> Traits:
        """A delivery answered 4xx is never repeated. Only the present API takes an idempotency key."""
        return Traits(is_idempotent=not endpoint.startswith(OLD), gives_up_on_4xx=True)

    def upload(self, file: InputFile) -> Uploaded:
        """Asks for an address to put the file at; the public one beside it then stands for the file."""
        answer = self._client().read("POST", "/files/generate-upload-url", payload={"content_type": file.content_type})
        if not answer.is_success:
            raise refusal(answer)
        address, public = answer.object.get("upload_url"), answer.object.get("public_url")
        if not isinstance(address, str) or not isinstance(public, str):
            raise Transient("the upload was accepted without addresses")
        self._client().put_file(address, file, headers=_texts(answer.object.get("upload_headers")))
        return Uploaded(reference=public)

    def submit(self, request: JobRequest) -> JobUpdate:
        """Creates one request. The same key with anything changed, the callback too, is refused by Higgsfield."""
        if not ENDPOINT.fullmatch(request.endpoint):
            raise Rejected(f"{request.endpoint!r} is not the name of a model")
        answer = self._submit_old(request) if request.endpoint.startswith(OLD) else self._submit(request)
        if not answer.is_success:
            raise refusal(answer)
        try:
            return self._read(answer.object)
        except ValueError as error:
            raise Ambiguous(f"accepted, but unreadable: {error}", http_status=answer.status) from error

    def fetch(self, job: JobRef) -> JobUpdate:
        if job.endpoint.startswith(OLD):
            return self._about(job, self._client(old=True).read("GET", f"/v1/job-sets/{_id_of(job)}"))
        return self._about(job, self._home_of(job).read("GET", f"/requests/{_id_of(job)}/status"))

    def cancel(self, job: JobRef) -> JobUpdate:
        """Works while the job waits. The answer has no body, and a refusal may mean "too late": so it is asked for."""
        if job.endpoint.startswith(OLD):
            raise Unsupported("the old API cannot cancel")
        answer = self._home_of(job).command("POST", f"/requests/{_id_of(job)}/cancel")
        if answer.object and answer.is_success:
            return self._about(job, answer)
        if not answer.is_success and answer.status != HTTPStatus.BAD_REQUEST:
            raise refusal(answer)
        return self.fetch(job)

    def check(self) -> None:
        """Asks for a request that nobody has: 404 is the answer to a key that is accepted, 401 to one that is not."""
        answer = self._client().read("GET", f"/requests/{NOBODYS}/status")
        if not answer.is_success and answer.status != HTTPStatus.NOT_FOUND:
            raise refusal(answer)

    def download_headers(self, url: str) -> Mapping[str, str]:
        """Output addresses are open to whoever knows them."""
        del url
        return {}

    def verify_webhook(self, headers: Mapping[str, str], body: bytes, now: float) -> Verified:
        """Standard Webhooks, or unproven where the settings have no secret: see higgsfield_deliveries."""
        line = self._line
        return verify(
            headers, body, secrets=line.webhook_secrets, now=now, tolerance_seconds=line.webhook_tolerance_seconds
        )

    def parse_webhook(self, headers: Mapping[str, str], body: bytes) -> JobUpdate:
        """The body is what the status would be answered with."""
        del headers
        try:
            return self._read(json_object(body))
        except ValueError as error:
            raise UnreadableWebhook(str(error)) from error

    def list_since(self, created_after: datetime, endpoint: str) -> Iterator[ListedJob]:
        """There is no list; an answerless submit is found by sending it again with its key, or by its webhook."""
        del created_after, endpoint
        raise Unsupported("Higgsfield has no list of requests")

    def _submit(self, request: JobRequest) -> Answer:
        params = {"hf_webhook": request.callback_url} if request.callback_url else {}
        headers = {"Idempotency-Key": request.idempotency_key}
        return self._client().submit(f"/{request.endpoint}", request.inputs, headers=headers, params=params)

    def _submit_old(self, request: JobRequest) -> Answer:
        payload: dict[str, object] = {"params": dict(request.inputs)}
        if request.callback_url:
            payload["webhook"] = {"url": request.callback_url} | self._word_for_webhooks()
        return self._client(old=True).submit(f"/{request.endpoint}", payload, headers={})

    def _word_for_webhooks(self) -> dict[str, str]:
        try:
            return {"secret": old_word(self._line.webhook_secrets[0])} if self._line.webhook_secrets else {}
        except ValueError as error:
            raise Misconfigured(f"the webhook secret cannot be used: {error}") from error

    def _about(self, job: JobRef, answer: Answer) -> JobUpdate:
        if not answer.is_success:
            raise refusal(answer)
        try:
            update = self._read(answer.object)
        except ValueError as error:
            raise Transient(f"unreadable answer: {error}") from error
        if update.external_id != job.external_id:
            raise Transient(f"asked for {job.external_id}, answered about {update.external_id}")
        return update

    def _read(self, said: Mapping[str, Any]) -> JobUpdate:
        update = requests.read(said)
        other = self._line.options.get(OTHER_BASE_URL, "")
        if other and said.get("status_url") == f"{other}/requests/{update.external_id}/status":
            return replace(update, follow_up={HOME: other})
        return update

    def _home_of(self, job: JobRef) -> Client:
        """Where the job said it lives, if the settings know that address (still)."""
        home = job.follow_up.get(HOME, "")
        return self._client(home if home and home == self._line.options.get(OTHER_BASE_URL) else "")

    def _client(self, base_url: str = "", *, old: bool = False) -> Client:
        line = replace(self._line, base_url=base_url) if base_url else self._line
        identifier, _, secret = line.token.partition(":")
        old_way = {"hf-api-key": identifier, "hf-secret": secret}
        return Client(NAME, line, headers=old_way if old else {"Authorization": f"Key {line.token}"})


def _id_of(job: JobRef) -> str:
    try:
        return requests.usable_id(job.external_id)
    except ValueError as error:
        raise Rejected(f"{job.external_id!r} is not a request's id") from error


def _texts(headers: object) -> dict[str, str]:
    return (
        {name: value for name, value in headers.items() if isinstance(value, str)} if isinstance(headers, dict) else {}
    )
