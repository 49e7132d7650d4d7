"""What the operator may say, and the sentences for what may not be said."""

from pathlib import Path

import pytest

from config.local import site
from config.local.site import Refusal


def test_the_environment_wins_over_the_env_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("# a note\nPORT=9001\nexport DATA_DIR='elsewhere'\n\nEMPTY=\n", encoding="utf-8")
    monkeypatch.setattr(site, "ROOT", tmp_path)
    found = site.from_environment({"PORT": "9002"})
    assert (found.port, found.data_dir) == (9002, tmp_path / "elsewhere")
    assert found.given["EMPTY"] == ""


@pytest.mark.parametrize("port", ["eight", "0", "70000", "-1"])
def test_a_port_that_is_none_is_a_sentence(port: str) -> None:
    with pytest.raises(Refusal, match=f"PORT is '{port}'"):
        site.from_environment({"PORT": port})


@pytest.mark.parametrize(
    "given",
    [
        {"DATABASE_URL": "postgresql://studio@db/studio"},
        {"REDIS_URL": "redis://cache"},
        {"PUBLIC_URL": "https://studio.example.org"},
    ],
)
def test_outside_the_demo_a_missing_secret_refuses_the_start(given: dict[str, str]) -> None:
    with pytest.raises(Refusal, match="SECRET_KEY and FERNET_KEYS must be set"):
        site.from_environment({**given, "CRON_SECRET": "given"})
    secrets = {"SECRET_KEY_FILE": "/run/key", "FERNET_KEYS": "given", "CRON_SECRET": "given"}
    assert not site.from_environment({**given, **secrets}).is_embedded


@pytest.mark.parametrize("url", ["http://localhost:8000", "http://127.0.0.1", "http://[::1]:9000"])
def test_an_address_on_this_machine_stays_the_demo(url: str) -> None:
    assert site.from_environment({"PUBLIC_URL": url}).is_embedded
