"""A person's file on its way to Replicate: inline while small, else handed over first; refused, expired, foreign."""

import base64
import email
import email.policy
import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import requests
from PIL import Image

from config.local import waiting
from providers.adapters.replicate import LARGEST_INLINE_BYTES, Replicate
from providers.contract import ErrorCode, InputFile, JobRef, JobRequest, JobState, JobUpdate, Line
from providers.errors import NotSent, ProviderError, RateLimited, Rejected, TokenInvalid, Transient
from tests.providers.conftest import MakeLine, MakeServer
from tests.providers.recorded import recorded
from tests.providers.server import answers, hangs_up
from tests.sandbox.running import RunningSandbox

MakeFile = Callable[..., InputFile]
PATIENCE_SECONDS = 20


@pytest.fixture
def input_file(tmp_path: Path) -> MakeFile:
    """A file on this machine, as it is handed to an adapter."""

    def make(content: bytes, name: str = "лиса.png") -> InputFile:
        path = tmp_path / f"{len(content)}.bin"
        path.write_bytes(content)
        return InputFile(path=path, content_type="image/png", size_bytes=len(content), name=name)

    return make


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    running = RunningSandbox(tmp_path_factory.mktemp("sandbox"), speed=0)
    try:
        running.start()
        yield running
    finally:
        running.end()


def large_picture(colour: tuple[int, int, int] = (40, 160, 60)) -> bytes:
    """More bytes than go inline: noise around a colour cannot be packed."""
    noise = np.random.default_rng(1).integers(0, 40, (360, 480, 3))
    target = io.BytesIO()
    Image.fromarray((noise + np.array(colour)).astype(np.uint8)).save(target, "PNG")
    assert len(target.getvalue()) > LARGEST_INLINE_BYTES
    return target.getvalue()


def parts_of(call: Any) -> Any:
    head = f"Content-Type: {call.headers['content-type']}\r\n\r\n".encode()
    return list(email.message_from_bytes(head + call.body, policy=email.policy.HTTP).iter_parts())


def test_a_small_file_goes_inline_and_nothing_is_sent(
    serve: MakeServer, line_to: MakeLine, input_file: MakeFile
) -> None:
    server = serve()
    for content in (b"", b"a fox", b"\0" * LARGEST_INLINE_BYTES):
        uploaded = Replicate(line_to(server.origin)).upload(input_file(content))
        assert uploaded.reference == f"data:image/png;base64,{base64.b64encode(content).decode()}"
        assert uploaded.expires_at is None
    assert server.calls == []


def test_a_large_file_is_handed_over_in_one_form(serve: MakeServer, line_to: MakeLine, input_file: MakeFile) -> None:
    fixture = recorded("replicate", "file_created")
    server = serve(answers(fixture.status, fixture.body, fixture.headers))
    line, content = line_to(f"{server.origin}/v1"), b"\x89PNG" + b"x" * LARGEST_INLINE_BYTES
    uploaded = Replicate(line).upload(input_file(content))
    assert uploaded.reference == fixture.object["urls"]["get"]
    assert uploaded.expires_at == datetime(2024, 8, 23, 12, 26, 51, 79_000, tzinfo=UTC)
    [call] = server.calls
    assert (call.method, call.target) == ("POST", "/v1/files")
    assert call.headers["authorization"] == f"Bearer {line.token}"
    [part] = parts_of(call)
    assert part.get_param("name", header="content-disposition") == "content"
    assert part.get_content_type() == "image/png"
    assert part.get_payload(decode=True) == content


REFUSED: dict[str, tuple[int, object, type[ProviderError], str]] = {
    "token": (401, {"title": "Unauthenticated", "detail": "no", "status": 401}, TokenInvalid, "provider_failed"),
    "too large": (413, {"detail": "Files must be less than 100MB in size", "status": 413}, Rejected, "input_refused"),
    "bad": (400, {"title": "Bad Request", "detail": "Missing content", "status": 400}, Rejected, "input_refused"),
    "throttled": (429, {"detail": "Request was throttled. Your rate limit resets in ~30s."}, RateLimited, ""),
    "broken": (502, b"<html>", Transient, ""),
    "no address": (201, {"id": "x", "urls": {}}, Transient, ""),
    "nothing": (201, {}, Transient, ""),
}


