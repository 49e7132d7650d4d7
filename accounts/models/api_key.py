"""Personal API keys: shown once, kept as a hash, revocable, and good for what their scopes say."""

import hashlib
import secrets
from collections.abc import Collection
from functools import cache
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models.person import User
from accounts.scopes import ALL, Scope, in_order

PREFIX = "base"
# In the order of the model, which from_db() relies on.
KEY = ("id", "user_id", "scopes", "last_used_at")


def digest(key: str) -> str:
    """SHA-256 in hex. The key carries 256 random bits, so a slow hash would add nothing (ASVS 5.0, 6.5.2)."""
    return hashlib.sha256(key.encode()).hexdigest()


@cache
def _person() -> tuple[str, ...]:
    return tuple(field.attname for field in User._meta.concrete_fields)


@cache
def _opened_by() -> str:
    """As alive() has it."""
    columns = [f"k.{name}" for name in KEY] + [f"u.{field.column}" for field in User._meta.concrete_fields]
    return (
        f"SELECT {', '.join(columns)} "  # noqa: S608 (our own columns)
        "FROM accounts_apikey k JOIN accounts_user u ON u.id = k.user_id "
        "WHERE k.digest = %s AND k.revoked_at IS NULL AND u.is_active"
    )


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def for_user(self, user: object) -> "ApiKeyQuerySet":
        return self.filter(user=user)

    def alive(self) -> "ApiKeyQuerySet":
        return self.filter(revoked_at__isnull=True, user__is_active=True)

    def opened_by(self, key: str) -> "ApiKey | None":
        """The live key of this plain text with its person. Every call of a program begins here, so the statement is
        not built anew each time; what it leaves out of the key is read when somebody asks."""
        with connection.cursor() as cursor:
            cursor.execute(_opened_by(), [digest(key)])
            row = cursor.fetchone()
        if row is None:
            return None
        found = ApiKey.from_db(connection.alias, KEY, row[: len(KEY)])
        found.user = User.from_db(connection.alias, _person(), row[len(KEY) :])
        return found

    def revoke(self) -> int:
        """From now on they open nothing. How many did until now."""
        return self.filter(revoked_at__isnull=True).update(revoked_at=Now())

    def issue(self, user_id: int, name: str, scopes: Collection[str] = ALL) -> tuple["ApiKey", str]:
        """A new key and its only plain text, as base_<8>_<43>. Its scopes are written down, also when it has all."""
        hint = secrets.token_hex(4)
        key = f"{PREFIX}_{hint}_{secrets.token_urlsafe(32)}"
        row = self.create(user_id=user_id, name=name, hint=hint, digest=digest(key), scopes=in_order(scopes))
        return row, key


class ApiKey(models.Model):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(_("name"), max_length=80)
    hint = models.CharField(_("begins with"), max_length=8)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    # No default: what was never written down must not come to mean everything.
    scopes: "ArrayField[list[str], list[str]]" = ArrayField(models.CharField(max_length=8), verbose_name=_("scopes"))
    created_at = models.DateTimeField(_("created"), db_default=Now())
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    objects: ClassVar[models.Manager["ApiKey"]] = ApiKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(scopes__contained_by=[scope.value for scope in ALL]) & models.Q(scopes__len__gt=0),
                name="apikey_scopes_known",
            )
        ]

    def __str__(self) -> str:
        return f"{PREFIX}_{self.hint}_…"

    def may(self, scope: Scope) -> bool:
        return scope in self.scopes
