"""A run as a page of tables."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from tests.chaos.run import OF_CLIENTS, OF_PAGES, Outcome
from tests.checker.rows import ALWAYS, AT_REST

MOST_TOLD = 20


def markdown(outcome: Outcome) -> str:
    return "\n\n".join([
        f"# Chaos, seed {outcome.seed}",
        f"`bin/chaos --seed {outcome.seed} --minutes {outcome.minutes:g}`, {datetime.now(UTC):%Y-%m-%d}. "
        f"{outcome.summary[0].upper()}{outcome.summary[1:]}.",
        f"At rest {outcome.drain_seconds:.0f} s after the last fault. The provider accepted {outcome.jobs} jobs. "
        f"{outcome.missed} planned faults found their process down already. Pages were opened {outcome.sockets} times.",
        "## Faults\n\n" + _table("what", "times", outcome.faults),
        "## Ends\n\n" + _table("end", "generations", outcome.ends),
        "## Answers to clients\n\n" + _table("status", "times", outcome.answers),
        "## Violations\n\n" + _violations(outcome),
    ])  # fmt: skip


def _violations(outcome: Outcome) -> str:
    asked = (*ALWAYS, *AT_REST, *OF_CLIENTS, *OF_PAGES)
    names = dict.fromkeys([*asked, *(one.invariant for one in outcome.violations)], 0)
    for one in outcome.violations:
        names[one.invariant] += 1
    told = [f"- {one.invariant}: {one.what}" for one in outcome.violations[:MOST_TOLD]]
    return "\n".join([_table("invariant", "violations", names), "", *told]).rstrip()


def _table(first: str, second: str, rows: Mapping[Any, int]) -> str:
    return "\n".join(_lines(first, second, rows.items()))


def _lines(first: str, second: str, rows: Iterable[tuple[object, int]]) -> Iterable[str]:
    yield f"| {first} | {second} |"
    yield "|---|---:|"
    # A status of 0 is no answer at all.
    for name, count in sorted(rows, key=lambda row: (-row[1], str(row[0]))):
        yield f"| {name} | {count} |"
