"""Reads the bodies of calls strictly: known names, exact types, nothing more."""

import re
from collections.abc import Iterable
from itertools import islice
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from rest_framework.request import Request

from generations.actions.requesting import Wish
from generations.api.errors import BadBody, BadKey
from providers import catalogue

MAX_UNKNOWN_NAMED = 10
ID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
VISIBLE_ASCII = re.compile(r"[\x21-\x7e]{1,255}")
KINDS: dict[str, type] = {"model": str, "prompt": str, "params": dict, "inputs": dict}
MAX_FILES_PER_SLOT = 14


def wish_of(request: Request) -> Wish:
    """The wish in the body of create. Raises BadBody and BadKey."""
    key = key_of(request)
    body = request.data
    if not isinstance(body, dict):
        raise BadBody({"body": _("An object is needed.")})
    fields = unknown_names(name for name in body if name not in KINDS)
    fields |= {name: _("This is needed.") for name in _required(body) if name not in body}
    fields |= {
        name: _("The type is wrong.")
        for name, kind in KINDS.items()
        if name in body and not isinstance(body[name], kind)
    }
    inputs: dict[str, list[UUID]] = {}
    if "inputs" not in fields:
        inputs, wrong = _files(body.get("inputs", {}))
        fields |= wrong
    if fields:
        raise BadBody(fields)
    return Wish(
        model_id=body["model"],
        prompt=body.get("prompt", ""),
        params=body.get("params", {}),
        inputs=inputs,
        idempotency_key=key,
    )


def _required(body: dict[str, Any]) -> tuple[str, ...]:
    """A model that needs no words needs no prompt; an unknown one is told of by its name later."""
    known = {model.id: model for model in catalogue.all_models()}
    model = known.get(body["model"]) if isinstance(body.get("model"), str) else None
    return ("model", "prompt") if model is None or model.needs_prompt else ("model",)


def _files(given: dict[str, Any]) -> tuple[dict[str, list[UUID]], dict[str, str]]:
    """Ids by slot, and what is wrong with them. One id may stand without its list."""
    found: dict[str, list[UUID]] = {}
    wrong: dict[str, str] = {}
    for slot, value in islice(given.items(), MAX_UNKNOWN_NAMED):
        shown = ascii(slot[:40])[1:-1]
        ids = value if isinstance(value, list) else [value]
        if len(ids) > MAX_FILES_PER_SLOT or not all(isinstance(one, str) and ID.fullmatch(one) for one in ids):
            wrong[f"inputs.{shown}"] = _("Ids of uploaded files are needed here; addresses are never fetched.")
        else:
            found[slot] = [UUID(one) for one in ids]
    return found, wrong


def unknown_names(names: Iterable[str]) -> dict[str, str]:
    """What to say about them. Short and plain ASCII, because a name may be anything and the answer repeats it."""
    return {ascii(name[:40])[1:-1]: _("This name is not known here.") for name in islice(names, MAX_UNKNOWN_NAMED)}


def key_of(request: Request) -> str:
    """The Idempotency-Key header, "" when there is none."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return ""
    if not VISIBLE_ASCII.fullmatch(key):
        raise BadKey
    return key
