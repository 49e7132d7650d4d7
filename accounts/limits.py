"""How often somebody may ask: django-ratelimit's counting over Redis, our headers.

Without Redis nothing is counted and everybody may (the person's line still bounds the work).
"""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django_ratelimit.core import get_usage


@dataclass(frozen=True, slots=True)
class Usage:
    limit: int
    remaining: int
    reset_seconds: int
    is_exceeded: bool

    @property
    def headers(self) -> dict[str, str]:
        """X-RateLimit-Limit, -Remaining, -Reset (seconds), and Retry-After when nothing is left."""
        headers = {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.remaining),
            "X-RateLimit-Reset": str(self.reset_seconds),
        }
        return headers | ({"Retry-After": str(self.reset_seconds)} if self.is_exceeded else {})


def count(request: HttpRequest, group: str, key: str, rate: str) -> Usage | None:
    """Counts one request of `key` (a person's id or an address) in `group`; None when nothing can be counted."""
    usage: dict[str, Any] | None = get_usage(
        request, group=group, key=lambda _group, _request: key, rate=rate, increment=True
    )
    if usage is None:
        return None
    remaining = max(0, usage["limit"] - usage["count"])
    return Usage(usage["limit"], remaining, max(1, usage["time_left"]), usage["should_limit"])
