"""bin/fuzz --seconds S: requests by the ten thousand at a studio of its own; kept under docs/evidence."""

import argparse
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from config.local.site import ROOT
from tests.chaos.suffering import say, suffering
from tests.fuzz.calling import Found, call_everything
from tests.visitor import Visitor

EVIDENCE = ROOT / "docs/evidence/fuzz.md"
# schemathesis stops an operation there, however much time is left.
EXAMPLES = 2_000


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/fuzz", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=int, default=600, help="600 unless told")
    asked = parser.parse_args()
    with suffering("fuzz") as system, tempfile.TemporaryDirectory() as folder:
        say("fuzz", f"calling for {asked.seconds} s")
        key = Visitor(system, "fuzz").key
        found = call_everything(
            system.url, key, Path(folder), seed=asked.seed, examples=EXAMPLES, seconds=asked.seconds
        )
    print(found.report)
    EVIDENCE.write_text(_page(found, asked.seed), encoding="utf-8")
    verdict = "all answered as documented, no 5xx" if found.is_good else "NOT all answered as documented"
    print(f"{found.requests} requests: {verdict}")
    return 0 if found.is_good else 1


def _page(found: Found, seed: int) -> str:
    summary = found.report.partition("SUMMARY")[2].strip(" =\n")
    return (
        f"# Fuzzing the API\n\n`bin/fuzz --seed {seed}`, {datetime.now(UTC):%Y-%m-%d}: schemathesis on the OpenAPI "
        f"document, with every check but that what fits the document is taken. {found.requests} requests.\n\n"
        f"```text\n{summary}\n```\n"
    )


if __name__ == "__main__":
    sys.exit(main())
