"""kill -9 of a whole process group at a known moment.

Each test asserts the stage at the kill, and that afterwards the generation ends once, is charged once, the provider
accepted one job, and the page shows it.
"""

from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException

from tests.kills.story import assert_one_end, attempt_of, is_answering, stages_of
from tests.system import RunningSystem
from tests.visitor import Visitor

pytestmark = pytest.mark.system


def test_the_worker_dies_between_the_post_and_the_stored_id(system: RunningSystem, alice: Visitor) -> None:
    """The provider has the job, we have no id: the callback's address or the provider's list gives it back."""
    generation = alice.ask("worker dies [[accept-slow=20]]")
    system.wait_until(lambda: len(alice.journal("worker dies")) == 1)
    system.kill("worker")
    assert alice.stage(generation) == "submitting"
    assert attempt_of(alice, generation) == ("posting", None)
    alice.wait_for(generation, "completed")
    assert_one_end(alice, generation, "worker dies")


def test_the_worker_dies_and_the_webhook_is_lost_too(system: RunningSystem, alice: Visitor) -> None:
    generation = alice.ask("nobody calls [[accept-slow=20]] [[drop]]")
    system.wait_until(lambda: len(alice.journal("nobody calls")) == 1)
    system.kill("worker")
    assert alice.stage(generation) == "submitting"
    alice.wait_for(generation, "completed", seconds=60)
    assert_one_end(alice, generation, "nobody calls")


def test_media_dies_during_a_download(system: RunningSystem, alice: Visitor) -> None:
    generation = alice.ask("media dies [[slow-file=3]]")
    alice.wait_for(generation, "saving")
    parts = system.system.site.data_dir / "media" / "tmp"
    system.wait_until(lambda: any(part.stat().st_size for part in parts.glob("*.part")))
    system.kill("media")
    assert alice.stage(generation) == "saving"
    assert alice.ledger() == ["hold"]
    alice.wait_for(generation, "completed", seconds=60)
    assert_one_end(alice, generation, "media dies")


def test_web_dies_after_its_commit_and_before_the_hint(system: RunningSystem, alice: Visitor) -> None:
    """Valkey stands still, so the publishing web process waits for it, its row already committed."""
    system.pause("valkey")
    try:
        with ThreadPoolExecutor(1) as pool:
            asking = pool.submit(alice.ask, "web dies")
            system.wait_until(lambda: stages_of(alice) == ["queued"])
            system.kill("web")
            # The person saw an error; nothing came back.
            assert isinstance(asking.exception(30), requests.RequestException | AssertionError)
    finally:
        system.resume("valkey")
    ((generation,),) = system.query("SELECT id::text FROM generations_generation WHERE user_id = %s", alice.id)
    assert alice.ledger()[:1] == ["hold"]
    system.wait_until(lambda: alice.stage(str(generation)) == "completed", 60)
    system.wait_until(lambda: is_answering(system))
    assert_one_end(alice, str(generation), "web dies")


def test_live_dies_with_open_pages(system: RunningSystem, alice: Visitor) -> None:
    alice.sign_in()
    generation = alice.ask("live dies [[slow=4]]")
    alice.wait_for(generation, "running")
    with alice.socket() as socket:
        cursor = socket.receive()["cursor"]
        system.kill("live")
        assert alice.stage(generation) == "running"
        with pytest.raises(ConnectionClosed):
            socket.receive(10)
    alice.wait_for(generation, "completed")
    system.wait_until(lambda: can_open(alice))
    # The page comes back with the cursor it had and is told what it missed.
    with alice.socket(have=cursor) as socket:
        socket.receive_until("/media/")
    assert_one_end(alice, generation, "live dies")


@pytest.mark.parametrize("name", ["beat", "pulse", "proxy"])
def test_any_other_process_dies(system: RunningSystem, alice: Visitor, name: str) -> None:
    generation = alice.ask(f"{name} dies [[slow=2]]")
    system.kill(name)
    system.wait_until(lambda: alice.stage(generation) == "completed", 60)
    system.wait_until(lambda: is_answering(system))
    assert_one_end(alice, generation, f"{name} dies")


def can_open(visitor: Visitor) -> bool:
    try:
        with visitor.socket():
            return True
    except (OSError, InvalidStatus, WebSocketException):
        return False
