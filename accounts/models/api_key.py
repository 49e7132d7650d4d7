"""Personal API keys: shown once, kept as a hash, revocable."""

import hashlib
import secrets
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

PREFIX = "base"


def digest(key: str) -> str:
    """SHA-256 in hex. The key carries 256 random bits, so a slow hash would add nothing (ASVS 5.0, 6.5.2)."""
    return hashlib.sha256(key.encode()).hexdigest()


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def for_user(self, user: object) -> "ApiKeyQuerySet":
        return self.filter(user=user)

    def alive(self) -> "ApiKeyQuerySet":
        return self.filter(revoked_at__isnull=True, user__is_active=True)

    def revoke(self) -> int:
        """From now on they open nothing. How many did until now."""
        return self.filter(revoked_at__isnull=True).update(revoked_at=Now())

    def issue(self, user_id: int, name: str) -> tuple["ApiKey", str]:
        """A new key and its only plain text, as base_<8>_<43>."""
        hint = secrets.token_hex(4)
        key = f"{PREFIX}_{hint}_{secrets.token_urlsafe(32)}"
        return self.create(user_id=user_id, name=name, hint=hint, digest=digest(key)), key


class ApiKey(models.Model):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(_("name"), max_length=80)
    hint = models.CharField(_("begins with"), max_length=8)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    # What a key may be used for, empty for everything its owner may do. Written down, not yet asked by any call.
    scopes = models.JSONField(_("scopes"), default=list, blank=True)
    created_at = models.DateTimeField(_("created"), db_default=Now())
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    objects: ClassVar[models.Manager["ApiKey"]] = ApiKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")

    def __str__(self) -> str:
        return f"{PREFIX}_{self.hint}_…"
