"""Whatever the studio does outside its process is done, and its answer lost: still one end, one job, one charge."""

import pytest
from django.db import close_old_connections, connection

from accounts import credits
from accounts.ids import uuid7
from generations.models import Event, Generation
from providers.adapters.replicate_secrets import secrets_for
from tests.checker import rows as checker
from tests.conftest import MakePerson
from tests.machines.edges import EDGES, ELSEWHERE, in_the_code
from tests.machines.lost import Edges
from tests.machines.stories import STORIES, Teller
from tests.machines.walking import TIMES
from tests.studio import Sandbox

pytestmark = pytest.mark.usefixtures("committed")
GIVEN = 1000
KNOWN = {edge for edges in EDGES.values() for edge in edges}
CASES = [(story, edge) for story, edges in EDGES.items() for edge in edges]
CALM = {
    "cancelled": ("cancelled", ""),
    "refused": ("failed", "input_refused"),
    "whose_file_is_gone": ("failed", "output_expired"),
}
# The result itself was in the answer, and there is no job to hear of: ended and released, never asked for again.
# Or it was written down that it may have been sent, and was not: only the fuse can tell.
NOT_SENT = {
    ("picture", "commits generations.steps.submitting:open_attempt"),
    ("with_a_file", "commits generations.steps.submitting:_mark_sent"),
}
GIVEN_UP = {
    *NOT_SENT,
    ("answered_at_once", "asks generations.steps.submitting:_send"),
    ("answered_at_once", "stores media_pipeline.spool:lay_down"),
}
# Nothing is taken twice when the second answer is lost, too.
IN_A_ROW = [1] if TIMES == 1 else [1, 2, 3]


def told(story: str, edges: Edges, sandbox: Sandbox, make_person: MakePerson) -> tuple[Generation, Teller]:
    secrets_for.cache_clear()  # to be asked for in each story, whatever was told before
    teller = Teller(make_person("alice", given_credits=GIVEN), sandbox, tag=uuid7().hex)
    with edges.watched():
        row = STORIES[story](teller)
    close_old_connections()
    return row, teller


def look(row: Generation, teller: Teller, *, is_sent: bool = True) -> None:
    """One end, at most one job, and the money is where it belongs."""
    connection.ensure_connection()
    assert list(checker.violations(connection.connection, at_rest=True)) == []
    assert Generation.objects.count() == 1
    assert Event.objects.filter(generation=row, kind=row.stage).count() == 1
    taken = len(teller.sandbox.journal(teller.tag))
    assert taken == (is_sent and row.error_code != "input_refused" and row.provider != "local")
    charged = row.cost_millicredits if row.stage == "completed" else 0
    assert credits.balance_of(row.user_id) == credits.Balance(available=GIVEN * credits.MILLI - charged)


@pytest.mark.parametrize("story", STORIES)
def test_a_story_meets_only_edges_that_are_known(story: str, sandbox: Sandbox, make_person: MakePerson) -> None:
    edges = Edges()
    row, teller = told(story, edges, sandbox, make_person)
    assert (row.stage, row.error_code) == CALM.get(story, ("completed", ""))
    assert set(edges.met) - KNOWN - ELSEWHERE.keys() == set()
    assert set(EDGES[story]) <= set(edges.met)
    look(row, teller)


def test_every_edge_in_the_code_has_a_case_or_a_reason_for_none() -> None:
    assert in_the_code() - KNOWN - ELSEWHERE.keys() == set()
    assert not KNOWN & ELSEWHERE.keys()


@pytest.mark.long
@pytest.mark.parametrize("in_a_row", IN_A_ROW)
@pytest.mark.parametrize(("story", "edge"), CASES)
def test_done_and_not_answered_is_done_once(
    story: str, edge: str, in_a_row: int, sandbox: Sandbox, make_person: MakePerson
) -> None:
    edges = Edges(edge, in_a_row)
    row, teller = told(story, edges, sandbox, make_person)
    assert edges.fired > 0
    calm = CALM.get(story, ("completed", ""))
    expected = ("failed", "submission_unconfirmed") if (story, edge) in GIVEN_UP else calm
    assert (row.stage, row.error_code) == expected
    look(row, teller, is_sent=(story, edge) not in NOT_SENT)
