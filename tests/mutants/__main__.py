"""bin/mutants: plants nine mistakes of design, one after another, and sees the tests fail; kept under docs/evidence."""

import argparse
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from config.local.site import ROOT
from tests.mutants.designs import MUTANTS
from tests.mutants.trial import Verdict, copy_code, try_out

EVIDENCE = ROOT / "docs/evidence/mutants.md"


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/mutants", description=__doc__)
    parser.add_argument("--only", action="append", choices=[one.name for one in MUTANTS], help="may be repeated")
    asked = parser.parse_args()
    chosen = [one for one in MUTANTS if not asked.only or one.name in asked.only]
    verdicts: list[Verdict] = []
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copy = Path(folder)
        copy_code(copy)
        for number, mutant in enumerate(chosen, start=1):
            began = time.monotonic()
            verdict = try_out(mutant, copy)
            verdicts.append(verdict)
            word = "killed" if verdict.is_killed else "SURVIVED"
            seconds = time.monotonic() - began
            print(f"{number} of {len(chosen)}  {mutant.name}: {word} in {seconds:.0f} s: {verdict.how}", flush=True)
    killed = sum(verdict.is_killed for verdict in verdicts)
    if not asked.only:
        EVIDENCE.parent.mkdir(parents=True, exist_ok=True)
        EVIDENCE.write_text(_page(verdicts), encoding="utf-8")
    print(f"{killed} of {len(chosen)} mutants killed")
    return 0 if killed == len(chosen) else 1


def _page(verdicts: list[Verdict]) -> str:
    lines = [
        "# Mutants of the design",
        "",
        f"`bin/mutants`, {datetime.now(UTC):%Y-%m-%d}: each mistake is planted in a copy of the code; the tests named "
        "pass without it and have to fail with it.",
        "",
        "| mutant | the mistake | killed | by |",
        "|---|---|---|---|",
    ]
    for one in verdicts:
        tests = ", ".join(f"`{test.rpartition('::')[2]}`" for test in one.mutant.tests)
        lines.append(f"| {one.mutant.name} | {one.mutant.mistake} | {'yes' if one.is_killed else 'NO'} | {tests} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
