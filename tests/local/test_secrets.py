"""The embedded run's own secrets."""

from pathlib import Path

from config.local import secrets


def test_secrets_are_made_once_and_private(tmp_path: Path) -> None:
    first = secrets.load(tmp_path)
    assert secrets.load(tmp_path) == first
    assert len(set(first.values())) == len(secrets.MAKERS)
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "secrets").iterdir()} == {0o600}


def test_a_secret_others_could_read_is_closed_again(tmp_path: Path) -> None:
    first = secrets.load(tmp_path)
    (tmp_path / "secrets/secret_key.txt").chmod(0o644)
    assert secrets.load(tmp_path) == first
    assert (tmp_path / "secrets/secret_key.txt").stat().st_mode & 0o777 == 0o600
