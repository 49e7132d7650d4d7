"""The words every provider is spoken to in: frozen values, one protocol. No network, no Django, no vendor's words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol


class JobState(StrEnum):
    """How far the provider has come with a job. The last three never change."""

    WAITING = "waiting"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        return self in {JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED}


class ErrorCode(StrEnum):
    """Why a job failed, in the words the studio has sentences for. Closed: a new one needs a sentence."""

    CONTENT_REFUSED = "content_refused"
    PROVIDER_FAILED = "provider_failed"
    PROVIDER_TIMED_OUT = "provider_timed_out"
    INPUT_REFUSED = "input_refused"
    INPUT_TOO_LARGE = "input_too_large"
    NO_OUTPUT = "no_output"
    OUTPUT_EXPIRED = "output_expired"


@dataclass(frozen=True, kw_only=True, slots=True)
class JobRequest:
    """What a provider is asked to do.

    endpoint: the provider's own name of the model, "owner/name". version: set only where the route pins one.
    inputs: the provider's field names, without None; files stand in them as the references upload() gave.
    callback_url: None means that the poller does the work. deadline_seconds: the provider gives up by itself after
    this. idempotency_key: for providers that honour one. task: one of catalogue.TASKS, for providers that tell by it.
    """

    endpoint: str
    inputs: Mapping[str, Any]
    callback_url: str | None
    deadline_seconds: int
    idempotency_key: str
    version: str = ""
    task: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class JobRef:
    """What is needed to ask about a job again: its id, where it was sent, and what its provider gave us to keep."""

    external_id: str
    endpoint: str = ""
    follow_up: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class InputFile:
    """A person's file on its way to a provider: checked, re-encoded by us, on this machine's disk until upload() ends.

    key: where it stays, in Django's default storage; for work on this machine.
    """

    path: Path
    content_type: str
    size_bytes: int
    name: str
    key: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Uploaded:
    """What stands for a file in a job's inputs: a URL, a data URI or a file's id. expires_at: None is "not soon"."""

    reference: str
    expires_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class JobUpdate:
    """What a provider says about a job. Outputs are there only when it SUCCEEDED, error_code only when it FAILED.

    output_urls: where the files are. inline_outputs: the files themselves, from a provider that answers with them.
    error_detail: the vendor's words, for admins only; at most 2,000 characters, safe to store.
    provider_seconds: time of computing as the vendor measured it, without waiting. billed_units: what the vendor
    counted, in the unit of the model's list price. queue_position: how many stand before it there, 0 is next.
    follow_up: small texts that come back with every JobRef; kept from the first update that has any.
    """

    external_id: str
    state: JobState
    output_urls: tuple[str, ...] = ()
    inline_outputs: tuple[bytes, ...] = field(default=(), repr=False)
    error_code: str = ""
    error_detail: str = ""
    provider_seconds: float | None = None
    billed_units: float | None = None
    queue_position: int | None = None
    follow_up: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedJob:
    """A job found in the provider's own list, to be compared with what was sent.

    A list may leave outputs out; such a job is given as RUNNING, and fetch() tells the rest.
    """

    update: JobUpdate
    created_at: datetime
    inputs: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """What an adapter is made with: where the provider is, as whom we speak, and how long we wait.

    webhook_secrets: all that are valid now, so that one can be replaced without losing a delivery; empty means that
    the adapter asks the provider, where the provider can tell.
    """

    base_url: str
    token: str = field(repr=False)
    # Further addresses and choices of this provider, as its settings name them.
    options: Mapping[str, str] = field(default_factory=dict)
    webhook_secrets: tuple[str, ...] = field(default=(), repr=False)
    webhook_tolerance_seconds: int = 300
    connect_timeout_seconds: float = 5
    read_timeout_seconds: float = 45
    # For everything but submits; with the connect timeout it stays under the lease of a poll (30 s).
    fetch_timeout_seconds: float = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Traits:
    """How a provider differs where the caller has to know.

    is_idempotent: the same idempotency_key with the same body gives the same job, so an unanswered submit may be sent
    again. answers_at_once: submit() returns the result itself; there is no job to ask after, none to list.
    gives_up_on_4xx: it never repeats a delivery that was answered 4xx, so "not yet" must be answered 503.
    """

    is_idempotent: bool = False
    answers_at_once: bool = False
    gives_up_on_4xx: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Verified:
    """A delivery that may be kept. key: the same for each repetition. is_proof: False where nothing was signed, and
    the job has to be asked for before a word of the body is believed."""

    key: str
    is_proof: bool = True


class Adapter(Protocol):
    """One provider. Every method may raise what stands in providers.errors, and nothing else."""

    @property
    def name(self) -> str: ...

    def traits(self, endpoint: str) -> Traits:
        """Of one endpoint: a provider may have several ways."""

    def upload(self, file: InputFile) -> Uploaded:
        """Hands over a file before the job that needs it; costs nothing and may be repeated. Raises as fetch does,
        and Rejected for a file the provider does not take."""

    def submit(self, request: JobRequest) -> JobUpdate:
        """Sends the job, once. Raises NotSent, RateLimited, Rejected, Misconfigured or Ambiguous."""

    def fetch(self, job: JobRef) -> JobUpdate:
        """Asks how a job is. Raises NotFound, Misconfigured or Transient."""

    def cancel(self, job: JobRef) -> JobUpdate:
        """Asks to stop a job; asking again, or too late, is no error. Raises as fetch does, and Unsupported."""

    def download_headers(self, url: str) -> Mapping[str, str]:
        """What has to be sent along to fetch this output, a key perhaps: only for the provider's own host."""

    def verify_webhook(self, headers: Mapping[str, str], body: bytes, now: float) -> Verified:
        """Whether a delivery may be kept. body: raw. now: unix seconds.

        Raises BadSignature (answer 401), SecretUnavailable (answer 503).
        """

    def parse_webhook(self, headers: Mapping[str, str], body: bytes) -> JobUpdate:
        """What a verified delivery says. Raises UnreadableWebhook."""

    def list_since(self, created_after: datetime, endpoint: str) -> Iterator[ListedJob]:
        """Jobs made since then, newest first, asked for page by page. Raises Unsupported, or as fetch does."""
