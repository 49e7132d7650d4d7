"""What every provider in the registry must do alike. A new adapter brings its fixtures, and this suite runs."""

import json
import socket
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest
from django.utils.module_loading import import_string

from providers.contract import Adapter, ErrorCode, JobRef, JobRequest, JobState, JobUpdate, Line
from providers.errors import (
    Ambiguous,
    BadSignature,
    Misconfigured,
    NotSent,
    ProviderError,
    RateLimited,
    Rejected,
    Transient,
    UnreadableWebhook,
    Unsupported,
)
from providers.registry import ADAPTERS
from providers.tokens import works_here
from tests.providers.conftest import MakeLine, MakeServer
from tests.providers.recorded import FOLDER, Recorded, recorded
from tests.providers.server import Behaviour, answers, hangs_up
from tests.providers.signing import SECRET

ROOT = Path(__file__).parents[2]
# What is spoken to over HTTP. Work on this machine has the same promises to keep: test_local_adapter.py.
REMOTE = sorted(name for name in ADAPTERS if not works_here(name))
# What is asked of those whose endpoints are of several kinds: one that runs in the background.
ENDPOINTS = {"google": "gemini-omni-1.1-flash"}
# Whose webhooks come at the end only; whose say which job has news, and no more; whose answer to a cancellation is
# "we shall see".
TELLS_ONLY_THE_END = {"fal"}
TELLS_ONLY_WHERE = {"google"}
ONLY_ASKS = {"fal"}
FIXTURES = ("submitted", "running", "succeeded", "failed", "cancelled")
UNREADABLE = [b"", b"null", b"[]", b'"x"', b"1", b"\xff\xfe", b"{", b'{"id": NaN}', b"[" * 100_000, b"1" * 5_000, b"{}"]


@pytest.fixture(params=REMOTE)
def provider(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def job(provider: str, job: JobRequest) -> JobRequest:
    return replace(job, endpoint=ENDPOINTS.get(provider, job.endpoint))


@pytest.fixture
def reach(provider: str, line_to: MakeLine):
    def make(address: str, **changes: object) -> Adapter:
        return adapter_of(provider, line_to(address, **changes))

    return make


def adapter_of(provider: str, line: Line) -> Adapter:
    return cast("Adapter", import_string(ADAPTERS[provider])(line))


def plays(one: Recorded) -> list[Behaviour]:
    return [answers(each.status, each.body, each.headers) for each in (one, *one.then)]


def ref(external_id: str, job: JobRequest) -> JobRef:
    return JobRef(external_id=external_id, endpoint=job.endpoint)


def id_in(one: Recorded) -> str:
    return str(one.object.get("id") or one.object["request_id"])


def test_it_has_every_fixture_with_its_source(provider: str) -> None:
    for name in FIXTURES:
        assert recorded(provider, name).source
    for path in (FOLDER / provider).glob("*.json"):
        assert json.loads(path.read_text(encoding="utf-8"))["source"], path.name


@pytest.mark.parametrize("provider", sorted(ADAPTERS))
def test_it_has_a_page_in_the_docs(provider: str) -> None:
    assert (ROOT / "docs" / "providers" / f"{provider}.md").stat().st_size > 1_000


def test_it_is_called_as_in_the_registry(provider: str, reach) -> None:
    assert reach("https://provider.example").name == provider


def test_a_submit_answers_with_the_jobs_id_and_is_one_request(
    provider: str, reach, job: JobRequest, serve: MakeServer
) -> None:
    fixture = recorded(provider, "submitted")
    server = serve(*plays(fixture))
    update = reach(server.origin).submit(job)
    assert update.external_id == id_in(fixture)
    assert update.state in {JobState.WAITING, JobState.RUNNING}
    assert [call.method for call in server.calls] == ["POST"]


@pytest.mark.parametrize(
    ("name", "state", "has_outputs", "code"),
    [
        ("submitted", JobState.WAITING, False, ""),
        ("running", JobState.RUNNING, False, ""),
        ("succeeded", JobState.SUCCEEDED, True, ""),
        ("failed", JobState.FAILED, False, ErrorCode.CONTENT_REFUSED),
        ("cancelled", JobState.CANCELLED, False, ""),
    ],
)
def test_a_poll_and_a_webhook_say_the_same(
    *,
    provider: str,
    name: str,
    state: JobState,
    has_outputs: bool,
    code: str,
    reach,
    job: JobRequest,
    serve: MakeServer,
) -> None:
    fixture = recorded(provider, name)
    adapter = reach(serve(*plays(fixture)).origin)
    fetched: JobUpdate = adapter.fetch(ref(id_in(fixture), job))
    assert fetched.state is state
    assert bool(fetched.output_urls) is has_outputs
    assert fetched.error_code == code
    if fetched.state.is_final or provider not in TELLS_ONLY_THE_END:
        told = adapter.parse_webhook({}, fixture.webhook or fixture.body)
        if provider in TELLS_ONLY_WHERE:
            fetched = JobUpdate(external_id=fetched.external_id, state=JobState.RUNNING)
        assert (told.external_id, told.state) == (fetched.external_id, fetched.state)
        assert (told.output_urls, told.error_code) == (fetched.output_urls, fetched.error_code)


def test_cancelling_answers_how_the_job_is(provider: str, reach, job: JobRequest, serve: MakeServer) -> None:
    fixture = recorded(provider, "cancelled")
    asked = recorded(provider, "cancelling") if provider in ONLY_ASKS else fixture
    server = serve(*plays(asked))
    state = reach(server.origin).cancel(ref(id_in(fixture), job)).state
    assert state is (JobState.RUNNING if provider in ONLY_ASKS else JobState.CANCELLED)
    assert len(server.calls) == 1


def test_nothing_listening_means_not_sent(reach, job: JobRequest) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        address = f"http://127.0.0.1:{closed.getsockname()[1]}"
    with pytest.raises(NotSent):
        reach(address).submit(job)


@pytest.mark.parametrize("behaviour", [hangs_up, answers(500, {}), answers(503, b"<html>"), answers(201, b"<html>")])
def test_no_clear_answer_to_a_submit_is_ambiguous_and_to_anything_else_transient(
    behaviour: Behaviour, reach, job: JobRequest, serve: MakeServer
) -> None:
    server = serve(behaviour)
    adapter = reach(server.origin)
    with pytest.raises(Ambiguous):
        adapter.submit(job)
    assert len(server.calls) == 1
    for ask in (adapter.fetch, adapter.cancel):
        with pytest.raises(Transient):
            ask(ref("abc", job))


@pytest.mark.parametrize("body", [{}, {"id": None}, {"id": 5}, {"id": "../evil"}, {"id": ""}, {"id": "a" * 500}])
def test_an_accepted_submit_without_a_usable_id_is_ambiguous(
    body: dict[str, object], reach, job: JobRequest, serve: MakeServer
) -> None:
    with pytest.raises(Ambiguous):
        reach(serve(answers(201, body)).origin).submit(job)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, Rejected),
        (401, Misconfigured),
        (402, Misconfigured),
        (403, Misconfigured),
        (404, Rejected),
        (413, Rejected),
        (415, Rejected),
        (422, Rejected),
        (429, RateLimited),
    ],
)
@pytest.mark.parametrize("body", [b"", b"<html>", b'{"detail": 5, "title": null}', b"[1]"])
def test_refusals_are_sorted_by_status_whatever_the_body(
    *, status: int, error: type[ProviderError], body: bytes, reach, job: JobRequest, serve: MakeServer
) -> None:
    adapter = reach(serve(answers(status, body)).origin)
    for ask in (lambda: adapter.submit(job), lambda: adapter.fetch(ref("abc", job))):
        with pytest.raises(error) as caught:
            ask()
        assert caught.value.http_status == status


