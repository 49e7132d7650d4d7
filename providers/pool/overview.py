"""The pool in figures, for the operator's page, token_stats and the metrics: read from the rows when asked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from providers.credentials import label_of
from providers.models import ProviderHealth, Token
from providers.models.token import RESTING, State


@dataclass(frozen=True, kw_only=True, slots=True)
class Figures:
    """One token as operators see it. Nothing of its secret."""

    id: int
    provider: str
    label: str
    state: str
    state_name: str
    is_enabled: bool
    in_flight: int
    max_in_flight: int
    used_today: int
    daily_cap: int | None
    requests: int
    errors: int
    last_error: str
    last_error_at: datetime | None
    next_try_at: datetime | None
    last_used_at: datetime | None

    @property
    def works(self) -> bool:
        return self.is_enabled and self.state == State.ACTIVE

    @property
    def name(self) -> str:
        return label_of(self.id, self.label)


def every_token() -> list[Figures]:
    """By provider and number, in one query."""
    return [figures_of(row) for row in Token.objects.with_figures().order_by("provider", "pk")]


def figures_of(row: Any) -> Figures:
    """Of a row of with_figures()."""
    return Figures(
        id=row.pk,
        provider=row.provider,
        label=row.label,
        state=row.state,
        state_name=row.get_state_display(),
        is_enabled=row.is_enabled,
        in_flight=row.in_flight,
        max_in_flight=row.max_in_flight,
        used_today=row.used_today,
        daily_cap=row.daily_cap,
        requests=row.requests,
        errors=row.errors,
        last_error=row.last_error,
        last_error_at=row.last_error_at,
        next_try_at=row.cooldown_until if row.state in RESTING else None,
        last_used_at=row.last_used_at,
    )


def paused_endpoints() -> Iterable[tuple[str, str, datetime]]:
    """Where the breaker is open now: provider, endpoint, until when."""
    rows = ProviderHealth.objects.filter(open_until__gt=timezone.now()).order_by("provider", "endpoint")
    return [(row.provider, row.endpoint, row.open_until) for row in rows if row.open_until is not None]
