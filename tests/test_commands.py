"""The long commands begin on a machine that has been told nothing."""

import subprocess
import sys
from pathlib import Path

import pytest

from config.local.site import ROOT

COMMANDS = sorted(path.parent.name for path in Path(__file__).parent.glob("*/__main__.py"))


@pytest.mark.parametrize("name", COMMANDS)
def test_it_starts_without_any_setting(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", f"tests.{name}", "--help"],
        cwd=ROOT, env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("usage:")
