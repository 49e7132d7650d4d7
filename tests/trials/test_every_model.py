"""Every model of the catalogue asked for every task it has: through the API, its provider's face, the media pipeline.

All are asked for first, then each is waited for; what a run does not look at is not asked for. Afterwards the same by
the command that operators have, bin/manage try_models.
"""

from typing import Any

import pytest
import requests
from django.test import override_settings

from config.local.site import Refusal
from config.local.waiting import until
from generations.trials.calling import Api
from generations.trials.carrying_out import FINAL, complaint_about
from generations.trials.planning import Trial, plan
from providers import catalogue
from tests.system import RunningSystem

# The first one waits for the system and for everything to be asked for.
pytestmark = [pytest.mark.system, pytest.mark.long, pytest.mark.timeout(300)]
PATIENCE_SECONDS = 200
CASES = {
    f"{model.id}-{task}": (model.id, task)
    for model in catalogue.all_models()
    if model.is_enabled and any(map(catalogue.is_installed, model.routes))
    for task in model.tasks
}
UnderWay = dict[tuple[str, str], tuple[Trial, str]]


@pytest.fixture(scope="module")
def under_way(
    request: pytest.FixtureRequest,
    patient_system: RunningSystem,
    api: Api,
    django_db_setup: None,
    django_db_blocker: Any,
) -> UnderWay:
    """The trial and the generation's id of each case that is going to be looked at."""
    items: list[Any] = request.session.items
    looked_at = {item.callspec.params["case"] for item in items if is_ours(item)}
    models = [model for model in catalogue.all_models() if model.id in {one for one, _task in looked_at}]
    with django_db_blocker.unblock(), override_settings(EMBEDDED=True, SANDBOX_URL=patient_system.sandbox_url):
        trials = [trial for trial in plan(models) if (trial.model.id, trial.task) in looked_at]
    files = api.upload(sorted({slot for trial in trials for slot in trial.slots}))
    return {(trial.model.id, trial.task): (trial, api.ask(trial, files, trial.key)) for trial in trials}


def is_ours(item: Any) -> bool:
    return item.fspath == __file__ and hasattr(item, "callspec")


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_it_makes_what_was_asked_for(case: tuple[str, str], under_way: UnderWay, api: Api) -> None:
    trial, generation_id = under_way[case]
    until(lambda: api.row(generation_id)["status"] in FINAL, PATIENCE_SECONDS)
    assert complaint_about(api, trial, api.row(generation_id)) == ""


def test_it_tries_every_task_and_says_how_many_were_completed(patient_system: RunningSystem) -> None:
    words = patient_system.manage("try_models", "--model", "flux-schnell", "--model", "nano-banana-2-lite")
    assert words == "3 of 3 completed\n"


def test_it_lists_what_failed_and_ends_with_1(patient_system: RunningSystem) -> None:
    fault = {"match": "for nano-banana-2-lite, text-to-image", "fault": "refuse"}
    requests.post(f"{patient_system.sandbox_url}/control/faults", json=fault, timeout=10).raise_for_status()
    with pytest.raises(Refusal) as refused:
        patient_system.manage("try_models", "--model", "nano-banana-2-lite", "--provider", "google")
    words = str(refused.value)
    heads, row, last = words[words.index("model  ") :].splitlines()[:3]
    assert heads.split()[:3] == ["model", "task", "provider"]
    assert row.split()[:3] == ["nano-banana-2-lite", "text-to-image", "google"]
    assert "content_refused" in row
    assert last == "1 of 2 completed"


def test_work_on_this_machine_is_tried_as_well(patient_system: RunningSystem) -> None:
    assert patient_system.manage("try_models", "--model", "local-crop") == "1 of 1 completed\n"
