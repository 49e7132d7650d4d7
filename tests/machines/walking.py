"""How far the walks go: short and the same in every run; MACHINE_TIMES=20 makes them longer, and new each time."""

import os

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

TIMES = int(os.environ.get("MACHINE_TIMES", "1"))
SECONDS = 300
patient = pytest.mark.timeout(SECONDS * TIMES)


def walk(machine: type[RuleBasedStateMachine], *, examples: int, steps: int) -> None:
    """Fails with the shortest story that breaks a rule of the machine."""
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples * TIMES,
            stateful_step_count=steps,
            deadline=None,
            derandomize=TIMES == 1,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
