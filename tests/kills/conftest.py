"""A fresh person for each accident."""

import pytest

from tests.system import RunningSystem
from tests.visitor import Visitor


@pytest.fixture
def alice(system: RunningSystem) -> Visitor:
    return Visitor(system)
