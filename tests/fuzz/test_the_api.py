"""A short run at every test; `bin/fuzz` goes on for longer."""

from pathlib import Path

import pytest

from tests.fuzz.calling import call_everything
from tests.system import RunningSystem
from tests.visitor import Visitor

LEAST = 500
MADE = "SELECT count(*) FROM generations_generation g JOIN accounts_user u ON u.id = g.user_id WHERE u.email = %s"


@pytest.mark.long
@pytest.mark.system
@pytest.mark.timeout(240)
def test_no_call_breaks_anything_or_is_answered_as_nobody_said(system: RunningSystem, tmp_path: Path) -> None:
    visitor = Visitor(system, "fuzz")
    found = call_everything(system.url, visitor.key, tmp_path, seed=1, examples=20)
    assert found.is_good, found.report
    assert found.requests > LEAST
    # It came further than the checks of the body.
    ((made,),) = system.query(MADE, visitor.email)
    assert made