@pytest.mark.parametrize(("status", "body", "error", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_every_refusal_of_a_file_means_one_thing(
    *,
    status: int,
    body: object,
    error: type[ProviderError],
    code: str,
    serve: MakeServer,
    line_to: MakeLine,
    input_file: MakeFile,
) -> None:
    server = serve(answers(status, body))
    with pytest.raises(error) as caught:
        Replicate(line_to(server.origin)).upload(input_file(b"x" * (LARGEST_INLINE_BYTES + 1)))
    assert type(caught.value) is error
    if code:
        assert caught.value.code == ErrorCode(code)


def test_an_upload_that_breaks_off_or_goes_nowhere_may_be_repeated(
    serve: MakeServer, line_to: MakeLine, input_file: MakeFile
) -> None:
    file = input_file(b"x" * (LARGEST_INLINE_BYTES + 1))
    with pytest.raises(Transient):
        Replicate(line_to(serve(hangs_up).origin)).upload(file)
    with pytest.raises(NotSent):
        Replicate(line_to("http://127.0.0.1:9")).upload(file)


def adapter_of(sandbox: RunningSandbox, token: str = "r8_own") -> Replicate:
    return Replicate(Line(base_url=sandbox.api, token=token))


def wish(reference: str, **inputs: Any) -> JobRequest:
    return JobRequest(
        endpoint="black-forest-labs/flux-dev",
        inputs={"prompt": "at night", "image": reference, "seed": 1, "output_format": "png", **inputs},
        callback_url=None,
        deadline_seconds=60,
        idempotency_key="unused",
    )


def end_of(adapter: Replicate, request: JobRequest) -> JobUpdate:
    said = [adapter.submit(request)]

    def has_ended() -> bool:
        said.append(adapter.fetch(JobRef(external_id=said[0].external_id)))
        return said[-1].state.is_final

    assert waiting.until(has_ended, PATIENCE_SECONDS)
    return said[-1]


def test_a_job_works_on_the_file_it_was_given(sandbox: RunningSandbox, input_file: MakeFile) -> None:
    adapter = adapter_of(sandbox)
    uploaded = adapter.upload(input_file(large_picture()))
    assert uploaded.reference.startswith(f"{sandbox.api}/files/")
    assert uploaded.expires_at
    assert timedelta(hours=23) < uploaded.expires_at - datetime.now(UTC) < timedelta(hours=25)
    pictures = []
    for reference in (uploaded.reference, adapter.upload(input_file(large_picture((200, 30, 30)))).reference):
        [url] = end_of(adapter, wish(reference)).output_urls
        content = requests.get(url, timeout=5).content
        pictures.append(np.asarray(Image.open(io.BytesIO(content)).convert("RGB"), np.int16))
    assert pictures[0].shape == (360, 480, 3)
    assert pictures[1][..., 0].mean() > pictures[0][..., 0].mean() + 10


def test_a_file_of_another_account_or_one_that_has_expired_fails_the_job(
    sandbox: RunningSandbox, input_file: MakeFile
) -> None:
    adapter = adapter_of(sandbox)
    foreign = adapter_of(sandbox, "r8_other").upload(input_file(large_picture())).reference
    assert end_of(adapter, wish(foreign)).state is JobState.FAILED
    own = adapter.upload(input_file(large_picture())).reference
    sandbox.control("clock", advance_seconds=24 * 3600 + 1)
    done = end_of(adapter, wish(own))
    sandbox.control("reset")
    assert (done.state, done.error_code) == (JobState.FAILED, ErrorCode.INPUT_REFUSED)


def test_the_sandbox_refuses_a_file_as_replicate_does(sandbox: RunningSandbox, input_file: MakeFile) -> None:
    file = input_file(large_picture())
    with pytest.raises(TokenInvalid):
        adapter_of(sandbox, "wrong").upload(file)
    sandbox.control("faults", fault="upload", value="413")
    with pytest.raises(Rejected):
        adapter_of(sandbox).upload(file)
    sandbox.control("faults", fault="upload", value="503")
    with pytest.raises(Transient):
        adapter_of(sandbox).upload(replace(file, name="again.png"))
    assert adapter_of(sandbox).upload(file).reference
