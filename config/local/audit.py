"""bin/audit: known vulnerabilities of everything the locks name, by pip-audit, out of the OSV database.

Silence is no proof: a database that cannot be reached, or that does not know a vulnerability everybody knows, is said
and ends with a code of its own, and so is a package that was left out.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import requests

from config.local.site import ROOT

# The development lock holds everything of requirements.lock and requirements-s3.lock.
LOCKS = ("requirements-dev.lock", "requirements-models.lock", "requirements-uv.lock")
DATABASE = "https://api.osv.dev/v1/query"
NONE, SOME, BROKEN, NOT_RUN = 0, 1, 2, 3
# Vulnerable for many years; whoever does not know that is no database.
KNOWN = {"package": {"name": "jinja2", "ecosystem": "PyPI"}, "version": "2.4.1"}
PATIENCE_SECONDS = 15


class Broken(Exception):
    """pip-audit ended without a list."""


def is_reachable(database: str) -> bool:
    """Whether it answers, and knows what everybody knows."""
    try:
        answer = requests.post(database, json=KNOWN, timeout=PATIENCE_SECONDS)
        return answer.ok and bool(answer.json().get("vulns"))
    except (requests.RequestException, ValueError, AttributeError):
        return False


def packages(database: str, locks: Sequence[Path]) -> list[dict[str, Any]]:
    """What pip-audit says of each package. Raises Broken."""
    command = [sys.executable, "-m", "pip_audit", "--vulnerability-service", "osv", "--osv-url", database]
    command += ["--format", "json", "--progress-spinner", "off", "--disable-pip", "--no-deps"]
    for lock in locks:
        command += ["--requirement", str(lock)]
    # Findings and failures both end with 1; only findings come as a list.
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        found: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError) as error:
        raise Broken(done.stderr.strip().rpartition("\n")[2] or f"code {done.returncode}") from error
    return found


def findings(found: Sequence[dict[str, Any]]) -> Iterator[str]:
    """A line for each vulnerability."""
    for package in found:
        for one in package.get("vulns", ()):
            names = ", ".join(dict.fromkeys([one["id"], *one.get("aliases", ())]))
            fixed = ", ".join(one.get("fix_versions", ())) or "not fixed yet"
            yield f"{package['name']} {package['version']}: {names} (fixed in: {fixed})"


def audit(database: str, locks: Sequence[Path]) -> tuple[int, list[str]]:
    """The exit code and what to print."""
    if not is_reachable(database):
        return NOT_RUN, ["dependency audit: not run, no vulnerability database can be reached"]
    try:
        found = packages(database, locks)
    except Broken as error:
        return BROKEN, [f"dependency audit: broke off: {error}"]
    lines = list(dict.fromkeys(findings(found)))
    left_out = [f"{one['name']}: left out, {one['skip_reason']}" for one in found if "skip_reason" in one]
    summary = f"dependency audit: {len(found)} packages, {len(lines)} known vulnerabilities"
    code = SOME if lines else BROKEN if left_out or not found else NONE
    return code, [*lines, *left_out, summary]


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="bin/audit", description=__doc__)
    parser.add_argument("--database", default=DATABASE, help="of the OSV kind")
    parser.add_argument("locks", nargs="*", type=Path, default=[ROOT / name for name in LOCKS])
    given = parser.parse_args(arguments)
    code, lines = audit(given.database, given.locks)
    print("\n".join(lines))
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
