"""The typeface comes from a package when it can be had, and its absence stops nothing."""

import io
import tarfile
from pathlib import Path

import pytest

from config.local import fonts


def test_without_npm_the_start_goes_on_and_does_not_ask_again_for_a_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    assert fonts.install(tmp_path) is False
    assert not (tmp_path / "fonts").exists()
    # An npm that would fail loudly is not even started now.
    loud = tmp_path / "bin/npm"
    loud.parent.mkdir()
    loud.write_text(f"#!/bin/sh\ntouch {tmp_path}/asked\nexit 1\n", encoding="utf-8")
    loud.chmod(0o755)
    monkeypatch.setenv("PATH", f"{loud.parent}:/usr/bin:/bin")
    assert fonts.install(tmp_path) is False
    assert not (tmp_path / "asked").exists()


def test_an_archive_that_is_not_the_published_one_is_not_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = tmp_path / "other.tgz"
    with tarfile.open(archive, "w:gz") as package:
        rules = b"@font-face {}"
        entry = tarfile.TarInfo("package/index.css")
        entry.size = len(rules)
        package.addfile(entry, io.BytesIO(rules))
    npm = tmp_path / "bin/npm"
    npm.parent.mkdir()
    # The last argument of npm pack is the folder to put the archive into.
    npm.write_text(f'#!/bin/sh\nfor last; do :; done\ncp {archive} "$last/package.tgz"\n', encoding="utf-8")
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", f"{npm.parent}:/usr/bin:/bin")
    assert fonts.install(tmp_path) is False
    assert not (tmp_path / "fonts").exists()
