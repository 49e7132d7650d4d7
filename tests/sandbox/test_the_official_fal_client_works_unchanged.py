"""The `fal-client` package, in a process of its own, pointed at the sandbox by the environment and nothing else."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.sandbox.gateway import FOLDERS, Gateway
from tests.sandbox.running import ROOT, Receiver, RunningSandbox, eventually


@pytest.fixture
def gateway(sandbox: RunningSandbox, tmp_path: Path) -> Iterator[Gateway]:
    there = Gateway(sandbox.origin, tmp_path)
    yield there
    there.stop()


def test_the_official_python_client_works_unchanged(
    sandbox: RunningSandbox, gateway: Gateway, receiver: Receiver
) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "tests.sandbox.fal_client_story", receiver.url],
        cwd=ROOT,
        env=os.environ | gateway.variables,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    told = json.loads(ended.stdout.splitlines()[-1])
    assert set(gateway.hosts) == set(FOLDERS)
    assert "InProgress" in told["events"]
    assert told["events"][-1] == told["seen"][-1] == told["cancelled"] == "Completed"
    assert told["logs"][-1] == "step 4 of 4"
    assert told["again"] == told["result"]
    for made in (told["result"], told["subscribed"], told["edited"], told["run"]):
        assert requests.get(made["images"][0]["url"], timeout=5).headers["content-type"].startswith("image/")
    assert requests.get(told["uploaded"], timeout=5).content == b"hello"
    assert told["position"] == 0
    assert told["refused"][0] == 422
    assert told["unknown"] == 404
    [delivered] = eventually(lambda: receiver.received)
    assert json.loads(delivered.body)["request_id"] == told["request_id"]
    assert json.loads(delivered.body)["payload"] == told["result"]
