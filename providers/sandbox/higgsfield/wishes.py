"""Reads a submit of either API: the model, its parameters, the webhook, the idempotency key; says what is wrong."""

import hashlib
import ipaddress
import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from providers.sandbox import inputs, schemas
from providers.sandbox.higgsfield import problems
from providers.sandbox.higgsfield.access import PROVIDER

OLD = "v1/"
KEY = re.compile(r"[!-~]{1,255}")


class Refused(Exception):
    """The call is refused with this answer; nothing was accepted."""

    def __init__(self, answer: Response) -> None:
        super().__init__()
        self.answer = answer


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """A submit that was understood. secret: what the old API sends along with the webhook. key: "" when none came."""

    schema: schemas.Schema
    input: dict[str, Any]
    webhook: str
    secret: str
    key: str

    @property
    def fingerprint(self) -> str:
        """The same for what counts as the same: the order of fields does not matter, everything else does."""
        said = json.dumps([self.schema.endpoint, self.input, self.webhook], sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()


def understand(request: Request, endpoint: str, body: Any) -> Wish:
    """Checks everything before it is accepted. Raises Refused with the answer."""
    schema = schemas.of(PROVIDER, endpoint)
    if schema is None:
        raise Refused(problems.not_found(is_model=True))
    is_old = endpoint.startswith(OLD)
    given: Any = body.get("params") if is_old and isinstance(body, dict) else body
    if wrong := schema.problems(given):
        raise Refused(problems.invalid(wrong, ("body", "params") if is_old else ("body",)))
    wish: dict[str, Any] = given or {}
    hook = body.get("webhook") or {} if is_old else {"url": request.query_params.get("hf_webhook", "")}
    webhook = str(hook.get("url") or "")
    if webhook and not _is_reachable(webhook):
        raise Refused(problems.problem(400, "Webhook URL must be a public HTTPS URL"))
    key = request.headers.get("idempotency-key", "")
    if key and not KEY.fullmatch(key):
        raise Refused(problems.problem(400, "Idempotency-Key must be 1 to 255 visible ASCII characters"))
    return Wish(schema=schema, input=wish, webhook=webhook, secret=str(hook.get("secret") or ""), key=key)


def _is_reachable(address: str) -> bool:
    """The real API takes https on public addresses only; the sandbox also loopback, where it is used."""
    parts = urlsplit(address)
    if inputs.is_here(address):
        return True
    if parts.scheme != "https" or not parts.hostname:
        return False
    try:
        return ipaddress.ip_address(parts.hostname).is_global
    except ValueError:
        return "." in parts.hostname
