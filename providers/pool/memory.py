"""What this process knows of the pool: at most a minute old, so that asking who could speak costs no query.

Advice only. Whether a token may be used is decided where its place is taken, on the rows themselves.
"""

import os
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from accounts.sealing import Undecryptable
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, ProgrammingError
from django.utils import timezone

from providers.credentials import Credential, label_of
from providers.models import ProviderHealth, Token
from providers.models.fingerprints import fingerprints
from providers.models.token import Source, State
from providers.pool import environment

# A failure is held against an endpoint for so long, if nobody calls it again.
LATELY = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """A token as it was read. secret: None when nobody here can say it."""

    id: int
    label: str
    secret: str | None = field(repr=False)
    is_of_environment: bool
    is_enabled: bool
    state: str
    cooldown_until: datetime | None

    @property
    def is_given(self) -> bool:
        """The operator has it in the pool, or in the environment still."""
        return self.secret is not None or not self.is_of_environment

    @property
    def is_member(self) -> bool:
        """It may work now or later without the operator doing anything."""
        return self.secret is not None and self.is_enabled and self.state != State.DISABLED

    @property
    def is_ready(self) -> bool:
        rests = self.state != State.ACTIVE and self.cooldown_until is not None and self.cooldown_until > timezone.now()
        return self.is_member and not rests

    @property
    def credential(self) -> Credential:
        return Credential(label_of(self.id, self.label), self.secret or "", self.id)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One provider's part of the pool. secrets: the environment's, as it was then.

    failed_share: of the last calls to an endpoint, 0 to 1; only of endpoints that were called lately and failed.
    """

    read_at: float
    secrets: tuple[str, ...] = field(repr=False)
    tokens: tuple[Known, ...]
    open_until: dict[str, datetime]
    failed_share: dict[str, float]


# Read and replaced whole, so threads need no lock.
_snapshots: dict[str, Snapshot] = {}


def recall(provider: str) -> Snapshot:
    """From memory while it is fresh, else read now. Raises KeyError for an unknown name."""
    secrets = environment.secrets_of(provider)
    known = _snapshots.get(provider)
    oldest = time.monotonic() - settings.TOKEN_CACHE_SECONDS
    if known is not None and known.read_at > oldest and known.secrets == secrets:
        return known
    return look(provider)


def look(provider: str) -> Snapshot:
    """Reads the rows now, and remembers them."""
    secrets = environment.secrets_of(provider)
    rows = _rows(provider)
    named = {one: secret for secret in secrets for one in fingerprints(secret)}
    if not all(_has_row(secret, rows) for secret in secrets):
        environment.enrol(provider, secrets)
        rows = _rows(provider)
    known = tuple(_known(row, named) for row in rows)
    health = list(ProviderHealth.objects.filter(provider=provider))
    paused = {row.endpoint: row.open_until for row in health if row.open_until is not None}
    oldest = timezone.now() - LATELY
    failed = {
        row.endpoint: row.failures / row.calls for row in health if row.failures and row.window_started_at > oldest
    }
    snapshot = Snapshot(time.monotonic(), secrets, known, paused, failed)
    _snapshots[provider] = snapshot
    return snapshot


def can_be_read() -> bool:
    """False where the database is away or not migrated yet."""
    try:
        Token.objects.exists()
    except (OperationalError, ProgrammingError):
        return False
    return True


def forget() -> None:
    """Something changed: the next question reads again."""
    _snapshots.clear()


def _rows(provider: str) -> list[Token]:
    return list(Token.objects.filter(provider=provider).order_by("id"))


def _has_row(secret: str, rows: list[Token]) -> bool:
    return bool({row.fingerprint for row in rows}.intersection(fingerprints(secret)))


def _known(row: Token, named: dict[str, str]) -> Known:
    return Known(
        id=row.pk,
        label=row.label,
        secret=_secret_of(row, named),
        is_of_environment=row.source == Source.ENVIRONMENT,
        is_enabled=row.is_enabled,
        state=row.state,
        cooldown_until=row.cooldown_until,
    )


def _secret_of(row: Token, named: dict[str, str]) -> str | None:
    if row.source == Source.ENVIRONMENT:
        return named.get(row.fingerprint)
    try:
        return row.secret()
    except (Undecryptable, ImproperlyConfigured):
        # The system check says which key is wrong; other tokens go on.
        return None


# What a parent read before it forked is the parent's.
os.register_at_fork(after_in_child=_snapshots.clear)
