"""Reads single values out of a body: by a way through it, as a number, as a length of time."""

import re
from collections.abc import Mapping
from typing import Any

NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
USUAL_SECONDS, USUAL_FPS = 5.0, 24.0


def at(body: Any, way: str) -> Any:
    """What stands at "name", "outer.name" or "list.0.name"; None when nothing does."""
    for step in way.split("."):
        if isinstance(body, list) and step.isdecimal() and int(step) < len(body):
            body = body[int(step)]
        elif isinstance(body, Mapping):
            body = body.get(step)
        else:
            return None
    return body


def default_at(schema: Mapping[str, Any], way: str) -> Any:
    """The default that the schema names for what stands there."""
    for step in way.split("."):
        schema = schema.get("items", {}) if step.isdecimal() else schema.get("properties", {}).get(step, {})
    return schema.get("default")


def number(value: Any) -> float | None:
    """The number in 5, "5", "5s" or "4x"; None when there is none."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return float(value)
    found = NUMBER.search(str(value))
    return float(found[0]) if found else None


def seconds(duration: Any, frames: Any, fps: float | None) -> float:
    """How long a film is to be: as said, or by its frames, or as long as most are."""
    told, count = number(duration), number(frames)
    if told is not None and told > 0:
        return told
    return count / (fps or USUAL_FPS) if count else USUAL_SECONDS
