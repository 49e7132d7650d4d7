"""A sandbox, the vendors' clients, and `run_js`, which runs a script of this folder with them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.clients import node
from tests.plugin import GROUND
from tests.sandbox.conftest import receiver, sandbox, shared_sandbox

__all__ = ["receiver", "sandbox", "shared_sandbox"]

RunJs = Callable[..., Any]


@pytest.fixture(scope="session")
def vendors_clients(pytestconfig: pytest.Config) -> Path:
    """The folder with the vendors' packages, kept below DATA_DIR from run to run."""
    return node.install(pytestconfig.stash[GROUND].base)


@pytest.fixture
def run_js(vendors_clients: Path) -> RunJs:
    """`run_js("replicate.mjs", BASE_URL=…)`: the JSON on the last line the script printed."""

    def run(script: str, **variables: str) -> Any:
        return node.run(vendors_clients, script, variables)

    return run
