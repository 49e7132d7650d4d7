"""Directives about the job itself and about the answer to its creation."""

import pytest
import requests

from tests.sandbox.running import PRO, RunningSandbox, eventually


@pytest.mark.parametrize(
    ("directive", "status", "error"),
    [
        ("fail", "failed", "Prediction failed for an unknown reason. (E1000)"),
        ("fail=no more paint", "failed", "no more paint"),
        ("refuse", "failed", "NSFW content detected. Try running it again, or try a different prompt."),
        ("aborted", "aborted", None),
    ],
)
def test_a_job_ends_badly(sandbox: RunningSandbox, directive: str, status: str, error: str | None) -> None:
    shown = sandbox.ended(sandbox.create(f"a wall [[{directive}]]").json()["id"])
    assert (shown["status"], shown["error"], shown["output"]) == (status, error, None)
    assert ("started_at" in shown) is (status != "aborted")


@pytest.mark.parametrize(("directive", "output"), [("empty", []), ("null", None)])
def test_a_job_succeeds_with_nothing(sandbox: RunningSandbox, directive: str, output: object) -> None:
    shown = sandbox.ended(sandbox.create(f"a wall [[{directive}]]").json()["id"])
    assert (shown["status"], shown["output"]) == ("succeeded", output)
    waited = sandbox.create(f"a wall [[{directive}]]", PRO, headers={"Prefer": "wait"}).json()
    assert (waited["status"], waited["output"]) == ("processing", output)


def test_slow_is_counted_by_the_clock(sandbox: RunningSandbox) -> None:
    job = sandbox.create("a wall [[slow=500]]").json()["id"]
    eventually(lambda: sandbox.get(job)["status"] == "processing")
    sandbox.control("clock", advance_seconds=400)
    assert "output" not in sandbox.processed(job)
    sandbox.control("clock", advance_seconds=110)
    assert sandbox.ended(job)["status"] == "succeeded"


def test_directives_are_not_drawn_and_others_stay_words(sandbox: RunningSandbox) -> None:
    def picture(prompt: str) -> bytes:
        (url,) = sandbox.ended(sandbox.create(prompt, seed=5, output_format="png").json()["id"])["output"]
        return requests.get(url, timeout=20).content

    from_plain, from_directed = picture("a wall"), picture("a wall [[slow=0.01]]")
    assert from_plain.partition(b"IDAT")[2] == from_directed.partition(b"IDAT")[2]
    (job,) = [job for job in sandbox.journal("a wall") if job["directives"]]
    assert job["directives"] == {"slow": "0.01"}
    assert sandbox.create("a [[door]] [[slow=soon]] [[huge=yes]]").status_code in (201, 202)
    assert sandbox.journal("[[door]]")[0]["directives"] == {}


def test_a_server_error_may_hide_an_accepted_job(sandbox: RunningSandbox) -> None:
    answer = sandbox.create("a wall [[accept-500]]")
    assert answer.status_code == 502
    assert answer.headers["content-type"].startswith("text/html")
    (job,) = sandbox.journal("a wall")
    assert sandbox.ended(job["id"])["status"] == "succeeded"


def test_a_cut_connection_may_hide_an_accepted_job(sandbox: RunningSandbox) -> None:
    with pytest.raises(requests.ConnectionError):
        sandbox.create("a wall [[accept-cut]]")
    (job,) = sandbox.journal("a wall")
    assert sandbox.ended(job["id"])["status"] == "succeeded"
    assert sandbox.create("another wall").status_code in (201, 202), "only that one connection was cut"


def test_a_slow_answer_may_come_after_the_end(sandbox: RunningSandbox) -> None:
    body = {"input": {"prompt": "a wall [[accept-slow=2]]", "megapixels": "0.25"}}
    with pytest.raises(requests.ReadTimeout):
        sandbox.http.post(f"{sandbox.api}/models/black-forest-labs/flux-schnell/predictions", json=body, timeout=0.5)
    (job,) = sandbox.journal("a wall")
    assert sandbox.ended(job["id"])["status"] == "succeeded"


@pytest.mark.parametrize("call", ["get", "cancel"])
def test_later_calls_fail_when_told(sandbox: RunningSandbox, call: str) -> None:
    job = sandbox.create(f"a wall [[{call}=503]]").json()["id"]
    url = f"{sandbox.api}/predictions/{job}"
    answer = sandbox.http.get(url) if call == "get" else sandbox.http.post(f"{url}/cancel")
    assert answer.status_code == 503


def test_cut_connections_leave_nothing_open(own_sandbox: RunningSandbox) -> None:
    """Each cut looked at every open file, and kept a copy of it: after a dozen nothing more could be opened."""
    before = own_sandbox.descriptors
    for number in range(5):
        with pytest.raises(requests.ConnectionError):
            own_sandbox.create(f"number {number} [[accept-cut]] [[slow=900]]")
    eventually(lambda: own_sandbox.descriptors <= before + 5)
