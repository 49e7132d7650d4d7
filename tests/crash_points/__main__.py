"""bin/crash-points: each named moment kills at least 20 times; the table is kept under docs/evidence."""

import argparse
import shutil
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from config.local import supervisor
from config.local.site import ROOT
from tests.chaos.suffering import say, suffering
from tests.crash_points.points import POINTS
from tests.crash_points.run import Fate, run

LEAST = 20
BOOT = Path(__file__).with_name("boot")
EVIDENCE = ROOT / "docs/evidence/crash-points.md"


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/crash-points", description=__doc__)
    parser.add_argument("--only", action="append", choices=list(POINTS), help="this point alone; may be repeated")
    parser.add_argument("--least", type=int, default=LEAST, help=f"deaths of each; {LEAST} unless told")
    asked = parser.parse_args()
    names = asked.only or list(POINTS)
    # Who dies on purpose every second is not to wait half a minute for the next time.
    supervisor.PAUSE_CAP_SECONDS = 0.5
    folder = Path(tempfile.mkdtemp(prefix="crash-points-"))
    fates: list[Fate] = []
    try:
        with suffering("crash-points", {"CRASH_FOLDER": str(folder), "PYTHONPATH": str(BOOT)}) as system:
            for fate in run(system, folder, names, asked.least):
                fates.append(fate)
                say(f"{len(fates)} of {len(names)}", f"{fate.point}: {fate.crashes} deaths, {fate.made} generations")
    finally:
        shutil.rmtree(folder)
    text = _page(fates, asked.least)
    print(text)
    if not asked.only and asked.least >= LEAST:
        EVIDENCE.parent.mkdir(parents=True, exist_ok=True)
        EVIDENCE.write_text(text + "\n", encoding="utf-8")
    good = [fate for fate in fates if fate.crashes >= asked.least and not fate.violations]
    print(f"{len(good)} of {len(names)} points: at least {asked.least} deaths each, nothing lost, doubled or stuck")
    return 0 if len(good) == len(names) else 1


def _page(fates: list[Fate], least: int) -> str:
    lines = [
        "# Crash points",
        "",
        f"`bin/crash-points`, {datetime.now(UTC):%Y-%m-%d}: a process kills itself with SIGKILL at each of these "
        f"moments, at least {least} times, while people ask and the provider misbehaves; afterwards every invariant "
        "is looked at.",
        "",
        "| point | where | deaths | generations | violations |",
        "|---|---|---:|---:|---:|",
    ]
    for fate in fates:
        point = POINTS[fate.point]
        where = f"{'before' if point.is_before else 'after'} `{point.function.rpartition('.')[2]}`"
        lines.append(f"| {fate.point} | {where} | {fate.crashes} | {fate.made} | {len(fate.violations)} |")
    lines += [f"- {fate.point}: {one.invariant}: {one.what}" for fate in fates for one in fate.violations[:5]]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
