"""The check of the whole ledger: every promise is asked about, what is broken is logged and kept for the operator."""

from collections.abc import Iterator, Mapping
from typing import Any

import structlog
from django.db import connection

from accounts import audit
from accounts.audit import Broken
from generations import settlements
from generations.models import LedgerCheck

logger = structlog.get_logger(__name__)
CHECKS: Mapping[str, str] = audit.CHECKS | settlements.CHECKS
# Enough to begin looking with; bin/manage check_ledger tells more.
ROWS_KEPT = 5


def broken(cursor: Any) -> Iterator[Broken]:
    """Every promise that does not hold, the ledger's own first."""
    return audit.broken(cursor, CHECKS)


def check_ledger() -> list[Broken]:
    """Looks at everything, writes down when and what; changes no money. Twice at a time does no harm."""
    with connection.cursor() as cursor:
        found = list(broken(cursor))
    for one in found:
        logger.error("ledger_is_wrong", promise=one.promise, total=one.total, rows=one.rows)
    LedgerCheck.objects.record(
        [{"promise": one.promise, "rows": one.rows[:ROWS_KEPT], "total": one.total} for one in found]
    )
    logger.info("ledger_checked", checks=len(CHECKS), findings=sum(one.total for one in found))
    return found
