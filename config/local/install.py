"""Makes .venv from a lock file, and from others that add to it. Runs before anything is installed: standard library.

uv does the work when it can be had (seconds), pip otherwise (half a minute); both check every hash.
A stamp in .venv makes the next start skip all of it.
"""

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

# The development lock holds everything of these, at the same versions.
CONTAINS = {"requirements-dev.lock": ("requirements.lock", "requirements-s3.lock")}


def say(topic: str, message: str) -> None:
    """One line of progress, on stderr: stdout belongs to the command that is being prepared."""
    print(f"{topic:<11} {message}", file=sys.stderr, flush=True)


def made_by(root: Path) -> str:
    """The Python and the place: scripts in .venv hold its path, so a moved clone needs a new one."""
    return f"{sys.version.split()[0]} {root}"


def stamp(root: Path, lock: str) -> str:
    """One line of .venv/.stamp: this lock, in exactly this version, is installed."""
    return f"{lock} {hashlib.sha256((root / lock).read_bytes()).hexdigest()}"


def is_installed(root: Path, locks: Sequence[str]) -> bool:
    """True when .venv holds these locks and was made here by this Python."""
    try:
        stamps = (root / ".venv/.stamp").read_text(encoding="utf-8").splitlines()
    except OSError:
        return False
    return {stamp(root, lock) for lock in locks} <= set(stamps) and is_usable(root)


def find_uv(root: Path, tools: Path) -> str | None:
    """uv below DATA_DIR, fetched with pip if need be; else one on PATH; else None."""
    own = tools / "bin/uv"
    if not own.exists() and importlib.util.find_spec("pip") is not None:
        say("packages", "fetching the installer")
        # --target is what PEP 668 allows: the system's Python stays untouched.
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(tools), "--upgrade"]
        subprocess.run([*command, "--require-hashes", "-r", str(root / "requirements-uv.lock")], check=False)
    if own.exists():
        return str(own)
    return shutil.which("uv")


def is_usable(root: Path) -> bool:
    """True when .venv was made here by this Python, so that only its packages may differ."""
    try:
        maker = (root / ".venv/.made-by").read_text(encoding="utf-8")
    except OSError:
        return False
    return maker == made_by(root) and os.access(root / ".venv/bin/python", os.X_OK)


def install_with_uv(uv: str, root: Path, locks: Sequence[str]) -> bool:
    """True when .venv now holds exactly what the locks name."""
    environment = {**os.environ, "UV_NO_CONFIG": "1", "UV_PYTHON_DOWNLOADS": "never"}
    venv = root / ".venv"
    files = [str(root / lock) for lock in locks]
    commands = [[uv, "pip", "sync", "--require-hashes", "--python", str(venv / "bin/python"), *files]]
    if not is_usable(root):
        commands.insert(0, [uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(venv)])
    return all(run_tersely(command, environment) for command in commands)


def run_tersely(command: list[str], environment: dict[str, str]) -> bool:
    """Passes on what uv says, without its line for each of a hundred packages."""
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        for line in process.stderr or ():
            if not line.startswith((" + ", " - ", " ~ ")):
                say("packages", line.strip())
    return process.returncode == 0


def install_with_pip(root: Path, locks: Sequence[str]) -> bool:
    """The slow way, for machines where uv cannot be had. Locks are complete: nothing is looked for beyond them."""
    venv = root / ".venv"
    files = [word for lock in locks for word in ("-r", str(root / lock))]
    commands = [
        [sys.executable, "-m", "venv", "--clear", str(venv)],
        [str(venv / "bin/python"), "-m", "pip", "install", "--quiet", "--no-deps", "--require-hashes", *files],
    ]
    return all(subprocess.run(command, check=False).returncode == 0 for command in commands)


def install(root: Path, locks: Sequence[str], data_dir: Path) -> bool:
    """Brings .venv to what the locks say; False when neither installer managed."""
    say("packages", f"installing {' and '.join(locks)} for Python {sys.version.split()[0]}")
    started = time.monotonic()
    (root / ".venv/.stamp").unlink(missing_ok=True)
    uv = find_uv(root, data_dir / "tools")
    if not (uv and install_with_uv(uv, root, locks)):
        say("packages", "without uv; pip takes about half a minute")
        if not install_with_pip(root, locks):
            return False
    (root / ".venv/.made-by").write_text(made_by(root), encoding="utf-8")
    stamps = [stamp(root, name) for lock in locks for name in (lock, *CONTAINS.get(lock, ()))]
    (root / ".venv/.stamp").write_text("\n".join(stamps) + "\n", encoding="utf-8")
    say("packages", f"installed in {time.monotonic() - started:.0f} s")
    return True


def main() -> int:
    """Arguments: the project's root and the names of the locks. Two starts at once wait for each other."""
    root, locks = Path(sys.argv[1]), sys.argv[2:]
    data_dir = Path(os.environ["DATA_DIR"])
    if is_installed(root, locks):
        return 0
    with (data_dir / "install.lock").open("w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        if is_installed(root, locks) or install(root, locks, data_dir):
            return 0
    say("packages", "could not be installed; the lines above say why")
    return 1


if __name__ == "__main__":
    sys.exit(main())
