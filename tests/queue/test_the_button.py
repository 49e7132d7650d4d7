"""Behind the queue button: the five newest that were not opened yet, as people of the replaced system know it."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from generations.actions.pausing import pause_line
from generations.models import Generation, Stage
from tests.queue.conftest import Put

pytestmark = pytest.mark.usefixtures("sandbox")
ROW = re.compile(r'id="queue-row-([0-9a-f-]{36})"')
COUNT = re.compile(r'<span class="queue-count">(\S+)</span>')
ICONS = {
    Stage.QUEUED: "loader-circle",
    Stage.RUNNING: "loader-circle",
    Stage.COMPLETED: "check",
    Stage.FAILED: "x",
    Stage.CANCELLED: "ban",
}


def button(client: Client) -> str:
    page = client.get("/queue/").content.decode()
    start = page.index('id="queue"')
    return str(page[start : page.index("</details>", start)])


def test_it_counts_and_lists_what_was_not_opened_the_newest_five(hers: Client, alice: User, put: Put) -> None:
    start = timezone.now() - timedelta(minutes=1)
    rows = [put(alice, f"row {number}", at=start + timedelta(seconds=number)) for number in range(7)]
    panel = button(hers)
    assert COUNT.findall(panel) == ["7"]
    assert ROW.findall(panel) == [str(row.pk) for row in reversed(rows)][:5]


def test_opening_one_takes_it_out_and_the_last_one_takes_the_number_away(hers: Client, alice: User, put: Put) -> None:
    first, second = put(alice, "first"), put(alice, "second")
    assert hers.get(f"/result/{first.pk}/").status_code == 200
    first.refresh_from_db()
    assert first.viewed_at is not None
    panel = button(hers)
    assert (COUNT.findall(panel), ROW.findall(panel)) == (["1"], [str(second.pk)])
    hers.get(f"/result/{second.pk}/")
    panel = button(hers)
    assert (COUNT.findall(panel), ROW.findall(panel)) == ([], [])
    assert "Nothing new." in panel


@pytest.mark.parametrize(("stage", "name"), ICONS.items(), ids=str)
def test_each_state_has_its_sign(hers: Client, alice: User, put: Put, stage: Stage, name: str) -> None:
    put(alice, "one", stage=stage)
    panel = button(hers)
    assert f"#icon-{name}" in panel[panel.index("queue-row") :]


def test_a_paused_line_says_so_there_too(hers: Client, alice: User, put: Put) -> None:
    Generation.objects.filter(pk=put(alice, "waits", stage=Stage.QUEUED).pk).update(waits_for="pause")
    pause_line(alice)
    panel = button(hers)
    assert "Your line is paused." in panel
    assert "#icon-pause" in panel[panel.index("queue-row") :]
