"""Reads the bodies of calls strictly: known names, exact types, nothing more."""

import re
from collections.abc import Iterable
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.request import Request

from generations.actions.requesting import Wish
from generations.api.errors import BadBody, BadKey

MAX_UNKNOWN_NAMED = 10
VISIBLE_ASCII = re.compile(r"[\x21-\x7e]{1,255}")
KINDS: dict[str, type] = {"model": str, "prompt": str, "params": dict, "inputs": dict}
REQUIRED = ("model", "prompt")


def wish_of(request: Request) -> Wish:
    """The wish in the body of create. Raises BadBody and BadKey."""
    key = key_of(request)
    body = request.data
    if not isinstance(body, dict):
        raise BadBody({"body": _("An object is needed.")})
    fields = unknown_names(name for name in body if name not in KINDS)
    fields |= {name: _("This is needed.") for name in REQUIRED if name not in body}
    fields |= {
        name: _("The type is wrong.")
        for name, kind in KINDS.items()
        if name in body and not isinstance(body[name], kind)
    }
    if body.get("inputs"):
        fields["inputs"] = _("This model takes no files; addresses are never fetched.")
    if fields:
        raise BadBody(fields)
    params: dict[str, Any] = body.get("params", {})
    return Wish(model_id=body["model"], prompt=body["prompt"], params=params, idempotency_key=key)


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
