"""What came over the wire, made safe to work with and to store. What a body means is the adapter's to tell."""

import json
from typing import Any, NoReturn

DETAIL_LIMIT = 2_000
# No provider comes near it, and it leaves room for everything that works on the value by calling itself.
DEEPEST = 100


def json_object(body: bytes) -> dict[str, Any]:
    """The JSON object in the body. Raises ValueError for anything else, too deep nesting and NaN included."""
    try:
        value = json.loads(body, parse_constant=_refuse_constant)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(value, dict):
        raise ValueError(f"an object was expected, not {type(value).__name__}")
    if _is_deep(value):
        raise ValueError("nested too deeply")
    return value


def storable(value: object, limit: int = DETAIL_LIMIT) -> str:
    """The value as text that PostgreSQL takes: no NUL, no half of a surrogate pair, at most `limit` characters."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text[:limit].replace("\x00", "").encode("utf-8", "replace").decode("utf-8").strip()


def _is_deep(value: dict[str, Any]) -> bool:
    layer: list[Any] = [value]
    for _ in range(DEEPEST):
        held = [inner for outer in layer for inner in (outer.values() if isinstance(outer, dict) else outer)]
        layer = [inner for inner in held if isinstance(inner, (dict, list))]
    return bool(layer)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
