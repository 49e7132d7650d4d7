"""The adapter against the sandbox, which speaks the same contract and was written without looking at the adapter."""

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
import requests

from config.local import waiting
from providers.adapters.replicate import Replicate
from providers.contract import ErrorCode, JobRef, JobRequest, JobState, Line
from providers.errors import (
    Ambiguous,
    BadSignature,
    NotFound,
    OutOfCredit,
    ProviderError,
    RateLimited,
    Rejected,
    TokenInvalid,
)
from tests.providers.conftest import MakeServer
from tests.providers.stories import PATIENCE_SECONDS, end_of
from tests.sandbox.running import RunningSandbox

_seeds = count(1)


@pytest.fixture
def sandbox(quick_sandbox: RunningSandbox) -> RunningSandbox:
    return quick_sandbox


@pytest.fixture
def adapter(sandbox: RunningSandbox) -> Replicate:
    return Replicate(Line(base_url=sandbox.api, token="sandbox"))


def job(prompt: str, *, callback_url: str | None = None) -> JobRequest:
    return JobRequest(
        endpoint="black-forest-labs/flux-schnell",
        inputs={"prompt": prompt, "seed": next(_seeds), "num_outputs": 2, "megapixels": "0.25"},
        callback_url=callback_url,
        deadline_seconds=60,
        idempotency_key="unused",
    )


def test_a_job_goes_from_submit_to_its_pictures(adapter: Replicate) -> None:
    submitted = adapter.submit(job("a fox in the snow"))
    assert submitted.state is JobState.WAITING
    done = end_of(adapter, submitted)
    assert done.state is JobState.SUCCEEDED
    assert len(done.output_urls) == 2
    for url in done.output_urls:
        assert requests.get(url, timeout=5).headers["Content-Type"].startswith("image/")


def test_its_webhooks_verify_with_the_secret_it_is_asked_for(adapter: Replicate, serve: MakeServer) -> None:
    receiver = serve()
    submitted = adapter.submit(job("a harbour", callback_url=f"{receiver.origin}/hook"))
    end_of(adapter, submitted)
    assert waiting.until(lambda: len(receiver.calls) >= 2, PATIENCE_SECONDS)
    now = datetime.now(UTC).timestamp()
    states = set()
    for call in receiver.calls:
        assert adapter.verify_webhook(call.headers, call.body, now).key == call.headers["webhook-id"]
        with pytest.raises(BadSignature):
            adapter.verify_webhook(call.headers, call.body + b" ", now)
        update = adapter.parse_webhook(call.headers, call.body)
        assert update.external_id == submitted.external_id
        states.add(update.state)
    assert JobState.SUCCEEDED in states


@pytest.mark.parametrize(
    ("directive", "error"),
    [
        ("401", TokenInvalid),
        ("402", OutOfCredit),
        ("422", Rejected),
        ("429", RateLimited),
        ("500", Ambiguous),
        ("accept-500", Ambiguous),
        ("accept-cut", Ambiguous),
    ],
)
def test_what_goes_wrong_at_the_door_is_sorted(directive: str, error: type[ProviderError], adapter: Replicate) -> None:
    with pytest.raises(error) as caught:
        adapter.submit(job(f"a door [[{directive}]]"))
    assert type(caught.value) is error


def test_an_answerless_submit_is_found_in_the_list_by_its_inputs(adapter: Replicate) -> None:
    lost = job("a lighthouse nobody heard of [[accept-cut]]")
    with pytest.raises(Ambiguous):
        adapter.submit(lost)
    jobs = list(adapter.list_since(datetime.now(UTC) - timedelta(minutes=1), ""))
    [found] = [one for one in jobs if one.inputs == lost.inputs]
    assert end_of(adapter, found.update).state is JobState.SUCCEEDED


@pytest.mark.parametrize(
    ("directive", "code"),
    [
        ("refuse", ErrorCode.CONTENT_REFUSED),
        ("empty", ErrorCode.NO_OUTPUT),
        ("null", ErrorCode.NO_OUTPUT),
        ("fail=Something broke", ErrorCode.PROVIDER_FAILED),
        ("fail=Prediction timed out", ErrorCode.PROVIDER_TIMED_OUT),
    ],
)
def test_what_goes_wrong_later_is_a_failed_job(directive: str, code: ErrorCode, adapter: Replicate) -> None:
    done = end_of(adapter, adapter.submit(job(f"a storm [[{directive}]]")))
    assert (done.state, done.error_code) == (JobState.FAILED, code)


def test_a_job_can_be_cancelled_and_again(adapter: Replicate) -> None:
    submitted = adapter.submit(job("a long wait [[slow=60]]"))
    adapter.cancel(JobRef(external_id=submitted.external_id))
    assert end_of(adapter, submitted).state is JobState.CANCELLED
    assert adapter.cancel(JobRef(external_id=submitted.external_id)).state is JobState.CANCELLED


def test_a_job_it_never_had_is_not_found(adapter: Replicate) -> None:
    with pytest.raises(NotFound):
        adapter.fetch(JobRef(external_id="abcdefghijklmnopqrstuvwxyz"))