def test_the_token_appears_in_no_message_and_no_repr(
    provider: str, line_to: MakeLine, job: JobRequest, serve: MakeServer
) -> None:
    line = line_to(serve(answers(401, {}), hangs_up).origin)
    adapter = adapter_of(provider, line)
    said = [repr(line), repr(adapter)]
    for _ in range(2):
        with pytest.raises(ProviderError) as caught:
            adapter.submit(job)
        said += [str(caught.value), repr(caught.value), str(caught.value.__cause__)]
    assert all(line.token not in text for text in said)


def test_where_deliveries_are_signed_an_unsigned_one_is_refused(provider: str, line_to: MakeLine) -> None:
    adapter = adapter_of(provider, line_to("https://provider.example", webhook_secrets=(SECRET,)))
    for headers in ({}, {"Content-Type": "application/json"}, {"webhook-id": "a"}):
        with pytest.raises(BadSignature):
            adapter.verify_webhook(headers, b"{}", 0)


@pytest.mark.parametrize("body", UNREADABLE, ids=range(len(UNREADABLE)))
def test_a_delivery_that_makes_no_sense_is_unreadable(provider: str, line_to: MakeLine, body: bytes) -> None:
    with pytest.raises(UnreadableWebhook):
        adapter_of(provider, line_to("https://provider.example")).parse_webhook({}, body)


@pytest.mark.parametrize("external_id", ["", "a/b", "../x", "a?b", "ключ", "a" * 500, "a\nb"])
def test_an_id_that_no_provider_gives_is_not_sent_anywhere(
    external_id: str, reach, job: JobRequest, serve: MakeServer
) -> None:
    server = serve()
    with pytest.raises(ProviderError):
        reach(server.origin).fetch(ref(external_id, job))
    assert server.calls == []


def test_listing_works_or_is_plainly_unsupported(reach, serve: MakeServer) -> None:
    adapter = reach(serve(answers(500, {})).origin)
    with pytest.raises((Unsupported, Transient)):
        list(adapter.list_since(datetime(2026, 11, 22, tzinfo=UTC), ""))


@pytest.mark.parametrize("provider", sorted(ADAPTERS))
def test_adapters_run_without_django(provider: str) -> None:
    module = ADAPTERS[provider].rpartition(".")[0]
    code = f"import sys, {module}; sys.exit(any(name.split('.')[0] == 'django' for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
