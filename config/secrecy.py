"""Which settings are secret, and a last step of every log line that takes their values out, wherever they stand.

Names and looks are hidden earlier (`config.logging`); this is for the exception of somebody else's library whose text
quotes an address with its password.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import quote, unquote, urlsplit

SECRET = re.compile(r"SECRET|PASSWORD|TOKEN|FERNET|ACCESS_KEY", re.IGNORECASE)
# Shorter ones are words that lines are made of.
SHORTEST = 8
HIDDEN = "…"


def values(settings: Mapping[str, Any]) -> set[str]:
    """Every secret value of the settings, with the forms in which lines quote it."""
    found = {value for name, setting in settings.items() if name.isupper() for value in _walk(name, setting)}
    quoted = {form for value in found for form in (quote(value, safe=""), unquote(value), json.dumps(value)[1:-1])}
    return {form for form in found | quoted if len(form) >= SHORTEST}


def hider(secrets: set[str]) -> Callable[[Any, str, str], str]:
    """A structlog processor behind the renderer."""
    if not secrets:
        return lambda _logger, _method, line: line
    # The longest first: one may stand within another.
    pattern = re.compile("|".join(re.escape(secret) for secret in sorted(secrets, key=len, reverse=True)))
    return lambda _logger, _method, line: pattern.sub(HIDDEN, line)


def _walk(name: str, setting: Any) -> Iterator[str]:
    if isinstance(setting, Mapping):
        for key, value in setting.items():
            yield from _walk(str(key), value)
    elif isinstance(setting, list | tuple):
        for value in setting:
            yield from _walk(name, value)
    elif isinstance(setting, str) and setting:
        yield from _in_text(name, setting)


def _in_text(name: str, text: str) -> Iterator[str]:
    """The text itself if its name says so, with the second half of id:secret; and the password of an address."""
    if SECRET.search(name):
        yield text
        yield text.rpartition(":")[2]
    if "://" in text and (password := urlsplit(text).password):
        yield password
