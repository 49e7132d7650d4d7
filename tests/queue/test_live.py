"""A queue that is open hears of its rows by the page's own socket, with what it may have missed."""

import pytest

from accounts.models import User
from generations import feed
from generations.actions.pausing import pause_line
from tests.queue.conftest import Put
from tests.studio import Ask, Sandbox
from tests.system import RunningSystem
from tests.visitor import Visitor


def test_only_a_page_that_shows_the_queue_is_sent_it(sandbox: Sandbox, alice: User, ask: Ask) -> None:
    row = ask(alice, "told")
    plain = feed.read(alice.pk, 0, feed.Page(kind="other"))
    assert plain is not None
    assert {part["id"] for part in plain["fragments"]} == {"queue", "credits"}
    with_jobs = feed.read(alice.pk, 0, feed.Page(kind="queue", has_jobs=True))
    assert with_jobs is not None
    parts = {part["id"]: part for part in with_jobs["fragments"]}
    assert set(parts) == {"queue", "credits", "line", f"job-{row.pk}"}
    assert "Put in line" in parts[f"job-{row.pk}"]["html"]
    assert parts[f"job-{row.pk}"]["list"] is True


def test_a_pause_is_told_to_the_create_page_and_the_queue(alice: User) -> None:
    pause_line(alice)
    for page in (feed.Page(kind="create"), feed.Page(kind="other", has_jobs=True)):
        frame = feed.read(alice.pk, 0, page)
        assert frame is not None
        assert "aused" in str(frame["fragments"])


def test_a_change_of_many_rows_costs_the_same(alice: User, put: Put, django_assert_max_num_queries: object) -> None:
    for number in range(30):
        put(alice, f"row {number}", change_seq=number + 1)
    User.objects.filter(pk=alice.pk).update(seq=30)
    with django_assert_max_num_queries(10):  # type: ignore[operator]
        feed.read(alice.pk, 0, feed.Page(kind="queue", has_jobs=True))


@pytest.mark.system
def test_a_queue_opened_later_is_told_what_changed_since_it_was_read(system: RunningSystem) -> None:
    alice = Visitor(system).sign_in()
    generation = alice.ask("opened later")
    alice.wait_for(generation, "completed")
    ((seq,),) = alice.system.query("SELECT seq FROM accounts_user WHERE id = %s", alice.id)
    with alice.socket(have=int(str(seq))) as socket:
        socket.send({"jobs": 0})
        frame = socket.receive_until(f"job-{generation}")
        assert (frame["jobs"], frame["cursor"]) == (True, seq)
