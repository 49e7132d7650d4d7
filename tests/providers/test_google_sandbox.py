"""The adapter against the sandbox, which speaks the same contract and was written by its documents."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests
from PIL import Image

from config.local import waiting
from providers.adapters.google import LARGEST_INLINE_BYTES, Google
from providers.adapters.google_talk import TextRequest, Turn
from providers.adapters.google_text import generate_text, stream_text
from providers.contract import ErrorCode, InputFile, JobRef, JobRequest, JobState, JobUpdate, Line
from providers.errors import (
    Ambiguous,
    BadSignature,
    ContentRefused,
    NotFound,
    OutOfCredit,
    ProviderError,
    RateLimited,
    Rejected,
    TokenInvalid,
    Transient,
)
from tests.providers.conftest import MakeServer
from tests.sandbox.running import RunningSandbox

PATIENCE_SECONDS = 40
IMAGE, OMNI = "gemini-3.1-flash-image", "gemini-omni-1.1-flash"
VEO, IMAGEN = "veo-3.1-generate-preview", "imagen-4.0-generate-001"


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    """A sandbox of our own, without waiting times."""
    running = RunningSandbox(tmp_path_factory.mktemp("sandbox"), speed=0)
    try:
        running.start()
        yield running
    finally:
        running.end()


@pytest.fixture(params=["v1", "v1beta"])
def line(request: pytest.FixtureRequest, sandbox: RunningSandbox) -> Line:
    options = {"api_version": request.param, "jwks_url": f"{sandbox.origin}/google/.well-known/jwks.json"}
    return Line(base_url=f"{sandbox.origin}/google", token="sandbox", options=options)


@pytest.fixture
def adapter(sandbox: RunningSandbox) -> Google:
    options = {"jwks_url": f"{sandbox.origin}/google/.well-known/jwks.json"}
    return Google(Line(base_url=f"{sandbox.origin}/google", token="sandbox", options=options))


def job(
    prompt: str, *, endpoint: str = IMAGE, task: str = "", callback_url: str | None = None, **inputs: object
) -> JobRequest:
    return JobRequest(
        endpoint=endpoint,
        inputs={"prompt": prompt, **inputs},
        callback_url=callback_url,
        deadline_seconds=60,
        idempotency_key="our-key",
        task=task,
    )


def film(prompt: str, *, task: str = "", callback_url: str | None = None, **inputs: object) -> JobRequest:
    shape = {"resolution": "360p", "duration": 3}
    return job(prompt, endpoint=OMNI, task=task, callback_url=callback_url, **shape, **inputs)


def end_of(adapter: Google, update: JobUpdate, endpoint: str = OMNI) -> JobUpdate:
    """The last word about a job, asked for until it is there."""
    said = [update]

    def has_ended() -> bool:
        said.append(adapter.fetch(JobRef(external_id=update.external_id, endpoint=endpoint)))
        return said[-1].state.is_final

    assert waiting.until(has_ended, PATIENCE_SECONDS)
    return said[-1]


def picture(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def file_of(folder: Path, size: tuple[int, int], quality: int = 90) -> InputFile:
    path = folder / f"{size[0]}.png"
    Image.effect_noise(size, quality).save(path)
    return InputFile(path=path, content_type="image/png", size_bytes=path.stat().st_size, name=path.name)


def test_a_picture_in_either_version(line: Line) -> None:
    update = Google(line).submit(job("a fox in the snow", aspect_ratio="16:9", image_size="512", seed=3))
    assert update.state is JobState.SUCCEEDED
    [content] = update.inline_outputs
    assert picture(content).format == "JPEG"
    assert picture(content).width > picture(content).height
    assert update.provider_seconds is not None


def test_files_small_and_large_are_handed_over_and_edited(adapter: Google, tmp_path: Path) -> None:
    small, large = file_of(tmp_path, (64, 64)), file_of(tmp_path, (640, 480))
    assert small.size_bytes < LARGEST_INLINE_BYTES < large.size_bytes
    references = [adapter.upload(file) for file in (large, small)]
    assert references[1].reference.startswith("data:")
    assert references[0].expires_at is not None
    given = [one.reference for one in references]
    update = adapter.submit(job("make it blue", task="image-edit", image=given))
    [content] = update.inline_outputs
    assert picture(content).size == (640, 480)


@pytest.mark.parametrize(
    ("directive", "code"),
    [
        ("refuse", ErrorCode.CONTENT_REFUSED),
        ("refuse=IMAGE_SAFETY", ErrorCode.CONTENT_REFUSED),
        ("empty", ErrorCode.NO_OUTPUT),
        ("null", ErrorCode.NO_OUTPUT),
        ("text-only", ErrorCode.NO_OUTPUT),
        ("fail", ErrorCode.PROVIDER_FAILED),
    ],
)
def test_a_block_is_a_failed_job(directive: str, code: ErrorCode, adapter: Google) -> None:
    update = adapter.submit(job(f"a storm [[{directive}]]"))
    assert (update.state, update.error_code) == (JobState.FAILED, code)


@pytest.mark.parametrize("endpoint", [IMAGE, OMNI])
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
def test_what_goes_wrong_at_the_door_is_sorted(
    directive: str, error: type[ProviderError], endpoint: str, adapter: Google
) -> None:
    with pytest.raises(error) as caught:
        adapter.submit(job(f"a door [[{directive}]]", endpoint=endpoint))
    assert type(caught.value) is error


def test_a_day_is_told_from_a_minute(adapter: Google) -> None:
    for directive, seconds in (("429", 34.4), ("429=7", 7), ("429=day", 4 * 3_600), ("429=bare", 30)):
        with pytest.raises(RateLimited) as caught:
            adapter.submit(job(f"a door [[{directive}]]"))
        assert caught.value.retry_after_seconds == seconds


def test_bad_keys_and_retired_models_are_told_apart(sandbox: RunningSandbox, adapter: Google) -> None:
    for key, kind in (("wrong", TokenInvalid), ("", TokenInvalid)):
        with pytest.raises(kind):
            Google(Line(base_url=f"{sandbox.origin}/google", token=key)).submit(job("x"))
    for endpoint in ("gemini-1.0-pro-vision", f"generateContent/{OMNI}", "interactions/gemini-2.5-flash"):
        with pytest.raises(NotFound):
            adapter.submit(job("x", endpoint=endpoint))
    with pytest.raises(NotFound):
        adapter.fetch(JobRef(external_id="v1_nobody", endpoint=OMNI))


def test_a_film_is_fetched_with_the_key_and_not_without(line: Line) -> None:
    adapter = Google(line)
    submitted = adapter.submit(film("a harbour at night", task="text-to-video"))
    assert submitted.state is JobState.WAITING
    done = end_of(adapter, submitted)
    assert done.state is JobState.SUCCEEDED
    [url] = done.output_urls
    assert requests.get(url, timeout=5).status_code == 403
    content = requests.get(url, headers=dict(adapter.download_headers(url)), timeout=20).content
    assert content[4:8] == b"ftyp"


def test_a_film_begins_at_its_first_frame(adapter: Google, tmp_path: Path) -> None:
    frame = adapter.upload(file_of(tmp_path, (640, 480))).reference
    submitted = adapter.submit(film("zoom", task="first-last-frame", first_frame=frame, last_frame=frame))
    assert end_of(adapter, submitted).state is JobState.SUCCEEDED


@pytest.mark.parametrize(
    ("directive", "state", "code"),
    [
        ("refuse", JobState.FAILED, ErrorCode.CONTENT_REFUSED),
        ("fail", JobState.FAILED, ErrorCode.PROVIDER_FAILED),
        ("incomplete", JobState.FAILED, ErrorCode.PROVIDER_FAILED),
        ("empty", JobState.FAILED, ErrorCode.NO_OUTPUT),
        ("text-only", JobState.FAILED, ErrorCode.NO_OUTPUT),
        ("aborted", JobState.CANCELLED, ""),
    ],
)
def test_what_goes_wrong_later_is_a_failed_job(directive: str, state: JobState, code: str, adapter: Google) -> None:
    done = end_of(adapter, adapter.submit(film(f"a storm [[{directive}]]")))
    assert (done.state, done.error_code) == (state, code)


def test_a_film_can_be_cancelled_and_again_and_too_late(adapter: Google) -> None:
    submitted = adapter.submit(film("a long wait [[slow=60]]"))
    ref = JobRef(external_id=submitted.external_id, endpoint=OMNI)
    assert [adapter.cancel(ref).state for _ in range(2)] == [JobState.CANCELLED] * 2
    done = end_of(adapter, adapter.submit(film("a quick one [[fail]]")))
    assert adapter.cancel(JobRef(external_id=done.external_id, endpoint=OMNI)).state is JobState.FAILED


def test_its_webhook_is_a_reason_to_ask(adapter: Google, serve: MakeServer) -> None:
    receiver = serve()
    submitted = adapter.submit(film("a bell [[fail]]", callback_url=f"{receiver.origin}/hook"))
    assert waiting.until(lambda: receiver.calls, PATIENCE_SECONDS)
    [call] = receiver.calls
    now = datetime.now(UTC).timestamp()
    verified = adapter.verify_webhook(call.headers, call.body, now)
    assert (verified.key, verified.is_proof) == (call.headers["webhook-id"], False)
    update = adapter.parse_webhook(call.headers, call.body)
    assert (update.external_id, update.state) == (submitted.external_id, JobState.RUNNING)
    assert end_of(adapter, update).state is JobState.FAILED
    with pytest.raises(BadSignature):
        adapter.verify_webhook(call.headers, call.body, now + 400)


@pytest.mark.parametrize("forgery", ["signature", "secret", "old", "unsigned"])
def test_forged_webhooks_are_refused(forgery: str, sandbox: RunningSandbox, adapter: Google, serve: MakeServer) -> None:
    receiver = serve()
    submitted = adapter.submit(film("a bell [[fail]] [[drop]]", callback_url=f"{receiver.origin}/hook"))
    end_of(adapter, submitted)
    sandbox.control("deliver", id=submitted.external_id, event="failed", forge=forgery)
    [call] = receiver.calls
    with pytest.raises(BadSignature):
        adapter.verify_webhook(call.headers, call.body, datetime.now(UTC).timestamp())


def test_the_older_family(adapter: Google) -> None:
    update = adapter.submit(job("a robot", endpoint=IMAGEN, num_outputs=2, aspect_ratio="3:4"))
    assert (update.state, len(update.inline_outputs)) == (JobState.SUCCEEDED, 2)
    refused = adapter.submit(job("a robot [[refuse]]", endpoint=IMAGEN))
    assert (refused.state, refused.error_code) == (JobState.FAILED, ErrorCode.CONTENT_REFUSED)
    wish = job("a cat", endpoint=VEO, resolution="720p", duration="4s", aspect_ratio="16:9")
    done = end_of(adapter, adapter.submit(wish), VEO)
    assert (done.state, len(done.output_urls)) == (JobState.SUCCEEDED, 1)
    filtered = end_of(adapter, adapter.submit(job("a cat [[refuse]]", endpoint=VEO)), VEO)
    assert (filtered.state, filtered.error_code) == (JobState.FAILED, ErrorCode.CONTENT_REFUSED)


def test_words_whole_and_as_a_stream(line: Line) -> None:
    request = TextRequest(model="gemini-3.7-flash", turns=(Turn(text="one two three four five"),))
    whole = generate_text(line, request)
    pieces = list(stream_text(line, request))
    assert "".join(piece.text for piece in pieces) == whole.text
    assert len(pieces) > 1
    counts = [piece.usage.answer for piece in pieces]
    assert counts == sorted(counts)
    assert pieces[-1].usage.answer == whole.usage.answer


@pytest.mark.parametrize(
    ("directive", "error"),
    [("stream-cut", Transient), ("refuse", ContentRefused), ("429", RateLimited), ("500", Transient)],
)
def test_a_stream_that_goes_wrong_is_sorted(directive: str, error: type[ProviderError], line: Line) -> None:
    request = TextRequest(model="gemini-3.7-flash", turns=(Turn(text=f"one two three four [[{directive}]]"),))
    with pytest.raises(error) as caught:
        list(stream_text(line, request))
    assert type(caught.value) is error
