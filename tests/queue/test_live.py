"""A queue that is open hears of its rows by the page's own socket, with what it may have missed."""

import pytest

from accounts.models import User
from generations import feed
from generations.actions.pausing import pause_line
from generations.live import messages
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
    assert set(parts) == {"queue", "credits", "line", "jobs-counts", f"job-{row.pk}"}
    assert "Put in line" in parts[f"job-{row.pk}"]["html"]
    assert parts[f"job-{row.pk}"]["list"] is True


def test_the_counts_are_told_as_the_queue_is_narrowed(alice: User, put: Put) -> None:
    put(alice, "a picture", change_seq=1)
    put(alice, "a film", task="text-to-video", model="veo", change_seq=2)
    User.objects.filter(pk=alice.pk).update(seq=2)
    for said, ended in (({}, 2), ({"kind": "video"}, 1), ({"kind": "image", "model": "veo"}, 0), ({"kind": 5}, 2)):
        page = messages.page_of({"have": 0, "jobs": True, **said})
        frame = feed.read(alice.pk, 0, page)
        assert frame is not None
        (counts,) = (part["html"] for part in frame["fragments"] if part["id"] == "jobs-counts")
        assert f'id="jobs-count-ended">{ended}<' in counts


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
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        feed.read(alice.pk, 0, feed.Page(kind="queue", has_jobs=True))


def test_a_batch_ends_before_it_is_more_than_a_socket_may_have_unread(
    alice: User, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [put(alice, "долго и подробно " * 200, change_seq=number + 1) for number in range(40)]
    User.objects.filter(pk=alice.pk).update(seq=50)
    monkeypatch.setattr(feed, "BATCH_BYTES", 64 * 1024)
    cursor, told, batches = 0, list[str](), 0
    while (frame := feed.read(alice.pk, cursor, feed.Page(kind="create", has_jobs=True, language="ru"))) is not None:
        assert len(feed.encode(frame).encode()) <= feed.BATCH_BYTES
        assert frame["cursor"] > cursor
        cursor, batches = frame["cursor"], batches + 1
        told += [part["id"] for part in frame["fragments"] if part["id"].startswith("generation-")]
    assert told == [f"generation-{row.pk}" for row in rows]
    assert (cursor, batches > 1) == (50, True)


def test_one_row_that_is_larger_than_a_batch_is_told_alone(
    alice: User, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        put(alice, f"large {number}", change_seq=number + 1)
    User.objects.filter(pk=alice.pk).update(seq=3)
    monkeypatch.setattr(feed, "BATCH_BYTES", 1)
    cursors: list[int] = []
    while (frame := feed.read(alice.pk, max(cursors, default=0), feed.Page(kind="create"))) is not None:
        cursors.append(frame["cursor"])
    assert cursors == [1, 2, 3]


@pytest.mark.system
def test_a_queue_opened_later_is_told_what_changed_since_it_was_read(system: RunningSystem) -> None:
    alice = Visitor(system).sign_in()
    generation = alice.ask("opened later")
    alice.wait_for(generation, "completed")
    seq = alice.change_number()
    with alice.socket(have=seq) as socket:
        socket.send({"jobs": 0, "kind": "video", "model": ""})
        frame = socket.receive_until(f"job-{generation}")
        assert 'id="jobs-count-all">0<' in str(frame["fragments"])
        assert (frame["jobs"], frame["cursor"]) == (True, seq)
