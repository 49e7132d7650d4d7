"""What the last check of the ledger found. Read by the operator's page."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

THE_ONE = 1


class LedgerCheckQuerySet(models.QuerySet["LedgerCheck"]):
    def record(self, broken: Sequence[dict[str, Any]]) -> None:
        """broken: {"promise", "rows", "total"} each."""
        self.update_or_create(pk=THE_ONE, defaults={"checked_at": Now(), "broken": list(broken)})

    def the_one(self) -> "LedgerCheck | None":
        return self.filter(pk=THE_ONE).first()


class LedgerCheck(models.Model):
    """One row for all time, written anew by each check: the earlier ones are in the log.

    A row and not a key in Redis, which may be emptied at any time: an operator must not lose what was found with it.
    It costs a write a night, and the page one look by primary key.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=THE_ONE)
    checked_at = models.DateTimeField()
    broken = models.JSONField(default=list)

    objects: ClassVar[models.Manager["LedgerCheck"]] = LedgerCheckQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=THE_ONE), name="ledger_check_is_one_row")]

    def __str__(self) -> str:
        return f"{self.checked_at}"

    @property
    def total(self) -> int:
        return sum(one["total"] for one in self.broken)
