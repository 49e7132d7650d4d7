"""A sandbox that is killed and started again: nothing accepted is lost, what was under way goes on."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import requests

from tests.sandbox.running import ROOT, Receiver, RunningSandbox, eventually


def test_a_killed_sandbox_keeps_its_jobs_and_goes_on_with_them(own_sandbox: RunningSandbox, receiver: Receiver) -> None:
    done = own_sandbox.create("done", seed=1).json()["id"]
    (url,) = own_sandbox.ended(done)["output"]
    picture = requests.get(url, timeout=10).content
    running = own_sandbox.create("running [[slow=3000]]", webhook=receiver.url).json()["id"]
    eventually(lambda: own_sandbox.get(running)["status"] == "processing")
    secret = own_sandbox.client().webhooks.default.secret().key
    assert own_sandbox.end(signal.SIGKILL) == -signal.SIGKILL

    own_sandbox.start()
    assert requests.get(url, timeout=10).content == picture
    assert own_sandbox.get(running)["status"] == "processing"
    assert [job["id"] for job in own_sandbox.journal("")] == [done, running]
    assert own_sandbox.client().webhooks.default.secret().key == secret
    own_sandbox.control("clock", advance_seconds=3000)
    assert own_sandbox.ended(running)["status"] == "succeeded"
    eventually(lambda: len(receiver.received) == 2)


def test_every_answered_creation_is_in_the_journal_after_a_kill(own_sandbox: RunningSandbox) -> None:
    answered = [own_sandbox.create(f"number {number} [[slow=900]]").json()["id"] for number in range(40)]
    own_sandbox.end(signal.SIGKILL)
    own_sandbox.start()
    assert [job["id"] for job in own_sandbox.journal("number")] == answered


def test_a_torn_last_line_is_skipped(own_sandbox: RunningSandbox) -> None:
    whole = own_sandbox.create("whole [[slow=900]]").json()["id"]
    own_sandbox.end(signal.SIGKILL)
    path = own_sandbox.folder / "sandbox" / "journal.jsonl"
    path.write_bytes(path.read_bytes() + b'{"event":"accepted","id":"torn')
    own_sandbox.start()
    second = own_sandbox.create("second [[slow=900]]").json()["id"]
    assert json.loads(path.read_text().splitlines()[-1])["id"] in (whole, second)
    own_sandbox.end(signal.SIGKILL)
    own_sandbox.start()
    assert [job["id"] for job in own_sandbox.journal("")] == [whole, second]


def test_the_clock_and_the_purge_survive_too(own_sandbox: RunningSandbox) -> None:
    job = own_sandbox.create("a barn").json()["id"]
    own_sandbox.ended(job)
    own_sandbox.control("clock", advance_seconds=4000)
    assert own_sandbox.end() == 0
    own_sandbox.start()
    assert own_sandbox.get(job)["data_removed"] is True
    eventually(lambda: not (own_sandbox.folder / "sandbox" / "files" / job).exists())


def test_an_undelivered_last_webhook_is_tried_after_a_restart(own_sandbox: RunningSandbox, receiver: Receiver) -> None:
    receiver.answers = [500]
    own_sandbox.create("a barn", webhook=receiver.url, webhook_events_filter=["completed"])
    eventually(lambda: receiver.received)
    own_sandbox.end(signal.SIGKILL)
    own_sandbox.start()
    eventually(lambda: len(receiver.received) == 2)


def test_it_stops_cleanly_with_work_and_connections_open(own_sandbox: RunningSandbox) -> None:
    own_sandbox.create("a barn [[slow=900]]")
    assert own_sandbox.end() == 0


def started(**variables: str) -> subprocess.CompletedProcess[str]:
    """What a start with these variables says before it ends."""
    command = [sys.executable, "-m", "providers.sandbox"]
    return subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, timeout=30, check=False)


def test_a_busy_port_and_a_wrong_environment_are_sentences(own_sandbox: RunningSandbox, tmp_path: Path) -> None:
    busy = started(SANDBOX_PORT=str(own_sandbox.port), DATA_DIR=str(tmp_path / "other"))
    assert (busy.returncode, busy.stderr.strip().endswith("set SANDBOX_PORT to a free one.")) == (1, True)
    missing = started(DATA_DIR=str(tmp_path))
    assert (missing.returncode, missing.stderr) == (2, "SANDBOX_PORT is ''; a port number is needed.\n")
    assert "SANDBOX_SPEED is 'fast'" in started(SANDBOX_PORT="5", SANDBOX_SPEED="fast").stderr


def test_it_needs_no_django() -> None:
    program = "import sys, providers.sandbox.app; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, timeout=30, check=False).returncode == 0
