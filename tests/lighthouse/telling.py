"""What is wanted of a page, and docs/evidence/lighthouse.md, which says what was found."""

import os
from datetime import UTC, datetime

from config.local.site import ROOT
from tests.lighthouse.judging import CATEGORIES, Verdict

EVIDENCE = ROOT / "docs/evidence/lighthouse.md"
WORKS = 60
WANTED = {"performance": 90, "accessibility": 100, "best-practices": 95}
MOST_SHIFT = 0.02
Rows = list[tuple[str, str, Verdict]]


def is_good(verdict: Verdict) -> bool:
    return verdict.metrics["cls"] <= MOST_SHIFT and all(verdict.scores[name] >= least for name, least in WANTED.items())


def write(rows: Rows, runs: int, load: float) -> str:
    """Answers the page it has written. load: of the machine before it began."""
    lines = [
        "# Lighthouse",
        "",
        f"`bin/lighthouse --runs {runs}`, {datetime.now(UTC):%Y-%m-%d}: Lighthouse {rows[0][2].version} at a studio "
        f"with {WORKS} works, signed in, on {os.cpu_count()} cores with a load of {load:.1f} before it began. Each "
        "line is the run with the median performance. Mobile is Lighthouse's slow telephone on a slow line. Wanted "
        f"are performance of {WANTED['performance']}, accessibility of {WANTED['accessibility']}, best practices of "
        f"{WANTED['best-practices']} and a layout shift of {MOST_SHIFT} at most.",
        "",
        "| page | form | performance | accessibility | best practices | largest paint | blocked | layout shift |",
        "|---|---|---:|---:|---:|---:|---:|---:|",
    ]
    lines += [f"| {name} | {form} | {_figures(verdict)} |" for name, form, verdict in rows]
    lines += ["", "What weighs and was not passed in full:", ""]
    lines += [f"- {name}, {form}: {'; '.join(verdict.failed) or 'nothing'}" for name, form, verdict in rows]
    text = "\n".join(lines) + "\n"
    EVIDENCE.write_text(text, encoding="utf-8")
    return text


def _figures(verdict: Verdict) -> str:
    scores = [str(verdict.scores[category]) for category in CATEGORIES]
    paint, blocked, shift = (verdict.metrics[name] for name in ("lcp", "tbt", "cls"))
    return " | ".join([*scores, f"{paint / 1000:.2f} s", f"{blocked:.0f} ms", f"{shift:.3f}"])
