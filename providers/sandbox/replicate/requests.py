"""Reads a create call: the model, the webhook, `Prefer: wait`, `Cancel-After`; says what is wrong with them."""

import ipaddress
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from providers.sandbox.replicate.inputs import complaints
from providers.sandbox.replicate.models import named, shown_version, versioned
from providers.sandbox.replicate.notices import DEFAULT_EVENTS, EVENTS
from providers.sandbox.replicate.problems import invalid_input, problem, unknown_version
from providers.sandbox.schemas import Schema

WAIT = re.compile(r"^wait(?:=([1-9]|[1-5][0-9]|60))?$")
DURATION = re.compile(r"^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s?)?$")
SHORTEST_DEADLINE_SECONDS = 5


class Refused(Exception):
    """The call is refused with this answer; nothing was accepted."""

    def __init__(self, answer: Response) -> None:
        super().__init__()
        self.answer = answer


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """A create call that was understood."""

    model: Schema
    version: str
    input: dict[str, Any]
    webhook: str
    events: tuple[str, ...]
    cancel_after_seconds: int | None


def _model_of(request: Request, body: dict[str, Any]) -> tuple[Schema, str]:
    """The model and the version a prediction will show."""
    if "owner" in request.path_params:
        model = named("{owner}/{name}".format(**request.path_params))
        if model is None:
            raise Refused(problem(404, "The specified model does not exist"))
        return model, shown_version(model)
    wanted = str(body.get("version") or "")
    if model := named(wanted):
        return model, shown_version(model)
    owner_and_name, _, version = wanted.rpartition(":")
    found = versioned(version)
    if found is None or owner_and_name not in ("", found.endpoint):
        raise Refused(unknown_version())
    return found, version


def words_of(request: Request, body: Any) -> str:
    """The prompt of a call that may yet be refused, wherever its model takes it."""
    given = body.get("input") if isinstance(body, dict) else None
    if not isinstance(given, dict):
        return ""
    try:
        model, _ = _model_of(request, body)
    except Refused:
        return str(given.get("prompt", ""))
    return model.prompt(given)


def _webhook_of(body: dict[str, Any]) -> str:
    """The real API takes https only. The sandbox also takes http on loopback, because that is where it is used."""
    address = body.get("webhook")
    if address in (None, ""):
        return ""
    parts = urlsplit(address) if isinstance(address, str) else None
    if parts and parts.hostname and (parts.scheme == "https" or (parts.scheme == "http" and _is_here(parts.hostname))):
        return str(address)
    raise Refused(invalid_input(["- webhook: Must be an HTTPS URL"]))


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _events_of(body: dict[str, Any]) -> tuple[str, ...]:
    events = body.get("webhook_events_filter")
    if events is None:
        return DEFAULT_EVENTS
    if not isinstance(events, list) or any(event not in EVENTS for event in events):
        allowed = ", ".join(f'"{event}"' for event in EVENTS)
        raise Refused(invalid_input([f"- webhook_events_filter: must be one of the following: {allowed}"]))
    return tuple(events)


def _cancel_after(request: Request) -> int | None:
    text = request.headers.get("cancel-after")
    if text is None:
        return None
    match = DURATION.match(text.strip())
    hours, minutes, seconds = (int(part or 0) for part in match.groups()) if match else (0, 0, 0)
    total = hours * 3600 + minutes * 60 + seconds
    if total < SHORTEST_DEADLINE_SECONDS:
        raise Refused(problem(400, "Cancel-After must be a duration of at least 5 seconds, such as 30s or 1h30m45s"))
    return total


def wait_seconds(request: Request) -> int | None:
    """How long `Prefer: wait` asks to hold the answer back; None when it does not."""
    match = WAIT.match(request.headers.get("prefer", "").strip())
    return int(match.group(1) or 60) if match else None


def understand(request: Request, body: Any) -> Wanted:
    """Checks everything the real API checks before it accepts. Raises Refused with the answer."""
    if not isinstance(body, dict):
        raise Refused(problem(400, "The request body must be a JSON object"))
    model, version = _model_of(request, body)
    if wrong := complaints(model, body.get("input", {})):
        raise Refused(invalid_input(wrong))
    return Wanted(
        model=model,
        version=version,
        input=body.get("input", {}),
        webhook=_webhook_of(body),
        events=_events_of(body),
        cancel_after_seconds=_cancel_after(request),
    )
