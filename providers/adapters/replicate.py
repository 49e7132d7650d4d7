"""Replicate: predictions and files over HTTP. Quirks in docs/providers/replicate.md; streaming is not here.

API: https://replicate.com/docs/reference/http. Base address https://api.replicate.com/v1, `Authorization: Bearer r8_…`.
There is no idempotency key, and the address for webhooks is not shown in the object again: an answerless submit is
found by its callback or in the list. `Prefer: wait` is never sent: its answers say "processing" with an output inside.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from providers.adapters import replicate_predictions as predictions
from providers.adapters.replicate_refusals import refusal
from providers.adapters.replicate_secrets import secrets_for
from providers.bodies import json_object
from providers.contract import InputFile, JobRef, JobRequest, JobUpdate, Line, ListedJob, Traits, Uploaded, Verified
from providers.errors import Ambiguous, BadSignature, Rejected, SecretUnavailable, Transient, UnreadableWebhook
from providers.files import data_uri
from providers.http import Client
from providers.signatures import is_signed, read_headers

NAME = "replicate"
ENDPOINT = re.compile(r"[\w-][\w.-]*/[\w-][\w.-]*", re.ASCII)
# Shorter ones are refused by the API.
SHORTEST_FUSE_SECONDS = 5
# "output" and "logs" come up to twice a second and say nothing we show.
WEBHOOK_EVENTS = ["start", "completed"]
MAX_PAGES = 20
# Up to here Replicate's guide recommends a data URI: https://replicate.com/docs/topics/predictions/input-files
LARGEST_INLINE_BYTES = 256 * 1024


class Replicate:
    name = NAME

    def __init__(self, line: Line) -> None:
        self._line = line
        self._client = Client(NAME, line, headers={"Authorization": f"Bearer {line.token}"})

    def traits(self, endpoint: str) -> Traits:
        del endpoint
        return Traits()

    def upload(self, file: InputFile) -> Uploaded:
        """Small files go inline, as the official clients send them too; others live at Replicate for a day."""
        if file.size_bytes <= LARGEST_INLINE_BYTES:
            return Uploaded(reference=data_uri(file))
        answer = self._client.send_form("/files", file, field="content")
        if not answer.is_success:
            raise refusal(answer)
        urls = answer.object.get("urls")
        address = urls.get("get") if isinstance(urls, dict) else None
        if not isinstance(address, str):
            raise Transient("the upload was accepted without an address")
        return Uploaded(reference=address, expires_at=predictions.moment(answer.object.get("expires_at")))

    def submit(self, request: JobRequest) -> JobUpdate:
        """Creates one prediction: by version where the route pins one, else by the model's name.

        Cancel-After is the fuse: not started by then → aborted, not billed; running → canceled, billed.
        """
        if not ENDPOINT.fullmatch(request.endpoint):
            raise Rejected(f"{request.endpoint!r} is not owner/name")
        payload: dict[str, Any] = {"input": dict(request.inputs)}
        if request.callback_url:
            payload |= {"webhook": request.callback_url, "webhook_events_filter": WEBHOOK_EVENTS}
        path = f"/models/{request.endpoint}/predictions"
        if request.version:
            path, payload = "/predictions", {"version": request.version, **payload}
        fuse_seconds = max(SHORTEST_FUSE_SECONDS, request.deadline_seconds)
        answer = self._client.submit(path, payload, headers={"Cancel-After": f"{fuse_seconds}s"})
        if not answer.is_success:
            raise refusal(answer)
        try:
            return predictions.read(answer.object)
        except ValueError as error:
            raise Ambiguous(f"accepted, but unreadable: {error}", http_status=answer.status) from error

    def fetch(self, job: JobRef) -> JobUpdate:
        return self._read_prediction("GET", job.external_id, "")

    def cancel(self, job: JobRef) -> JobUpdate:
        """Answers the prediction as it is then; one that has ended stays as it was."""
        return self._read_prediction("POST", job.external_id, "/cancel")

    def check(self) -> None:
        """Whose token it is; costs nothing."""
        self._read_object("GET", "/account", {})

    def download_headers(self, url: str) -> Mapping[str, str]:
        """Output addresses are open to whoever knows them."""
        del url
        return {}

    def verify_webhook(self, headers: Mapping[str, str], body: bytes, now: float) -> Verified:
        """Standard Webhooks. The id stays the same over Replicate's own repetitions, so it is the delivery's key."""
        delivery = read_headers(headers, now, self._line.webhook_tolerance_seconds)
        try:
            if self._line.webhook_secrets:
                proven = is_signed(delivery, body, self._line.webhook_secrets)
            else:
                account = secrets_for(self._line.base_url, self._line.token)
                proven = is_signed(delivery, body, account.known(self._ask_for_secret)) or is_signed(
                    delivery, body, account.refreshed(self._ask_for_secret)
                )
        except ValueError as error:
            raise SecretUnavailable(f"the webhook secret cannot be used: {error}") from error
        if not proven:
            raise BadSignature("no signature matches")
        return Verified(key=delivery.identifier)

    def parse_webhook(self, headers: Mapping[str, str], body: bytes) -> JobUpdate:
        """The body is the prediction itself; the event's name is nowhere, the status says it."""
        del headers
        try:
            return predictions.read(json_object(body))
        except ValueError as error:
            raise UnreadableWebhook(str(error)) from error

    def list_since(self, created_after: datetime, endpoint: str) -> Iterator[ListedJob]:
        """Predictions made since then through the API by this account, whoever made them and with whatever model.

        "next" is an absolute address; only its query is used, so that the token never goes to another host.
        """
        del endpoint
        since = created_after.astimezone(UTC)
        params = {"created_after": since.isoformat().replace("+00:00", "Z")}
        for _ in range(MAX_PAGES):
            page = self._read_object("GET", "/predictions", params)
            results = page.get("results")
            jobs = predictions.listed(results if isinstance(results, list) else [])
            yield from (job for job in jobs if job.created_at >= since)
            following = _query_of(page.get("next"))
            if not following or following == params or (jobs and jobs[-1].created_at < since):
                return
            params = following

    def _read_prediction(self, method: str, external_id: str, suffix: str) -> JobUpdate:
        if not predictions.IDENTIFIER.fullmatch(external_id):
            raise Rejected(f"{external_id!r} is not a prediction's id")
        try:
            update = predictions.read(self._read_object(method, f"/predictions/{external_id}{suffix}", {}))
        except ValueError as error:
            raise Transient(f"unreadable answer: {error}") from error
        if update.external_id != external_id:
            raise Transient(f"asked for {external_id}, answered about {update.external_id}")
        return update

    def _read_object(self, method: str, path: str, params: Mapping[str, str]) -> Mapping[str, Any]:
        answer = self._client.read(method, path, params=params)
        if not answer.is_success:
            raise refusal(answer)
        return answer.object

    def _ask_for_secret(self) -> str:
        if not self._line.token:
            raise SecretUnavailable("without a token the provider cannot be asked for the webhook secret")
        # The sender of a webhook is waiting, and so is a web worker.
        quick = replace(
            self._line,
            connect_timeout_seconds=min(2, self._line.connect_timeout_seconds),
            fetch_timeout_seconds=min(3, self._line.fetch_timeout_seconds),
        )
        return str(Replicate(quick)._read_object("GET", "/webhooks/default/secret", {}).get("key") or "")


def _query_of(address: object) -> dict[str, str]:
    try:
        return dict(parse_qsl(urlsplit(address).query)) if isinstance(address, str) else {}
    except ValueError:
        return {}
