"""What is sent to fal, to the byte, how its refusals are understood, and where its jobs are asked after."""

import json
from dataclasses import replace

import pytest

from providers.adapters.fal import Fal
from providers.contract import ErrorCode, JobRef, JobRequest, JobState
from providers.errors import ContentRefused, NotFound, OutOfCredit, ProviderError, RateLimited, Rejected, TokenInvalid
from tests.providers.conftest import MakeLine, MakeServer
from tests.providers.recorded import raw, recorded
from tests.providers.server import answers

CALLBACK = "https://studio.example.org/api/webhook/fal/1/key?a=b&c=ж"
RID = "019da052-818d-7270-8173-ad73d46ed108"
KLING = "fal-ai/kling-video/v2.1/pro/image-to-video"


@pytest.fixture
def accepting(serve: MakeServer):
    return serve(answers(200, recorded("fal", "submitted").body))


def test_the_bare_input_goes_to_the_whole_endpoint(accepting, line_to: MakeLine, job: JobRequest) -> None:
    line = line_to(accepting.origin)
    update = Fal(line).submit(replace(job, endpoint=KLING))
    [call] = accepting.calls
    assert (call.method, call.target) == ("POST", f"/{KLING}")
    assert call.json == {"prompt": "a fox", "seed": 7}
    assert call.headers["authorization"] == f"Key {line.token}"
    assert call.headers["x-fal-request-start-timeout"] == call.headers["x-fal-request-timeout"] == "300"
    assert (call.headers["x-fal-no-retry"], call.headers["x-fal-store-io"]) == ("1", "1")
    assert json.loads(call.headers["x-fal-object-lifecycle-preference"]) == {"expiration_duration_seconds": 604_800}
    assert (update.external_id, update.state, update.queue_position) == (RID, JobState.WAITING, 0)


def test_a_callback_is_named_in_the_query(accepting, line_to: MakeLine, job: JobRequest) -> None:
    Fal(line_to(accepting.origin)).submit(replace(job, callback_url=CALLBACK))
    assert accepting.calls[0].target == (
        "/black-forest-labs/flux-dev?fal_webhook=https%3A%2F%2Fstudio.example.org%2Fapi%2Fwebhook%2Ffal%2F1%2Fkey"
        "%3Fa%3Db%26c%3D%D0%B6"
    )


def test_a_seed_larger_than_a_float_can_hold_arrives_as_it_was(accepting, line_to: MakeLine, job: JobRequest) -> None:
    Fal(line_to(accepting.origin)).submit(replace(job, inputs={"seed": 17454220438242315174}))
    assert accepting.calls[0].body == b'{"seed": 17454220438242315174}'


@pytest.mark.parametrize("endpoint", ["", "flux", "../../x", "a/..", "a//b", "a/b?x=1", "a/б", "a /b", "a/b\n", "/a/b"])
def test_an_endpoint_that_is_none_goes_nowhere(endpoint: str, accepting, line_to: MakeLine, job: JobRequest) -> None:
    with pytest.raises(Rejected):
        Fal(line_to(accepting.origin)).submit(replace(job, endpoint=endpoint))
    assert accepting.calls == []


@pytest.mark.parametrize("status", [200, 201, 202])
def test_any_acceptance_with_an_id_will_do(status: int, serve: MakeServer, line_to: MakeLine, job: JobRequest) -> None:
    update = Fal(line_to(serve(answers(status, {"request_id": RID})).origin)).submit(job)
    assert (update.external_id, update.state, update.follow_up) == (RID, JobState.WAITING, {})


def test_addresses_of_this_job_on_the_queue_are_kept_and_used(
    serve: MakeServer, line_to: MakeLine, job: JobRequest
) -> None:
    server = serve()
    base = f"{server.origin}/queue"
    own = {name: f"{base}/any/where/{RID}/{name}" for name in ("status_url", "response_url", "cancel_url")}
    server.behaviours = [answers(200, {"request_id": RID, **own}), answers(202, {"status": "IN_QUEUE"})]
    adapter = Fal(line_to(base))
    update = adapter.submit(job)
    assert update.follow_up == own
    ref = JobRef(external_id=RID, endpoint=job.endpoint, follow_up=update.follow_up)
    adapter.fetch(ref)
    adapter.cancel(ref)
    assert [call.target for call in server.calls[1:]] == [
        f"/queue/any/where/{RID}/status_url",
        f"/queue/any/where/{RID}/cancel_url",
    ]


STRANGE = [
    "https://queue.fal.run.evil.example/a/b/requests/{rid}",
    "{base}.evil.example/a/b/requests/{rid}",
    "{base}@evil.example/a/b/requests/{rid}",
    "{base}/a/b/requests/another",
    "{base}/a/../b/requests/{rid}",
    "{base}/a/b/requests/{rid}?x=1",
    "{base}/a/b/requests/{rid}\n",
    "//evil.example/{rid}",
    "",
]


@pytest.mark.parametrize("strange", STRANGE)
def test_any_other_address_is_built_instead(
    strange: str, serve: MakeServer, line_to: MakeLine, job: JobRequest
) -> None:
    server = serve()
    address = strange.format(rid=RID, base=server.origin)
    names = ("status_url", "response_url", "cancel_url")
    server.behaviours = [answers(200, {"request_id": RID, **dict.fromkeys(names, address)})]
    adapter = Fal(line_to(server.origin))
    assert adapter.submit(job).follow_up == {}
    server.behaviours.append(answers(202, {"status": "IN_QUEUE"}))
    adapter.fetch(JobRef(external_id=RID, endpoint=KLING, follow_up=dict.fromkeys(names, address)))
    assert server.calls[-1].target == f"/fal-ai/kling-video/requests/{RID}/status"


