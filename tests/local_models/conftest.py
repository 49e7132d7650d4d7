"""Leaves these tests out where their packages are not installed; tests/plugin.py says so at the end of the run."""

from pathlib import Path

import pytest

from providers.local import jobs
from tests.providers.local_orders import Bench

collect_ignore_glob = ["test_*.py"] if jobs.missing() else []


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path / "media", tmp_path / "work", seconds=110)
