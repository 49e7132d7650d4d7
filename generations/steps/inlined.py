"""Inline files in a request, for the database: it keeps their digest, never their bytes."""

import hashlib
from collections.abc import Mapping
from typing import Any

SHORTEST = 512


def without_files(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The same request with "sha256:<hex>" in the place of each data URI, so that two requests can be compared."""
    return {name: _shortened(value) for name, value in fields.items()}


def _shortened(value: Any) -> Any:
    if isinstance(value, str) and len(value) > SHORTEST and value.startswith("data:"):
        return f"sha256:{hashlib.sha256(value.encode()).hexdigest()}"
    if isinstance(value, list):
        return [_shortened(one) for one in value]
    return value
