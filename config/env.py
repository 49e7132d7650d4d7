"""Typed, loud reading of the environment. A wrong value is a sentence that names its variable.

A thin wrapper over django-environ: it reads "ture" as False, passes unknown URL parameters on to
psycopg and lets an empty PORT surface as an anonymous ValueError. Any NAME may come from a file
named by NAME_FILE instead, as container secrets do.
"""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit, urlunsplit

import environ
from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}


def text(name: str, default: str | None = None) -> str:
    """The value of NAME, of the file named by NAME_FILE, or the default; refuses when none is there."""
    if value := os.environ.get(name, ""):
        return value
    if path := os.environ.get(f"{name}_FILE"):
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE names {path}, which cannot be read: {error}.") from error
    if default is None:
        raise ImproperlyConfigured(f"{name} is not set. See .env.example for what it means.")
    return default


def flag(name: str, *, default: bool) -> bool:
    """True or False; anything that is not plainly one of them is refused."""
    value = os.environ.get(name)
    if value is None:
        return default
    if value.strip().lower() in TRUE:
        return True
    if value.strip().lower() in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}; write 1 or 0.")


def integer(name: str, default: int, *, minimum: int = 0) -> int:
    """A whole number not below the minimum."""
    value = text(name, str(default))
    try:
        number = int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is {value!r}; a whole number is needed.") from error
    if number < minimum:
        raise ImproperlyConfigured(f"{name} is {number}; it must be at least {minimum}.")
    return number


def seconds(name: str, default: float) -> float:
    """A length of time in seconds, above zero."""
    value = text(name, str(default))
    try:
        number = float(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is {value!r}; a number of seconds is needed.") from error
    if not 0 < number < float("inf"):
        raise ImproperlyConfigured(f"{name} is {value}; it must be above zero.")
    return number


def choice(name: str, default: str, *others: str) -> str:
    """One of a few words."""
    value = text(name, default)
    if value not in (default, *others):
        raise ImproperlyConfigured(f"{name} is {value!r}; write one of {', '.join((default, *others))}.")
    return value


def words(name: str, default: str = "") -> list[str]:
    """Comma-separated values, blanks dropped."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def web_origin(name: str, default: str) -> str:
    """An http(s) origin without path, as PUBLIC_URL must be."""
    value = text(name, default).rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
        raise ImproperlyConfigured(f"{name} is {value!r}; write it as https://studio.example.org, without a path.")
    return value


def database(name: str) -> dict[str, Any]:
    """Django's DATABASES entry. connection_limit and pool_timeout in the URL ask for a pool (web only); without them
    each thread keeps a connection, and there are no more of those than the Procfile says."""
    parts = urlsplit(text(name))
    query = parse_qs(parts.query)
    limit = query.pop("connection_limit", [None])[0]
    timeout = query.pop("pool_timeout", [None])[0]
    allowed = {"sslmode", "sslrootcert", "application_name", "options", "target_session_attrs"}
    if unknown := sorted(set(query) - allowed):
        raise ImproperlyConfigured(f"{name} has the parameter {unknown[0]!r}, which is not known here.")
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(f"{name} must be a postgresql:// address; nothing else is supported.")
    config: dict[str, Any] = environ.Env.db_url_config(urlunsplit(parts._replace(query="")))
    config["OPTIONS"] = {key: values[0] for key, values in query.items()}
    config["ENGINE"] = "config.postgres"
    config["POOL"] = {"max_size": int(limit or 10), "timeout": float(timeout or 2)} if limit or timeout else None
    return config
