"""The whole system under a test's hands: what is killed comes back, what is stopped stays away."""

import http.client
import os
from urllib.parse import urlsplit

import pytest

from config.local.waiting import until
from tests.system import RunningSystem

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]


def status(url: str, path: str, seconds: float = 10) -> int:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=seconds)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()


def test_a_killed_web_process_is_a_short_wait_and_no_error(system: RunningSystem) -> None:
    before = system.processes["web"]
    system.kill("web")
    # The proxy holds the request until the new process listens.
    assert until(lambda: status(system.url, "/api/health/live") == 200, 20)
    system.wait_until(lambda: system.is_up("web"))
    assert system.processes["web"] != before


@pytest.mark.parametrize("name", ["live", "worker", "media", "beat", "pulse", "sandbox", "proxy"])
def test_whatever_is_killed_comes_back(system: RunningSystem, name: str) -> None:
    before = system.processes[name]
    system.kill(name)
    system.wait_until(lambda: system.is_up(name) and system.processes[name] != before)


def test_a_killed_database_comes_back_with_its_rows(system: RunningSystem) -> None:
    people = system.query("SELECT count(*) FROM accounts_user")
    system.kill("postgres")
    system.wait_until(lambda: system.is_up("postgres") and status(system.url, "/api/health") == 200)
    assert system.query("SELECT count(*) FROM accounts_user") == people


def test_what_is_stopped_stays_away_until_it_is_started(system: RunningSystem) -> None:
    system.stop("sandbox")
    assert not system.is_up("sandbox")
    with pytest.raises(ConnectionRefusedError):
        status(system.sandbox_url, "/control/health")
    system.start("sandbox")
    system.wait_until(lambda: system.is_listening("sandbox"))
    assert status(system.sandbox_url, "/control/health") == 200


def test_a_paused_process_answers_nothing_until_it_goes_on(system: RunningSystem) -> None:
    system.pause("sandbox")
    with pytest.raises(TimeoutError):
        status(system.sandbox_url, "/control/health", seconds=0.5)
    system.resume("sandbox")
    system.wait_until(lambda: status(system.sandbox_url, "/control/health") == 200)


def test_commands_run_beside_it(system: RunningSystem) -> None:
    assert system.manage("issue_api_key", "demo@example.com").strip()


def test_the_background_of_a_throwaway_system_yields_to_nobody(system: RunningSystem) -> None:
    """Beside other test runs it would get nothing: a picture took forty seconds to draw."""
    own = os.getpriority(os.PRIO_PROCESS, 0)
    assert {name: os.getpriority(os.PRIO_PROCESS, pid) for name, pid in system.processes.items()} == dict.fromkeys(
        system.processes, own
    )
