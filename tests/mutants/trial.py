"""One mutant's trial: its tests pass without it and fail with it, in a copy of the code that is thrown away."""

import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from config.local.site import ROOT
from tests.mutants.designs import Edit, Mutant

CRASH_POINT = "crash-point:"
# A whole system may stand still for good when its design is wrong.
LONGEST_SECONDS = 900
# Of the first twenty deaths all may befall wishes that have only begun; the end is where a mutant shows.
DEATHS = 100


class Misplanted(Exception):
    """The code has moved on and the mutant no longer fits it."""


@dataclass(frozen=True, slots=True)
class Verdict:
    mutant: Mutant
    is_killed: bool
    how: str


def copy_code(to: Path) -> None:
    """Everything under version control and what is about to be, without what is made when it runs."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, to / name)


@contextmanager
def planted(copy: Path, edits: Sequence[Edit]) -> Iterator[None]:
    """The mistake is in the copy until the block ends. Raises Misplanted."""
    before = {edit.path: (copy / edit.path).read_text(encoding="utf-8") for edit in edits}
    now = dict(before)
    for edit in edits:
        if now[edit.path].count(edit.old) != 1:
            raise Misplanted(f"{edit.path} does not hold once: {edit.old.strip().splitlines()[0]}")
        now[edit.path] = now[edit.path].replace(edit.old, edit.new)
    try:
        for path, text in now.items():
            (copy / path).write_text(text, encoding="utf-8")
        yield
    finally:
        for path, text in before.items():
            (copy / path).write_text(text, encoding="utf-8")


def try_out(mutant: Mutant, copy: Path) -> Verdict:
    """Killed is a mutant whose tests are green without it, and red with it because something in them did not hold."""
    healthy = _run(copy, mutant.tests)
    if healthy.returncode != 0:
        return Verdict(mutant, is_killed=False, how=f"its tests fail without it: {_last_line(healthy)}")
    with planted(copy, mutant.edits):
        sick = _run(copy, mutant.tests)
    # pytest: 1 tests failed; 2 to 5 nothing was tried. A crash-point run: 1 something is violated.
    return Verdict(mutant, is_killed=sick.returncode == 1, how=_last_line(sick))


def _run(copy: Path, tests: Sequence[str]) -> "subprocess.CompletedProcess[str]":
    points = [test.removeprefix(CRASH_POINT) for test in tests if test.startswith(CRASH_POINT)]
    if points:
        only = (word for point in points for word in ("--only", point))
        command = ["-m", "tests.crash_points", "--least", str(DEATHS), *only]
    else:
        command = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", *tests]
    return subprocess.run(
        [sys.executable, *command], cwd=copy, capture_output=True, text=True, check=False, timeout=LONGEST_SECONDS
    )


def _last_line(run: "subprocess.CompletedProcess[str]") -> str:
    lines = [line for line in (run.stdout + run.stderr).splitlines() if line.strip()]
    told = [line for line in lines if line.startswith(("E   ", "- "))]
    return (told or lines or [f"exit code {run.returncode}"])[0 if told else -1].lstrip("E- ").strip()[:160]
