"""A sandbox of our own and hands to drive one generation step by step, in this process."""

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.db.models.functions import Now

from accounts.models import User
from config.local import ports
from config.local.waiting import until
from generations import tasks
from generations.actions.requesting import Wish, request_generation
from generations.models import Generation
from providers.local import jobs

Ask = Callable[..., Generation]
Installed = Callable[..., None]


class Sandbox:
    """A running sandbox and its journal."""

    def __init__(self, port: int) -> None:
        self.origin = f"http://127.0.0.1:{port}"

    def journal(self, contains: str) -> list[dict[str, Any]]:
        """Accepted jobs whose prompt holds the text."""
        with urllib.request.urlopen(f"{self.origin}/control/journal?contains={contains}", timeout=5) as answer:
            accepted: list[dict[str, Any]] = json.load(answer)["jobs"]
        return accepted

    def is_up(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.origin}/control/health", timeout=1) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False


@pytest.fixture(scope="session")
def sandbox_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    port = ports.choose()
    folder: Path = tmp_path_factory.mktemp("sandbox")
    environment = {**os.environ, "SANDBOX_PORT": str(port), "DATA_DIR": str(folder), "SANDBOX_SPEED": "0.05"}
    process = subprocess.Popen([sys.executable, "-m", "providers.sandbox"], env=environment)
    sandbox = Sandbox(port)
    until(sandbox.is_up, 20)
    yield sandbox
    process.terminate()
    process.wait(10)


@pytest.fixture
def sandbox(sandbox_server: Sandbox, settings: Any) -> Sandbox:
    """The studio of this process speaks to it."""
    settings.SANDBOX_URL = sandbox_server.origin
    settings.EMBEDDED = True
    return sandbox_server


@pytest.fixture
def ask() -> Callable[..., Generation]:
    """A person asks for a picture."""

    def ask_for(user: User, prompt: str, model: str = "flux-schnell", **params: Any) -> Generation:
        return request_generation(user, Wish(model_id=model, prompt=prompt, params=params)).generation

    return ask_for


def step(generation: Generation) -> Generation:
    """Does one step now, whenever it was due."""
    Generation.objects.filter(pk=generation.pk, next_action_at__isnull=False).update(
        next_action_at=Now(), lease_until=None
    )
    tasks.advance_now(generation.pk)
    generation.refresh_from_db()
    return generation


def drive(generation: Generation, seconds: float = 60) -> Generation:
    """Steps until it has ended."""
    until(lambda: step(generation).is_final, seconds)
    return generation


@pytest.fixture
def installed() -> Iterator[Installed]:
    """Has the packages of the larger models there, or not, whatever is installed."""
    with pytest.MonkeyPatch.context() as patch:

        def say(*, are_there: bool) -> None:
            packages = () if are_there else ("nowhere_to_be_had",)
            for endpoint, job in jobs.JOBS.items():
                patch.setitem(jobs.JOBS, endpoint, replace(job, packages=packages if job.packages else ()))
            jobs.missing.cache_clear()

        yield say
    jobs.missing.cache_clear()
