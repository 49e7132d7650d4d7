"""What came over the wire, made safe to work with and to store. What a body means is the adapter's to tell."""

import json
from typing import Any, NoReturn

DETAIL_LIMIT = 2_000


def json_object(body: bytes) -> dict[str, Any]:
    """The JSON object in the body. Raises ValueError for anything else, too deep nesting and NaN included."""
    try:
        value = json.loads(body, parse_constant=_refuse_constant)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(value, dict):
        raise ValueError(f"an object was expected, not {type(value).__name__}")
    return value


def storable(value: object, limit: int = DETAIL_LIMIT) -> str:
    """The value as text that PostgreSQL takes: no NUL, no half of a surrogate pair, at most `limit` characters."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text[:limit].replace("\x00", "").encode("utf-8", "replace").decode("utf-8").strip()


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
