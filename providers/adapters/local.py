"""This machine as a provider: no key, no network, no bill. docs/providers/local.md has what is peculiar about it.

A submit writes nothing and starts nothing: it answers with an order that comes back with every question. Asking is what
does the work, in a child process of whoever asks, and asking again after that one died does it again.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from providers.bodies import storable
from providers.contract import (
    ErrorCode,
    InputFile,
    JobRef,
    JobRequest,
    JobState,
    JobUpdate,
    Line,
    ListedJob,
    Traits,
    Uploaded,
    Verified,
)
from providers.errors import BadSignature, Misconfigured, NotFound, Rejected, Transient, UnreadableWebhook, Unsupported
from providers.local import jobs, running
from providers.local.order import Order

NAME = "local"
IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,99}", re.ASCII)
PREFIX = "file:"
SLOTS = ("image", "mask", "first_frame", "last_frame", "video", "style_image")
PATIENCE_SECONDS = 0.5


class Local:
    name = NAME

    def __init__(self, line: Line) -> None:
        """line.options: media_root, below which given files lie, empty with a bucket; work_dir, for what is made."""
        self._media_root = line.options["media_root"]
        self._work_dir = Path(line.options["work_dir"])

    def traits(self, endpoint: str) -> Traits:
        """The key is the job's id, so the same submit is the same job."""
        del endpoint
        return Traits(is_idempotent=True)

    def upload(self, file: InputFile) -> Uploaded:
        """The file is the studio's already; what stands for it is its key in the storage."""
        if not file.key:
            raise Rejected("the file does not lie in the studio's storage")
        return Uploaded(reference=f"{PREFIX}{file.key}")

    def submit(self, request: JobRequest) -> JobUpdate:
        """Checks that it can be done and answers with the order."""
        if request.endpoint not in jobs.JOBS:
            raise NotFound(f"there is no work called {request.endpoint!r}")
        if request.endpoint in jobs.missing():
            raise Misconfigured(f"the packages for {request.endpoint} are not installed")
        files = {slot: _references(request.inputs[slot]) for slot in SLOTS if slot in request.inputs}
        order = Order(
            endpoint=request.endpoint,
            files={slot: [_place(one) for one in references] for slot, references in files.items()},
            settings={name: value for name, value in request.inputs.items() if name not in SLOTS},
            seconds=request.deadline_seconds,
        )
        return JobUpdate(
            external_id=_checked(request.idempotency_key),
            state=JobState.WAITING,
            follow_up={"order": order.to_json()},
        )

    def fetch(self, job: JobRef) -> JobUpdate:
        """Works for half a second at most; whoever asks goes on asking until it has ended, or calls cancel()."""
        order = self._order(job)
        try:
            ended = running.look(job.external_id, order, self._work_dir, self._media_root, PATIENCE_SECONDS)
        except OSError as error:
            raise Transient(f"no work can be started: {error}") from error
        if ended is None:
            return JobUpdate(external_id=job.external_id, state=JobState.RUNNING)
        if ended.code:
            return JobUpdate(
                external_id=job.external_id,
                state=JobState.FAILED,
                error_code=ErrorCode(ended.code),
                error_detail=storable(ended.detail),
            )
        return JobUpdate(
            external_id=job.external_id,
            state=JobState.SUCCEEDED,
            inline_outputs=(ended.content,),
            provider_seconds=ended.seconds,
        )

    def cancel(self, job: JobRef) -> JobUpdate:
        """Ends it at once; what was done of it is thrown away."""
        running.stop(_checked(job.external_id))
        return JobUpdate(external_id=job.external_id, state=JobState.CANCELLED)

    def download_headers(self, url: str) -> Mapping[str, str]:
        """Results come inside the answer."""
        del url
        return {}

    def verify_webhook(self, headers: Mapping[str, str], body: bytes, now: float) -> Verified:
        del headers, body, now
        raise BadSignature("nobody calls back from this machine")

    def parse_webhook(self, headers: Mapping[str, str], body: bytes) -> JobUpdate:
        del headers, body
        raise UnreadableWebhook("nobody calls back from this machine")

    def list_since(self, created_after: datetime, endpoint: str) -> Iterator[ListedJob]:
        del created_after, endpoint
        raise Unsupported("there is no list: a submit may simply be repeated")

    @staticmethod
    def _order(job: JobRef) -> Order:
        _checked(job.external_id)
        try:
            return Order.from_json(job.follow_up["order"])
        except (KeyError, ValueError, TypeError) as error:
            raise NotFound("the job came without its order") from error


def _place(reference: str) -> str:
    place = PurePosixPath(reference.removeprefix(PREFIX))
    if not reference.startswith(PREFIX) or place.is_absolute() or ".." in place.parts:
        raise Rejected("a file that is none of the studio's was named")
    return place.as_posix()


def _checked(identifier: str) -> str:
    """A job's id, fit to name a folder. Raises Rejected."""
    if not IDENTIFIER.fullmatch(identifier):
        raise Rejected(f"{identifier!r} is not a job's id")
    return identifier


def _references(value: Any) -> list[str]:
    return [str(one) for one in (value if isinstance(value, list) else [value])]