@pytest.mark.parametrize(
    ("endpoint", "app"),
    [
        ("fal-ai/flux/dev", "fal-ai/flux"),
        (KLING, "fal-ai/kling-video"),
        ("fal-ai/nano-banana", "fal-ai/nano-banana"),
        ("workflows/owner/app/path", "workflows/owner/app"),
        ("comfy/owner/app", "comfy/owner/app"),
    ],
)
def test_asking_and_cancelling_drop_the_path(endpoint: str, app: str, serve: MakeServer, line_to: MakeLine) -> None:
    done, result = recorded("fal", "succeeded"), recorded("fal", "succeeded").then[0]
    server = serve(answers(200, done.body), answers(200, result.body), answers(202, {"status": "OK"}))
    adapter, ref = Fal(line_to(server.origin)), JobRef(external_id=done.object["request_id"], endpoint=endpoint)
    adapter.fetch(ref)
    adapter.cancel(ref)
    root = f"/{app}/requests/{ref.external_id}"
    assert [(call.method, call.target) for call in server.calls] == [
        ("GET", f"{root}/status"),
        ("GET", root),
        ("PUT", f"{root}/cancel"),
    ]


@pytest.mark.parametrize(
    ("status", "body"),
    [(202, {"status": "CANCELLATION_REQUESTED"}), (200, {"status": "OK"}), (400, {"status": "ALREADY_COMPLETED"})],
)
def test_a_cancellation_only_asks(
    status: int, body: object, serve: MakeServer, line_to: MakeLine, job: JobRequest
) -> None:
    adapter = Fal(line_to(serve(answers(status, body)).origin))
    assert adapter.cancel(JobRef(external_id=RID, endpoint=job.endpoint)).state is JobState.RUNNING


def test_a_job_that_is_not_there_cannot_be_cancelled(serve: MakeServer, line_to: MakeLine, job: JobRequest) -> None:
    adapter = Fal(line_to(serve(answers(404, {"status": "NOT_FOUND"})).origin))
    with pytest.raises(NotFound):
        adapter.cancel(JobRef(external_id=RID, endpoint=job.endpoint))


def invalid(kind: str, message: str = "no") -> dict[str, object]:
    return {"detail": [{"loc": ["body", "prompt"], "msg": message, "type": kind, "input": {"prompt": "billing"}}]}


EXHAUSTED, ADMIN, TOP_UP = raw("fal", "locked")["bodies"]
REFUSALS: dict[str, tuple[int, object, type[ProviderError], str]] = {
    "bad key": (401, {"detail": "Cannot access application. Authentication is required."}, TokenInvalid, ""),
    "out of balance": (403, EXHAUSTED, OutOfCredit, ""),
    "has to top up": (403, TOP_UP, OutOfCredit, ""),
    "locked by an admin": (403, ADMIN, TokenInvalid, ""),
    "no such app": (404, {"detail": "Application 'flux' not found"}, NotFound, ""),
    "missing prompt": (422, invalid("missing", "Field required"), Rejected, "input_refused"),
    "prompt that speaks of nsfw": (422, invalid("sequence_too_long", "nsfw …"), Rejected, "input_refused"),
    "content": (422, invalid("content_policy_violation"), ContentRefused, "content_refused"),
    "content in words": (422, {"detail": "Rejected by our content policy"}, ContentRefused, "content_refused"),
    "bad request": (400, {"detail": "no", "error_type": "bad_request"}, Rejected, "input_refused"),
    "downstream": (400, invalid("downstream_service_error"), Rejected, "provider_failed"),
    "platform": (400, {"error": {"type": "validation_error", "message": "Invalid"}}, Rejected, "input_refused"),
}


@pytest.mark.parametrize(("status", "body", "error", "code"), REFUSALS.values(), ids=REFUSALS.keys())
def test_every_known_refusal_means_one_thing(
    *,
    status: int,
    body: object,
    error: type[ProviderError],
    code: str,
    serve: MakeServer,
    line_to: MakeLine,
    job: JobRequest,
) -> None:
    server = serve(answers(status, body))
    with pytest.raises(error) as caught:
        Fal(line_to(server.origin)).submit(job)
    assert type(caught.value) is error
    assert caught.value.code == (code or ErrorCode.PROVIDER_FAILED)
    assert len(server.calls) == 1


def test_what_was_typed_is_not_repeated_in_the_message(serve: MakeServer, line_to: MakeLine, job: JobRequest) -> None:
    with pytest.raises(Rejected) as caught:
        Fal(line_to(serve(answers(422, invalid("missing", "Field required"))).origin)).submit(job)
    assert str(caught.value) == "422 prompt: Field required (missing)"


@pytest.mark.parametrize(("header", "seconds"), [("7", 7), ("0", 1), ("999999", 3_600), ("soon", 10), (None, 10)])
def test_a_throttle_says_how_long(
    header: str | None, seconds: float, serve: MakeServer, line_to: MakeLine, job: JobRequest
) -> None:
    headers = {} if header is None else {"Retry-After": header}
    with pytest.raises(RateLimited) as caught:
        Fal(line_to(serve(answers(429, {"detail": "Too many requests"}, headers)).origin)).submit(job)
    assert caught.value.retry_after_seconds == seconds
