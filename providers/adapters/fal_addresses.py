"""Where a job of fal's queue is asked after. The key goes to the configured queue and nowhere else. No network.

Submitting takes the whole endpoint, all else drops its path: owner/app/a/b is asked for below owner/app
(https://fal.ai/docs/api-reference/inference-api, "Model IDs and paths"). The addresses fal hands out come first.
"""

import re
from collections.abc import Mapping

from providers.contract import JobRef
from providers.errors import Rejected

ENDPOINT = re.compile(r"[\w-][\w.-]*(/[\w-][\w.-]*){1,8}", re.ASCII)
IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{1,120}")
# Apps of these live one level deeper.
NAMESPACES = ("workflows", "comfy")
HANDED_OUT = ("status_url", "response_url", "cancel_url")
PATH = re.compile(r"(/[\w-][\w.-]*){3,10}", re.ASCII)


def handed_out(answer: Mapping[str, object], external_id: str, base_url: str) -> dict[str, str]:
    """The addresses in an answer that may be used: those of this job on the configured queue."""
    return {
        name: address
        for name in HANDED_OUT
        if isinstance(address := answer.get(name), str) and _is_ours(address, external_id, base_url)
    }


def of_status(job: JobRef, base_url: str) -> str:
    """Raises Rejected for an id that fal cannot have given."""
    return _address(job, "status_url", "/status", base_url)


def of_result(job: JobRef, base_url: str) -> str:
    return _address(job, "response_url", "", base_url)


def of_cancel(job: JobRef, base_url: str) -> str:
    return _address(job, "cancel_url", "/cancel", base_url)


def app_of(endpoint: str) -> str:
    """The endpoint without its path."""
    parts = endpoint.split("/")
    return "/".join(parts[: 3 if parts[0] in NAMESPACES else 2])


def _address(job: JobRef, name: str, suffix: str, base_url: str) -> str:
    if not IDENTIFIER.fullmatch(job.external_id):
        raise Rejected(f"{job.external_id!r} is not a request's id")
    given = job.follow_up.get(name, "")
    if _is_ours(given, job.external_id, base_url):
        return given
    if not ENDPOINT.fullmatch(job.endpoint):
        raise Rejected(f"{job.endpoint!r} is not owner/app or owner/app/path")
    return f"/{app_of(job.endpoint)}/requests/{job.external_id}{suffix}"


def _is_ours(address: str, external_id: str, base_url: str) -> bool:
    rest = address.removeprefix(base_url)
    return rest != address and bool(PATH.fullmatch(rest)) and external_id in rest.split("/")
