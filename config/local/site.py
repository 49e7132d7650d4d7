"""Where a run lives and what its operator said: root, DATA_DIR, PORT and the environment, .env beneath it."""

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent.parent
HOST = "127.0.0.1"
LAST_PORT = 65_535
MUST_BE_GIVEN = ("SECRET_KEY", "FERNET_KEYS", "CRON_SECRET")


class Refusal(Exception):
    """The start is refused; the message is a sentence for whoever typed the command."""


def read_env_file(path: Path) -> dict[str, str]:
    """NAME=value lines of a .env file; comments, blank lines, `export` and one pair of quotes are understood."""
    if not path.is_file():
        return {}
    values = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        name, equals, value = line.strip().removeprefix("export ").partition("=")
        if not equals or name.lstrip().startswith("#"):
            continue
        value = value.strip()
        if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
            value = value[1:-1]
        values[name.strip()] = value
    return values


def is_loopback(url: str) -> bool:
    """True when only this machine can reach the address."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, kw_only=True)
class Site:
    """One installation on this machine."""

    data_dir: Path
    port: int
    given: Mapping[str, str]
    root: Path = ROOT
    # Tests trade durability for speed; a real run never does.
    is_throwaway: bool = False

    @property
    def url(self) -> str:
        """Where the proxy listens."""
        return f"http://{HOST}:{self.port}"

    @property
    def public_url(self) -> str:
        """What people type; the proxy's own address unless the operator says otherwise."""
        return self.given.get("PUBLIC_URL") or self.url

    @property
    def has_own_database(self) -> bool:
        """True when no DATABASE_URL is given, so that PostgreSQL comes from the wheel."""
        return not self.given.get("DATABASE_URL")

    @property
    def has_own_redis(self) -> bool:
        """True when no REDIS_URL is given, so that Valkey comes from the wheel."""
        return not self.given.get("REDIS_URL")

    @property
    def is_embedded(self) -> bool:
        """True when nothing from outside takes part: only then are there demo accounts and a sandbox."""
        return self.has_own_database and self.has_own_redis and is_loopback(self.public_url)


def from_environment(environ: Mapping[str, str] = os.environ) -> Site:
    """The site the shell's environment and .env describe; the environment wins.

    Raises Refusal for a PORT that is none, and for secrets missing where the demo's may not be used.
    """
    given = {**read_env_file(ROOT / ".env"), **environ}
    port = given.get("PORT") or "8000"
    if not port.isdecimal() or not 0 < int(port) <= LAST_PORT:
        raise Refusal(f"PORT is {port!r}; a number between 1 and {LAST_PORT} is needed.")
    data_dir = Path(given.get("DATA_DIR") or ROOT / "var")
    site = Site(data_dir=(ROOT / data_dir).resolve(), port=int(port), given=given)
    missing = [name for name in MUST_BE_GIVEN if not given.get(name) and not given.get(f"{name}_FILE")]
    if missing and not site.is_embedded:
        raise Refusal(
            f"{' and '.join(missing)} must be set when DATABASE_URL, REDIS_URL or a public PUBLIC_URL is; "
            "only the demo on this machine makes its own secrets."
        )
    return site
