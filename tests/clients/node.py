"""Installs the vendors' JavaScript clients from their lock file, and runs scripts that use them. Node is required."""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
LOCKED = ("package.json", "package-lock.json")
INSTALL = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
# Where npm and node look for themselves, for certificates and for a proxy: the rest is no business of a test.
PASSED_ON = ("PATH", "HOME", "TMPDIR", "LANG", "SSL_CERT_FILE")
PATIENCE_SECONDS = 90


def install(base: Path, locks: Path = HERE) -> Path:
    """The folder below `base` with node_modules as the lock in `locks` says; made once, runs wait for each other."""
    digest = hashlib.sha256(b"".join((locks / name).read_bytes() for name in LOCKED)).hexdigest()[:16]
    folder = base / "clients" / digest
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (folder.parent / "install.lock").open("w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        if not folder.exists():
            with tempfile.TemporaryDirectory(dir=folder.parent) as workshop:
                for name in LOCKED:
                    shutil.copy(locks / name, workshop)
                _call(INSTALL, Path(workshop), {"npm_config_cache": str(base / "cache" / "npm")})
                shutil.copytree(workshop, folder)
    return folder


def run(folder: Path, script: str, variables: dict[str, str]) -> Any:
    """What a script of this folder prints last, read as JSON. Fails with what node said when it ends badly."""
    # Node looks for packages above the script, so that it has to stand within the folder that has them.
    with tempfile.TemporaryDirectory(dir=folder, prefix="run-") as desk:
        shutil.copy(HERE / script, desk)
        printed = _call(["node", script], Path(desk), variables)
    lines = printed.strip().splitlines()
    assert lines, f"{script} printed nothing"
    return json.loads(lines[-1])


def _call(command: list[str], folder: Path, variables: dict[str, str]) -> str:
    own = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    ended = subprocess.run(
        command,
        cwd=folder,
        env=own | variables,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert ended.returncode == 0, f"{' '.join(command)} ended with {ended.returncode}:\n{ended.stdout}{ended.stderr}"
    return ended.stdout
