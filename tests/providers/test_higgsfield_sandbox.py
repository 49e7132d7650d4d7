"""The adapter against the sandbox, which speaks the same contract and was written without looking at the adapter."""

import io
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
import requests
from PIL import Image

from config.local import waiting
from providers.adapters.higgsfield import Higgsfield
from providers.contract import ErrorCode, InputFile, JobRef, JobRequest, JobState, Line
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

SOUL, KLING = "higgsfield-ai/soul/standard", "kling-video/v3.0/std/image-to-video"
OLD_SOUL = "v1/text2image/soul"
_numbers = count(1)


@pytest.fixture
def sandbox(quick_sandbox: RunningSandbox) -> RunningSandbox:
    return quick_sandbox


@pytest.fixture
def line(sandbox: RunningSandbox) -> Line:
    return Line(base_url=f"{sandbox.origin}/higgsfield", token="sandbox")


@pytest.fixture
def adapter(line: Line) -> Higgsfield:
    return Higgsfield(line)


def job(prompt: str, endpoint: str = SOUL, *, callback_url: str | None = None, **more: object) -> JobRequest:
    return JobRequest(
        endpoint=endpoint,
        inputs={"prompt": prompt} | more,
        callback_url=callback_url,
        deadline_seconds=60,
        idempotency_key=f"key-{next(_numbers)}",
    )


@pytest.mark.parametrize("endpoint", [SOUL, OLD_SOUL])
def test_a_job_goes_from_submit_to_its_pictures(endpoint: str, adapter: Higgsfield) -> None:
    submitted = adapter.submit(job("a fox in the snow", endpoint, batch_size=4))
    assert submitted.state is JobState.WAITING
    done = end_of(adapter, submitted, endpoint)
    assert done.state is JobState.SUCCEEDED
    assert len(set(done.output_urls)) == 4
    assert requests.get(done.output_urls[3], timeout=5).headers["Content-Type"].startswith("image/")


def test_a_persons_picture_is_handed_over_and_becomes_a_film(adapter: Higgsfield, tmp_path: Path) -> None:
    path, content = tmp_path / "a.png", io.BytesIO()
    Image.new("RGB", (320, 180), "teal").save(content, "PNG")
    path.write_bytes(content.getvalue())
    file = InputFile(path=path, content_type="image/png", size_bytes=path.stat().st_size, name="a.png")
    reference = adapter.upload(file).reference
    done = end_of(adapter, adapter.submit(job("closer", KLING, image_url=reference, duration=3)))
    [url] = done.output_urls
    assert requests.get(url, timeout=5).content[4:8] == b"ftyp"


@pytest.mark.parametrize("directive", ["accept-cut", "accept-500"])
def test_an_answerless_submit_is_sent_again_with_its_key_and_is_one_job(
    directive: str, adapter: Higgsfield, sandbox: RunningSandbox
) -> None:
    lost = job(f"a lighthouse nobody heard of by {directive} [[{directive}]]")
    with pytest.raises(Ambiguous):
        adapter.submit(lost)
    found = adapter.submit(lost)
    assert adapter.submit(lost).external_id == found.external_id
    assert end_of(adapter, found).state is JobState.SUCCEEDED
    [only] = sandbox.journal(f"by {directive}")
    assert only["id"] == found.external_id


def test_the_same_key_with_anything_changed_may_hide_a_job(adapter: Higgsfield) -> None:
    first = job("once")
    adapter.submit(first)
    for changed in (replace(first, inputs={"prompt": "twice"}), replace(first, callback_url="http://127.0.0.1:9/x")):
        with pytest.raises(Ambiguous):
            adapter.submit(changed)


def test_unsigned_deliveries_are_kept_unproven_and_say_what_a_poll_says(adapter: Higgsfield, serve: MakeServer) -> None:
    receiver = serve()
    submitted = adapter.submit(job("a harbour", callback_url=f"{receiver.origin}/hook"))
    assert waiting.until(lambda: bool(receiver.calls), PATIENCE_SECONDS)
    [call] = receiver.calls
    verified = adapter.verify_webhook(call.headers, call.body, datetime.now(UTC).timestamp())
    assert not verified.is_proof
    assert adapter.parse_webhook(call.headers, call.body) == end_of(adapter, submitted)


@pytest.mark.parametrize("mode", ["signed", "dual"])
def test_signed_deliveries_are_proof_with_either_secret(
    mode: str, line: Line, sandbox: RunningSandbox, serve: MakeServer
) -> None:
    told = sandbox.control("signing", mode=mode)
    receiver = serve()
    Higgsfield(line).submit(job("a harbour", callback_url=f"{receiver.origin}/hook"))
    assert waiting.until(lambda: bool(receiver.calls), PATIENCE_SECONDS)
    sandbox.control("signing", mode="unsigned")
    [call] = receiver.calls
    now = datetime.now(UTC).timestamp()
    strict = Higgsfield(replace(line, webhook_secrets=(told["secret"],)))
    assert strict.verify_webhook(call.headers, call.body, now).key == call.headers["webhook-id"]
    older = Higgsfield(replace(line, webhook_secrets=(told["former"],)))
    if mode == "dual":
        assert older.verify_webhook(call.headers, call.body, now).is_proof
    else:
        with pytest.raises(BadSignature):
            older.verify_webhook(call.headers, call.body, now)
    with pytest.raises(BadSignature):
        strict.verify_webhook(call.headers, call.body + b" ", now)


