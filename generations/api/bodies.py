"""Reads the bodies of calls strictly: known names, exact types, nothing more."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.request import Request

from accounts import rules
from generations.actions.preparing import Wish
from generations.api.errors import BadBody, BadKey
from generations.models import Priority
from providers import catalogue

MAX_UNKNOWN_NAMED = 10
ID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
VISIBLE_ASCII = re.compile(r"[\x21-\x7e]{1,255}")
KINDS: dict[str, type] = {
    "model": str,
    "models": list,
    "count": int,
    "prompt": str,
    "params": dict,
    "inputs": dict,
    "priority": str,
    "confirm": bool,
}
MAX_FILES_PER_SLOT = 14
PRIORITIES = {one.name.lower(): one for one in Priority}


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """The body of create. is_batch: several were asked for, or one in a way that could be several."""

    wish: Wish
    model_ids: list[str]
    count: int
    is_batch: bool
    is_confirmed: bool


def asked_of(request: Request, person: rules.Person) -> Asked:
    """What the body of create asks for. Raises BadBody and BadKey."""
    key = key_of(request)
    body = request.data
    if not isinstance(body, dict):
        raise BadBody({"body": _("An object is needed.")})
    fields = unknown_names(name for name in body if name not in KINDS)
    fields |= {name: _("This is needed.") for name in _required(body) if name not in body}
    fields |= {
        name: _("The type is wrong.") for name, kind in KINDS.items() if name in body and type(body[name]) is not kind
    }
    fields |= _wrong_choices(person, body, fields)
    inputs: dict[str, list[UUID]] = {}
    if "inputs" not in fields:
        inputs, wrong = _files(body.get("inputs", {}))
        fields |= wrong
    if fields:
        raise BadBody(fields)
    model_ids = body["models"] if "models" in body else [body["model"]]
    wish = Wish(
        model_id=model_ids[0],
        prompt=body.get("prompt", ""),
        params=body.get("params", {}),
        inputs=inputs,
        priority=PRIORITIES[body.get("priority", "normal")],
        idempotency_key=key,
    )
    return Asked(
        wish=wish,
        model_ids=model_ids,
        count=body.get("count", 1),
        is_batch="models" in body or "count" in body,
        is_confirmed=body.get("confirm", False),
    )


def _wrong_choices(person: rules.Person, body: dict[str, Any], fields: dict[str, str]) -> dict[str, str]:
    """Values of the right type that are none of what may stand there."""
    wrong: dict[str, str] = {}
    models = body.get("models")
    if isinstance(models, list):
        if "model" in body:
            wrong["models"] = _("Name either one model or several.")
        elif not models or not all(isinstance(one, str) for one in models) or len(set(models)) != len(models):
            wrong["models"] = _("A list of different models is needed.")
    allowed = [name for name, one in PRIORITIES.items() if one is not Priority.HIGH or rules.may_go_first(person)]
    if "priority" in body and "priority" not in fields and body["priority"] not in allowed:
        wrong["priority"] = _("This must be one of: %(values)s.") % {"values": ", ".join(allowed)}
    if "count" in body and "count" not in fields and not 1 <= body["count"] <= settings.BATCH_MAX_ITEMS:
        sentence = _("This must be a whole number from 1 to %(maximum)d.")
        wrong["count"] = sentence % {"maximum": settings.BATCH_MAX_ITEMS}
    return wrong


def _required(body: dict[str, Any]) -> tuple[str, ...]:
    """A model that needs no words needs no prompt; an unknown one is told of by its name later."""
    if "models" in body:
        return ("prompt",)
    try:
        needs_prompt = not isinstance(body.get("model"), str) or catalogue.get(body["model"]).needs_prompt
    except catalogue.UnknownModel:
        needs_prompt = True
    return ("model", "prompt") if needs_prompt else ("model",)


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
