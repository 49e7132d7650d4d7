"""The words every provider is spoken to in: frozen values, one protocol. No network, no Django, no vendor's words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
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
    NO_OUTPUT = "no_output"
    OUTPUT_EXPIRED = "output_expired"


@dataclass(frozen=True, kw_only=True, slots=True)
class JobRequest:
    """What a provider is asked to do.

    endpoint: the provider's own name of the model, "owner/name". version: set only where the route pins one.
    inputs: the provider's field names, without None. callback_url: None means that the poller does the work.
    deadline_seconds: the provider gives up by itself after this. idempotency_key: for providers that honour one.
    """

    endpoint: str
    inputs: Mapping[str, Any]
    callback_url: str | None
    deadline_seconds: int
    idempotency_key: str
    version: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class JobUpdate:
    """What a provider says about a job. output_urls are there only when it SUCCEEDED, error_code only when it FAILED.

    error_detail: the vendor's words, for admins only; at most 2,000 characters, safe to store.
    provider_seconds: time of computing as the vendor measured it, without waiting.
    """

    external_id: str
    state: JobState
    output_urls: tuple[str, ...] = ()
    error_code: str = ""
    error_detail: str = ""
    provider_seconds: float | None = None


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
    webhook_secrets: tuple[str, ...] = field(default=(), repr=False)
    webhook_tolerance_seconds: int = 300
    connect_timeout_seconds: float = 5
    read_timeout_seconds: float = 45
    # For everything but submits; with the connect timeout it stays under the lease of a poll (30 s).
    fetch_timeout_seconds: float = 20


class Adapter(Protocol):
    """One provider. Every method may raise what stands in providers.errors, and nothing else."""

    @property
    def name(self) -> str: ...

    def submit(self, request: JobRequest) -> JobUpdate:
        """Sends the job, once. Raises NotSent, RateLimited, Rejected, Misconfigured or Ambiguous."""

    def fetch(self, external_id: str) -> JobUpdate:
        """Asks how a job is. Raises NotFound, Misconfigured or Transient."""

    def cancel(self, external_id: str) -> JobUpdate:
        """Asks to stop a job; asking again, or too late, is no error. Raises as fetch does."""

    def verify_webhook(self, headers: Mapping[str, str], body: bytes, now: float) -> str:
        """The delivery's key, the same for each repetition. body: raw. now: unix seconds.

        Raises BadSignature (answer 401), SecretUnavailable (answer 503).
        """

    def parse_webhook(self, headers: Mapping[str, str], body: bytes) -> JobUpdate:
        """What a verified delivery says. Raises UnreadableWebhook."""

    def list_since(self, created_after: datetime) -> Iterator[ListedJob]:
        """Jobs made since then, newest first, asked for page by page. Raises Unsupported, or as fetch does."""
