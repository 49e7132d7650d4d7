"""Lighthouse itself: called for one address in a browser that is signed in, and what it answers."""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PATIENCE_SECONDS = 300
# What it is asked for; the rest is for public pages.
CATEGORIES = ("performance", "accessibility", "best-practices")
METRICS = {"largest-contentful-paint": "lcp", "total-blocking-time": "tbt", "cumulative-layout-shift": "cls"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """scores: of a hundred, by category. metrics: lcp and tbt in milliseconds, cls. failed: not passed in full."""

    version: str
    scores: dict[str, int]
    metrics: dict[str, float]
    failed: list[str]


def judge(folder: Path, address: str, *, port: int, form: str, report: Path) -> Verdict:
    """port: where the browser listens to a debugger; its cookies are kept, what it has cached is not.

    form: "desktop" or "mobile", the latter on a slow line. report: where Lighthouse's own JSON is left to be read.
    Raises RuntimeError when it ended badly or judged another page than was asked for.
    """
    command = [
        "node", "node_modules/lighthouse/cli/index.js", address, f"--port={port}", "--quiet", "--output=json",
        f"--output-path={report}", f"--only-categories={','.join(CATEGORIES)}", "--disable-full-page-screenshot",
        *(["--preset=desktop"] if form == "desktop" else []),
    ]  # fmt: skip
    own = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "LANG") if name in os.environ}
    ended = subprocess.run(
        command, cwd=folder, env=own, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False
    )
    if ended.returncode:
        raise RuntimeError(f"lighthouse ended with {ended.returncode}: {ended.stderr[-2000:]}")
    return read(json.loads(report.read_text(encoding="utf-8")))


def read(report: dict[str, Any]) -> Verdict:
    """Raises RuntimeError for a report about a page that did not load, or led elsewhere."""
    if error := report.get("runtimeError"):
        raise RuntimeError(str(error["message"]))
    if report["finalDisplayedUrl"] != report["requestedUrl"]:
        raise RuntimeError(f"asked for {report['requestedUrl']}, it judged {report['finalDisplayedUrl']}")
    audits = report["audits"]
    weighed = [
        one["id"] for category in report["categories"].values() for one in category["auditRefs"] if one["weight"]
    ]
    failed = [audits[name]["title"] for name in weighed if audits[name]["score"] not in {None, 1}]
    return Verdict(
        version=report["lighthouseVersion"],
        scores={name: round(100 * (report["categories"][name]["score"] or 0)) for name in CATEGORIES},
        metrics={short: float(audits[name]["numericValue"]) for name, short in METRICS.items()},
        failed=list(dict.fromkeys(failed)),
    )