def test_the_old_apis_delivery_carries_the_word_it_was_given(line: Line, serve: MakeServer) -> None:
    receiver = serve()
    strict = Higgsfield(replace(line, webhook_secrets=("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",)))
    submitted = strict.submit(job("a harbour", OLD_SOUL, callback_url=f"{receiver.origin}/hook"))
    assert waiting.until(lambda: bool(receiver.calls), PATIENCE_SECONDS)
    [call] = receiver.calls
    assert strict.verify_webhook(call.headers, call.body, 0).is_proof
    assert strict.parse_webhook(call.headers, call.body).external_id == submitted.external_id


def test_a_job_is_followed_to_the_other_address(sandbox: RunningSandbox, line: Line) -> None:
    other = f"http://localhost:{sandbox.port}/higgsfield"
    through_the_other = Higgsfield(replace(line, base_url=other, options={"other_base_url": line.base_url}))
    assert through_the_other.submit(job("two names")).follow_up == {}
    known = Higgsfield(replace(line, options={"other_base_url": other}))
    submitted = Higgsfield(replace(line, base_url=other)).submit(job("two names"))
    done = known.fetch(JobRef(external_id=submitted.external_id, follow_up={"home": other}))
    assert done.follow_up == {"home": other}


@pytest.mark.parametrize(
    ("directive", "error"),
    [
        ("401", TokenInvalid),
        ("402", OutOfCredit),
        ("422", Rejected),
        ("429=7", RateLimited),
        ("429=older", RateLimited),
        ("422=key", Ambiguous),
        ("500", Ambiguous),
    ],
)
def test_what_goes_wrong_at_the_door_is_sorted(directive: str, error: type[ProviderError], adapter: Higgsfield) -> None:
    with pytest.raises(error) as caught:
        adapter.submit(job(f"a door [[{directive}]]"))
    assert type(caught.value) is error
    if isinstance(caught.value, RateLimited):
        assert caught.value.retry_after_seconds == (7 if directive == "429=7" else 10)


@pytest.mark.parametrize(
    ("directive", "code"),
    [
        ("refuse", ErrorCode.CONTENT_REFUSED),
        ("empty", ErrorCode.NO_OUTPUT),
        ("null", ErrorCode.NO_OUTPUT),
        ("fail=Something broke", ErrorCode.PROVIDER_FAILED),
        ("fail=Generation timed out", ErrorCode.PROVIDER_TIMED_OUT),
    ],
)
def test_what_goes_wrong_later_is_a_failed_job(directive: str, code: ErrorCode, adapter: Higgsfield) -> None:
    done = end_of(adapter, adapter.submit(job(f"a storm [[{directive}]]")))
    assert (done.state, done.error_code) == (JobState.FAILED, code)


@pytest.mark.parametrize(
    ("directive", "code"),
    [("refuse", ErrorCode.CONTENT_REFUSED), ("null", ErrorCode.NO_OUTPUT), ("fail", ErrorCode.PROVIDER_FAILED)],
)
def test_the_old_api_fails_without_a_text(directive: str, code: ErrorCode, adapter: Higgsfield) -> None:
    done = end_of(adapter, adapter.submit(job(f"a storm [[{directive}]]", OLD_SOUL)), OLD_SOUL)
    assert (done.state, done.error_code) == (JobState.FAILED, code)


def test_what_the_filter_left_of_a_set_is_kept(adapter: Higgsfield) -> None:
    done = end_of(adapter, adapter.submit(job("a crowd [[part]]", OLD_SOUL, batch_size=4)), OLD_SOUL)
    assert (done.state, len(done.output_urls)) == (JobState.SUCCEEDED, 3)
    assert done.error_detail == "1 of 4 did not complete: nsfw"


def test_a_waiting_job_is_cancelled_and_cancelled_again(adapter: Higgsfield) -> None:
    submitted = adapter.submit(job("a long queue [[queue=60]]"))
    for _ in range(2):
        assert adapter.cancel(JobRef(external_id=submitted.external_id)).state is JobState.CANCELLED


def test_a_started_job_goes_on(adapter: Higgsfield) -> None:
    reference = JobRef(external_id=adapter.submit(job("a long wait [[slow=60]]")).external_id)
    assert waiting.until(lambda: adapter.fetch(reference).state is JobState.RUNNING, PATIENCE_SECONDS)
    assert adapter.cancel(reference).state is JobState.RUNNING


def test_a_job_it_never_had_is_not_found(adapter: Higgsfield) -> None:
    for endpoint in (SOUL, OLD_SOUL):
        with pytest.raises(NotFound):
            adapter.fetch(JobRef(external_id="abcdefghijklmnopqrstuvwxyz", endpoint=endpoint))
