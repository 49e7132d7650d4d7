"""Structured logs: short snake_case events, data as keywords, ids bound at the edges, secrets never."""

import logging.config
import re
from collections.abc import MutableMapping
from functools import lru_cache
from typing import Any

import structlog

from config import secrecy

SECRET_NAME = re.compile(r"token|secret|password|signature|authorization|cookie|api_?key", re.IGNORECASE)
SECRET_VALUE = re.compile(r"\b(r8_|whsec_|base_[0-9a-f]{8}_|Bearer |X-Amz-(?:Signature|Security-Token)=)[\w\-+/=%]+")


@lru_cache(maxsize=1024)
def _is_secret(name: str) -> bool:
    """Events use few names, again and again."""
    return bool(SECRET_NAME.search(name))


def hide_secrets(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Blanks what is secret by its name or by its look."""
    for name, value in event.items():
        if _is_secret(name):
            event[name] = "…"
        elif isinstance(value, str):
            event[name] = SECRET_VALUE.sub(r"\1…", value)
    return event


def configure_logging(*, json_lines: bool, level: str, secrets: set[str]) -> None:
    """One formatter for our own events and for everything that logs the ordinary way; `secrets` stand in no line."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        hide_secrets,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        cache_logger_on_first_use=True,
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "events": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "foreign_pre_chain": shared,
                    "processors": [*_rendering(json_lines=json_lines), secrecy.hider(secrets)],
                }
            },
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "events"}},
            "root": {"handlers": ["stderr"], "level": level},
            "loggers": {
                "django.server": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
                "django.request": {"level": "ERROR"},
                "daphne": {"level": "WARNING"},
                "celery": {"level": "WARNING"},
                "kombu": {"level": "WARNING"},
                **{name: {"level": "WARNING"} for name in ("boto3", "botocore", "s3transfer")},
            },
        }
    )


def _rendering(*, json_lines: bool) -> list[Any]:
    """From an event to a line. Plain tracebacks, because the other formatters show local variables."""
    return [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if json_lines
        else structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
    ]
