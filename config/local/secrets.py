"""The embedded run's secrets: made once, kept in DATA_DIR/secrets, readable by their owner alone."""

import base64
import os
import secrets
from collections.abc import Callable
from pathlib import Path


def _token() -> str:
    return secrets.token_urlsafe(32)


def _fernet_key() -> str:
    return base64.urlsafe_b64encode(os.urandom(32)).decode()


MAKERS: dict[str, Callable[[], str]] = {
    "SECRET_KEY": lambda: secrets.token_urlsafe(50),
    "FERNET_KEYS": _fernet_key,
    "CRON_SECRET": _token,
    "DATABASE_SUPERUSER_PASSWORD": _token,
    "DATABASE_OWNER_PASSWORD": _token,
    "DATABASE_PASSWORD": _token,
    "VALKEY_PASSWORD": _token,
}


def load(data_dir: Path) -> dict[str, str]:
    """Every secret by name; the missing ones are made now."""
    folder = data_dir / "secrets"
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    return {name: _load_one(folder / f"{name.lower()}.txt", make) for name, make in MAKERS.items()}


def write_private(path: Path, text: str) -> None:
    """Replaces the file in one step; nobody else can read it, not even for a moment."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(path)


def _load_one(path: Path, make: Callable[[], str]) -> str:
    if path.exists():
        path.chmod(0o600)
        if value := path.read_text(encoding="utf-8").strip():
            return value
    value = make()
    write_private(path, value + "\n")
    return value
