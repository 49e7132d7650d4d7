"""The object while it is fresh and once it has settled, key by key, as the recordings have it."""

import re

from tests.sandbox.running import DEV, PRO, SCHNELL, RunningSandbox

EDGE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{0,8}[1-9])?Z")
SETTLED = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
# Keys and their order: replicate/replicate-python@0110c2c tests/cassettes/test_predictions_create_by_model[True].yaml,
# with `data_removed` as in test_models_predictions_create_blocking[True-10].yaml.
FRESH_KEYS = ["id", "model", "version", "input", "logs", "data_removed", "error", "status", "created_at", "urls"]


def test_a_fresh_prediction_has_no_output_and_empty_logs(sandbox: RunningSandbox) -> None:
    answer = sandbox.create("forest [[slow=600]]")
    assert answer.status_code == 201
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["ratelimit-remaining"] == "599"
    assert list(answer.json()) == FRESH_KEYS
    assert answer.json()["logs"] == ""
    assert answer.json()["status"] == "starting"
    assert set(answer.json()["urls"]) == {"cancel", "get", "web", "stream"}


def test_timestamps_have_no_fixed_width(sandbox: RunningSandbox) -> None:
    stamps = [sandbox.create("forest [[slow=600]]").json()["created_at"] for _ in range(12)]
    assert all(EDGE.fullmatch(stamp) for stamp in stamps)
    digits = {len(stamp.partition(".")[2]) - 1 for stamp in stamps}
    assert max(digits) > 6, "some objects carry nanoseconds"
    assert min(digits) <= 3, "some objects carry milliseconds"


def test_some_creations_answer_202_and_some_carry_an_internal_model_name(sandbox: RunningSandbox) -> None:
    answers = [sandbox.create("forest [[slow=600]]") for _ in range(8)]
    assert {answer.status_code for answer in answers} == {201, 202}
    assert {answer.json()["model"] for answer in answers} == {SCHNELL, "replicate-internal/flux-schnell"}


def test_a_running_prediction_logs_as_it_goes(sandbox: RunningSandbox) -> None:
    job = sandbox.create("forest [[slow=100]]", DEV, seed=42).json()["id"]
    sandbox.control("clock", advance_seconds=10)
    early = sandbox.processed(job)
    sandbox.control("clock", advance_seconds=50)
    late = sandbox.get(job)
    assert late["status"] == "processing"
    assert early["logs"].startswith("Using seed: 42\n")
    assert late["logs"].startswith("Using seed: 42\n")
    assert "17/28" not in early["logs"]
    assert late["logs"].count("\n") > early["logs"].count("\n")
    assert EDGE.fullmatch(late["started_at"])


def test_an_ended_prediction_settles_after_a_moment(sandbox: RunningSandbox) -> None:
    job = sandbox.create("forest").json()["id"]
    fresh = sandbox.ended(job)
    sandbox.control("clock", advance_seconds=3)
    settled = sandbox.get(job)
    assert list(fresh)[:5] == FRESH_KEYS[:5]
    assert fresh["metrics"]["image_count"] == 1
    assert "total_time" not in fresh["metrics"]
    assert list(settled) == sorted(settled)
    assert settled["webhook_completed"] is None
    assert settled["metrics"]["total_time"] > 0
    assert SETTLED.fullmatch(settled["created_at"])
    assert SETTLED.fullmatch(settled["completed_at"])
    assert fresh["output"] == settled["output"]
    assert fresh["logs"] == settled["logs"]


def test_the_string_of_one_model_is_the_list_of_others(sandbox: RunningSandbox) -> None:
    single = sandbox.create("x", PRO, aspect_ratio="custom", width=256, height=256).json()["id"]
    several = sandbox.create("x", SCHNELL, num_outputs=3).json()["id"]
    assert sandbox.ended(single)["output"].endswith(f"/{single}/out-0.webp")
    assert [url[-10:] for url in sandbox.ended(several)["output"]] == ["out-0.webp", "out-1.webp", "out-2.webp"]


def test_a_held_back_answer_is_complete_but_still_processing(sandbox: RunningSandbox) -> None:
    answer = sandbox.create("forest", headers={"Prefer": "wait=20"})
    shown = answer.json()
    assert answer.status_code == 201
    assert answer.headers["preference-applied"] == "wait=20"
    assert shown["status"] == "processing"
    assert shown["logs"] == ""
    assert "metrics" not in shown
    assert "completed_at" not in shown
    assert shown["output"][0].startswith("data:image/webp;base64,")
    assert sandbox.get(shown["id"])["status"] == "succeeded"


def test_a_wait_that_runs_out_shows_the_beginning(sandbox: RunningSandbox) -> None:
    answer = sandbox.create("forest [[slow=600]]", headers={"Prefer": "wait=1"})
    assert answer.status_code == 202
    assert answer.json()["status"] == "starting"
    assert "output" not in answer.json()


def test_cancelling_answers_the_settled_shape_and_leaves_an_ended_one_alone(sandbox: RunningSandbox) -> None:
    running = sandbox.create("x [[slow=600]]").json()["id"]
    ended = sandbox.create("x").json()["id"]
    sandbox.ended(ended)
    cancelled = sandbox.http.post(f"{sandbox.api}/predictions/{running}/cancel")
    assert cancelled.status_code == 200
    assert list(cancelled.json()) == sorted(cancelled.json())
    assert cancelled.json()["status"] == "canceled"
    assert cancelled.json()["output"] is None
    assert sandbox.http.post(f"{sandbox.api}/predictions/{ended}/cancel").json()["status"] == "succeeded"


def test_everything_is_removed_after_an_hour(sandbox: RunningSandbox) -> None:
    job = sandbox.create("forest").json()["id"]
    (url,) = sandbox.ended(job)["output"]
    assert sandbox.http.get(url).ok
    sandbox.control("clock", advance_seconds=3590)
    assert sandbox.http.get(url).ok
    sandbox.control("clock", advance_seconds=20)
    shown = sandbox.get(job)
    assert shown["data_removed"] is True
    assert (shown["output"], shown["logs"], shown["input"]) == (None, None, {})
    assert shown["status"] == "succeeded"
    assert sandbox.http.get(url).status_code == 404


def test_a_deadline_aborts_what_waits_and_cancels_what_runs(sandbox: RunningSandbox) -> None:
    running = sandbox.create("x [[slow=600]]", headers={"Cancel-After": "1m30s"}).json()
    assert EDGE.fullmatch(running["deadline"])
    sandbox.control("clock", advance_seconds=80)
    assert "output" not in sandbox.processed(running["id"])
    sandbox.control("clock", advance_seconds=20)
    assert sandbox.ended(running["id"])["status"] == "canceled"
    assert sandbox.create("x", headers={"Cancel-After": "3s"}).status_code == 400


def test_listing_goes_by_time(sandbox: RunningSandbox) -> None:
    first = sandbox.create("first [[slow=9000]]").json()
    sandbox.control("clock", advance_seconds=100)
    second = sandbox.create("second [[slow=9000]]").json()

    def listed(**query: str) -> list[str]:
        shown = sandbox.http.get(f"{sandbox.api}/predictions", params=query).json()
        assert (shown["next"], shown["previous"]) == (None, None)
        return [item["id"] for item in shown["results"]]

    assert listed() == [second["id"], first["id"]]
    assert listed(created_after=second["created_at"][:19] + "Z") == [second["id"]]
    assert listed(created_before=second["created_at"][:19] + "Z") == [first["id"]]
    assert sandbox.http.get(f"{sandbox.api}/predictions", params={"cursor": "nonsense"}).status_code == 400
