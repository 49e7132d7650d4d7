"""Buttons below messages. They carry a verb and an id, no right: that is the person's who presses."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

RETRY, CANCEL = "retry", "cancel"
VERBS = (RETRY, CANCEL)


def open_page(url: str) -> dict[str, Any]:
    return {"text": _("Open"), "url": url}


def retry(generation_id: UUID) -> dict[str, Any]:
    return {"text": _("Try again"), "callback_data": f"{RETRY}:{generation_id.hex}"}


def cancel(generation_id: UUID, label: str = "") -> dict[str, Any]:
    return {"text": label or _("Cancel"), "callback_data": f"{CANCEL}:{generation_id.hex}"}


def read(data: str) -> tuple[str, UUID] | None:
    """Verb and id; None for anything that we never wrote."""
    verb, _colon, number = data.partition(":")
    try:
        return (verb, UUID(hex=number)) if verb in VERBS else None
    except ValueError:
        return None
