"""schemathesis against a running studio: no 5xx, and no answer that the OpenAPI document does not name."""

import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

# What fits the document may still be refused with a reason: a model takes no film, a batch wants to be confirmed.
LEFT_OUT = ("positive_data_acceptance",)
LIMIT_SECONDS = 5


class Found(NamedTuple):
    """requests: how many were made. is_good: nothing was wrong with any answer."""

    is_good: bool
    requests: int
    report: str


def call_everything(url: str, key: str, folder: Path, *, seed: int, examples: int, seconds: int = 0) -> Found:
    """key: of somebody with credits. folder: for files of the run. seconds: go on for so long, else once through."""
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "run", f"{url}/api/schema"),
        *("--header", f"Authorization: Bearer {key}", "--checks", "all", "--exclude-checks", ",".join(LEFT_OUT)),
        *("--max-examples", str(examples), "--seed", str(seed), "--max-response-time", str(LIMIT_SECONDS)),
        *(("--max-time", str(seconds)) if seconds else ()),
        *("--warnings", "off", "--suppress-health-check", "all"),
    ]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    counted = re.search(r"(\d[\d,]*) generated", done.stdout)
    requests = int(counted[1].replace(",", "")) if counted else 0
    return Found(is_good=done.returncode == 0, requests=requests, report=done.stdout + done.stderr)
