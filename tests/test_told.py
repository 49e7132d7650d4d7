"""What a failed test says of its person's generations."""

import pytest

from tests.system import RunningSystem
from tests.told import told
from tests.visitor import Visitor

pytestmark = pytest.mark.system


def test_every_event_and_every_attempt_is_a_line(system: RunningSystem) -> None:
    visitor = Visitor(system)
    assert told(visitor) == "none"
    visitor.wait_for(visitor.ask("a kite over the sea"), "completed")
    lines = told(visitor).splitlines()
    assert all(line.startswith("a kite over the sea  ") for line in lines)
    assert any("completed" in line for line in lines)
    assert any("replicate" in line for line in lines)
