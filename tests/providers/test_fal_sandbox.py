"""The adapter against the sandbox's fal: from submit to files, webhooks, cancellations, uploads and the list."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import requests
from PIL import Image

from config.local import waiting
from providers.adapters.fal import Fal
from providers.contract import ErrorCode, InputFile, JobRef, JobRequest, JobState, JobUpdate, Line
from providers.errors import (
    Ambiguous,
    BadSignature,
    NotFound,
    OutOfCredit,
    ProviderError,
    RateLimited,
    Rejected,
    SecretUnavailable,
    TokenInvalid,
)
from tests.providers.conftest import MakeServer
from tests.sandbox.running import RunningSandbox

PATIENCE_SECONDS = 20
DEV, EDIT = "fal-ai/flux/dev", "fal-ai/nano-banana/edit"
# More than a float can hold.
_seeds = count(2**63 + 1)
_numbers = count()


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    """A sandbox of our own, without waiting times."""
    running = RunningSandbox(tmp_path_factory.mktemp("sandbox"), speed=0)
    try:
        running.start()
        yield running
    finally:
        running.end()


@pytest.fixture
def adapter(sandbox: RunningSandbox) -> Fal:
    base = f"{sandbox.origin}/fal"
    # A number, so that no test knows the keys another was told.
    jwks_url = f"{base}/rest/.well-known/jwks.json?{next(_numbers)}"
    options = {"rest_url": f"{base}/rest", "jwks_url": jwks_url, "api_url": f"{base}/api/v1"}
    return Fal(Line(base_url=f"{base}/queue", token="sandbox", options=options))


def job(prompt: str, *, endpoint: str = DEV, callback_url: str | None = None, **more: Any) -> JobRequest:
    size = {"image_size": "square", "num_images": 2} if endpoint == DEV else {}
    return JobRequest(
        endpoint=endpoint,
        inputs={"prompt": prompt, "seed": next(_seeds)} | size | more,
        callback_url=callback_url,
        deadline_seconds=60,
        idempotency_key="unused",
    )


def ref(update: JobUpdate, endpoint: str = DEV) -> JobRef:
    return JobRef(external_id=update.external_id, endpoint=endpoint, follow_up=update.follow_up)


def end_of(adapter: Fal, job: JobRef) -> JobUpdate:
    """The last word about a job, asked for until it is there."""
    said: list[JobUpdate] = []

    def has_ended() -> bool:
        said.append(adapter.fetch(job))
        return said[-1].state.is_final

    assert waiting.until(has_ended, PATIENCE_SECONDS)
    return said[-1]


def test_a_job_goes_from_submit_to_its_pictures(adapter: Fal) -> None:
    submitted = adapter.submit(job("a fox in the snow"))
    assert submitted.state is JobState.WAITING
    assert set(submitted.follow_up) == {"status_url", "response_url", "cancel_url"}
    done = end_of(adapter, ref(submitted))
    assert done.state is JobState.SUCCEEDED
    assert len(done.output_urls) == 2
    assert done.billed_units == pytest.approx(2 * 512 * 512 / 1e6)
    for url in done.output_urls:
        assert requests.get(url, timeout=5).headers["Content-Type"] == "image/jpeg"


def test_it_is_found_without_the_addresses_it_was_given(adapter: Fal) -> None:
    submitted = adapter.submit(job("a fox"))
    bare = JobRef(external_id=submitted.external_id, endpoint=DEV)
    assert end_of(adapter, bare).state is JobState.SUCCEEDED


def test_an_uploaded_file_is_worked_on(adapter: Fal, tmp_path: Path) -> None:
    path = tmp_path / "orange.png"
    Image.new("RGB", (320, 240), "orange").save(path)
    file = InputFile(path=path, content_type="image/png", size_bytes=path.stat().st_size, name="orange.png")
    uploaded = adapter.upload(file)
    assert requests.get(uploaded.reference, timeout=5).content == path.read_bytes()
    submitted = adapter.submit(job("in winter", endpoint=EDIT, image_urls=[uploaded.reference]))
    done = end_of(adapter, ref(submitted, EDIT))
    assert (done.state, len(done.output_urls)) == (JobState.SUCCEEDED, 1)


def test_the_line_is_told_by_its_position(adapter: Fal) -> None:
    sent = [adapter.submit(job(f"{number} [[slow=600]]")) for number in range(4)]
    assert waiting.until(lambda: adapter.fetch(ref(sent[1])).state is JobState.RUNNING, PATIENCE_SECONDS)
    last = adapter.fetch(ref(sent[3]))
    assert (last.state, last.queue_position) == (JobState.WAITING, 1)
    for update in sent:
        assert adapter.cancel(ref(update)).state is JobState.RUNNING
    for update in sent:
        assert end_of(adapter, ref(update)).state is JobState.CANCELLED
        assert adapter.cancel(ref(update)).state is JobState.RUNNING


def test_a_cancelled_job_may_still_succeed(adapter: Fal, sandbox: RunningSandbox) -> None:
    submitted = adapter.submit(job("a long wait [[slow=60]] [[unstoppable]]"))
    assert waiting.until(lambda: adapter.fetch(ref(submitted)).state is JobState.RUNNING, PATIENCE_SECONDS)
    adapter.cancel(ref(submitted))
    sandbox.control("clock", advance_seconds=61)
    assert end_of(adapter, ref(submitted)).state is JobState.SUCCEEDED


@pytest.mark.parametrize(
    ("directive", "state"),
    [
        ("duplicate", JobState.SUCCEEDED),
        ("refuse", JobState.FAILED),
        ("refuse=black", JobState.FAILED),
        ("payload-error", JobState.RUNNING),
    ],
)
def test_webhooks_verify_and_say_what_a_poll_says(
    directive: str, state: JobState, adapter: Fal, serve: MakeServer
) -> None:
    receiver = serve()
    submitted = adapter.submit(job(f"a harbour [[{directive}]]", callback_url=f"{receiver.origin}/hook?a=b"))
    wanted = 2 if directive == "duplicate" else 1
    assert waiting.until(lambda: len(receiver.calls) >= wanted, PATIENCE_SECONDS)
    now, keys = datetime.now(UTC).timestamp(), set()
    for call in receiver.calls:
        keys.add(adapter.verify_webhook(call.headers, call.body, now).key)
        for headers, body in (
            (call.headers, call.body + b" "),
            (call.headers | {"x-fal-webhook-user-id": "x"}, call.body),
        ):
            with pytest.raises(BadSignature):
                adapter.verify_webhook(headers, body, now)
        told = adapter.parse_webhook(call.headers, call.body)
        assert (told.external_id, told.state) == (submitted.external_id, state)
        polled = end_of(adapter, ref(submitted))
        if state.is_final:
            assert (told.output_urls, told.error_code) == (polled.output_urls, polled.error_code)
    assert len(keys) == 1


def test_keys_that_cannot_be_had_leave_it_open(adapter: Fal, sandbox: RunningSandbox, serve: MakeServer) -> None:
    receiver = serve()
    sandbox.control("faults", fault="secret", value="503")
    adapter.submit(job("before", callback_url=receiver.origin))
    assert waiting.until(lambda: len(receiver.calls) == 1, PATIENCE_SECONDS)
    [call] = receiver.calls
    with pytest.raises(SecretUnavailable):
        adapter.verify_webhook(call.headers, call.body, datetime.now(UTC).timestamp())


@pytest.mark.parametrize(
    ("directive", "error"),
    [
        ("401", TokenInvalid),
        ("402", OutOfCredit),
        ("403=top-up", OutOfCredit),
        ("403=admin", TokenInvalid),
        ("422", Rejected),
        ("429=7", RateLimited),
        ("500", Ambiguous),
        ("accept-500", Ambiguous),
        ("accept-cut", Ambiguous),
    ],
)
def test_what_goes_wrong_at_the_door_is_sorted(directive: str, error: type[ProviderError], adapter: Fal) -> None:
    with pytest.raises(error) as caught:
        adapter.submit(job(f"a door [[{directive}]]"))
    assert type(caught.value) is error


def test_an_answerless_submit_is_found_in_the_list_by_its_inputs(adapter: Fal) -> None:
    lost = job("a lighthouse nobody heard of [[accept-cut]]")
    with pytest.raises(Ambiguous):
        adapter.submit(lost)
    since = datetime.now(UTC) - timedelta(minutes=1)

    def found() -> list[JobUpdate]:
        return [one.update for one in adapter.list_since(since, DEV) if one.inputs == lost.inputs]

    assert waiting.until(lambda: bool(found()), PATIENCE_SECONDS)
    [update] = found()
    assert end_of(adapter, ref(update)).state is JobState.SUCCEEDED


@pytest.mark.parametrize(
    ("directive", "code"),
    [
        ("refuse", ErrorCode.CONTENT_REFUSED),
        ("refuse=black", ErrorCode.CONTENT_REFUSED),
        ("empty", ErrorCode.NO_OUTPUT),
        ("null", ErrorCode.NO_OUTPUT),
        ("fail=no_media_generated", ErrorCode.NO_OUTPUT),
        ("fail=image_too_small", ErrorCode.INPUT_REFUSED),
        ("fail=Something broke", ErrorCode.PROVIDER_FAILED),
        ("fail=downstream_service_error", ErrorCode.PROVIDER_FAILED),
        ("fail=generation_timeout", ErrorCode.PROVIDER_TIMED_OUT),
        ("aborted", ErrorCode.PROVIDER_TIMED_OUT),
    ],
)
def test_what_goes_wrong_later_is_a_failed_job(directive: str, code: ErrorCode, adapter: Fal) -> None:
    done = end_of(adapter, ref(adapter.submit(job(f"a storm [[{directive}]]"))))
    assert (done.state, done.error_code) == (JobState.FAILED, code)


def test_an_input_the_model_does_not_take_is_refused_late(adapter: Fal) -> None:
    done = end_of(adapter, ref(adapter.submit(job("x", guidance_scale="much"))))
    assert (done.state, done.error_code) == (JobState.FAILED, ErrorCode.INPUT_REFUSED)
    assert done.error_detail == "422 guidance_scale: Input should be a valid number (float_type)"


def test_a_job_or_a_model_it_never_had_is_not_found(adapter: Fal) -> None:
    with pytest.raises(NotFound):
        adapter.fetch(JobRef(external_id="019da052-818d-7270-8173-ad73d46ed108", endpoint=DEV))
    with pytest.raises(NotFound):
        adapter.submit(job("x", endpoint="fal-ai/nothing"))
