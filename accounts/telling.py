"""The audit trail in words, in the reader's language."""

import json
from typing import Any

from django.contrib.admin.models import LogEntry
from django.utils.formats import number_format
from django.utils.translation import gettext as _


def what_of(entry: LogEntry) -> str:
    """What was done: an act by its sentence, a form by the names of its fields and, where they may be told, values."""
    if entry.is_deletion() and not entry.change_message:
        return _("Deleted.")
    parts = _parts(entry)
    ours = [_act(part["act"]) for part in parts if "act" in part]
    rest = [part for part in parts if not {"act", "values"} & part.keys()]
    values = [_value(name, *pair) for part in parts for name, pair in part.get("values", {}).items()]
    if rest or not ours:
        # Django's own words; of what is not ours it also says that nothing was changed.
        ours.append(LogEntry(change_message=json.dumps(rest) if parts else entry.change_message).get_change_message())
    return " ".join([*ours, *values])


def reason_of(entry: LogEntry) -> str:
    return " ".join(part["act"]["reason"] for part in _parts(entry) if "act" in part)


def _parts(entry: LogEntry) -> list[dict[str, Any]]:
    if not entry.change_message.startswith("["):
        return []
    try:
        return list(json.loads(entry.change_message))
    except json.JSONDecodeError:
        return []


def _act(act: dict[str, Any]) -> str:
    sentence = _(act["said"])
    facts = {
        name: number_format(fact) if isinstance(fact, int | float) else fact for name, fact in act["facts"].items()
    }
    return sentence % facts if facts else sentence


def _value(name: str, old: object, new: object) -> str:
    return _("%(field)s: %(old)s → %(new)s.") % {"field": _(name), "old": _one(old), "new": _one(new)}


def _one(value: object) -> str:
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value)
