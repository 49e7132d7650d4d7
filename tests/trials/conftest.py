"""A system that does not hurry: real leases, because a picture made at once takes what it takes, and a long line."""

from collections.abc import Iterator

import pytest

from generations.trials.calling import Api
from tests.plugin import Ground
from tests.system import RunningSystem, running
from tests.visitor import Visitor

PATIENT = {
    "SANDBOX_SPEED": "0",
    "MAX_ACTIVE_GENERATIONS": "6",
    "MAX_WAITING_GENERATIONS": "1000",
    "POLL_FLOOR_SECONDS": "1",
    "RATE_API": "100000/m",
}
ENOUGH_CREDITS = 1_000_000


@pytest.fixture(scope="session")
def patient_system(ground: Ground) -> Iterator[RunningSystem]:
    with running(ground, "system-of-trials", PATIENT) as hands:
        yield hands


@pytest.fixture(scope="session")
def api(patient_system: RunningSystem) -> Api:
    """A person's who can pay for everything."""
    return Api(patient_system.url, Visitor(patient_system, "tess", ENOUGH_CREDITS).key)
