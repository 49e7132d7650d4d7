"""A failed test of the running system tells what became of the generations of its people."""

from collections.abc import Generator
from typing import Any

import psycopg
import pytest

from tests.visitor import Visitor

EVENTS = (
    "SELECT g.prompt, g.stage, g.waits_for, e.created_at::time, e.kind, e.data "
    "FROM generations_generation g LEFT JOIN generations_event e ON e.generation_id = g.id "
    "WHERE g.user_id = %s ORDER BY g.id DESC, e.id LIMIT 100"
)
ATTEMPTS = (
    "SELECT g.prompt, a.number, a.provider, a.token_label, a.state, a.error_class, a.error_detail, a.http_status, "
    "a.polls, a.sent_at::time, a.accepted_at::time FROM generations_generation g "
    "JOIN generations_attempt a ON a.generation_id = g.id WHERE g.user_id = %s ORDER BY a.id DESC LIMIT 100"
)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    report: Any = yield
    if report.failed and report.when == "call":
        for name, value in getattr(item, "funcargs", {}).items():
            if isinstance(value, Visitor):
                report.sections.append((f"generations of {name}", told(value)))
    return report


def told(visitor: Visitor) -> str:
    """One line an event and one an attempt, newest generation first."""
    try:
        rows = [*visitor.system.query(EVENTS, visitor.id), *visitor.system.query(ATTEMPTS, visitor.id)]
    except psycopg.OperationalError as reason:
        return f"the database does not answer: {reason}"
    return "\n".join("  ".join(str(value) for value in row) for row in rows) or "none"
