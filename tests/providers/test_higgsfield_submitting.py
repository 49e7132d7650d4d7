"""What is sent to Higgsfield, to the byte, to which of its two addresses, and how its refusals are understood."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from providers.adapters.higgsfield import Higgsfield
from providers.adapters.higgsfield_deliveries import old_word
from providers.contract import ErrorCode, InputFile, JobRef, JobRequest, JobState
from providers.errors import (
    Ambiguous,
    ContentRefused,
    NotFound,
    OutOfCredit,
    ProviderError,
    RateLimited,
    Rejected,
    TokenInvalid,
    Transient,
    Unsupported,
)
from tests.providers.conftest import MakeLine, MakeServer
from tests.providers.recorded import Recorded, recorded
from tests.providers.server import Behaviour, answers
from tests.providers.signing import SECRET

CALLBACK = "https://studio.example.org/api/webhook/higgsfield/1/key"
DOP = "v1/image2video/dop"
SUBMITTED = recorded("higgsfield", "submitted")
JOB_SET = recorded("higgsfield", "job_set")
ID = str(SUBMITTED.object["request_id"])
HERE = JobRef(external_id=ID)


def plays(one: Recorded) -> Behaviour:
    return answers(one.status, one.body, one.headers)


def test_a_model_is_called_by_its_name_with_bare_parameters(
    serve: MakeServer, line_to: MakeLine, job: JobRequest
) -> None:
    server = serve(plays(SUBMITTED))
    asked = replace(job, endpoint="kling-video/v3.0/pro/image-to-video", callback_url=CALLBACK)
    update = Higgsfield(line_to(server.origin, token="id:secret")).submit(asked)
    [call] = server.calls
    parts = urlsplit(call.target)
    assert (call.method, parts.path) == ("POST", "/kling-video/v3.0/pro/image-to-video")
    assert parse_qs(parts.query) == {"hf_webhook": [CALLBACK]}
    assert call.json == {"prompt": "a fox", "seed": 7}
    assert call.headers["authorization"] == "Key id:secret"
    assert call.headers["idempotency-key"] == "key-1"
    assert (update.external_id, update.state, update.follow_up) == (ID, JobState.WAITING, {})


def test_without_a_callback_none_is_asked_for(serve: MakeServer, line_to: MakeLine, job: JobRequest) -> None:
    server = serve(plays(SUBMITTED))
    Higgsfield(line_to(server.origin)).submit(job)
    assert server.calls[0].target == "/black-forest-labs/flux-dev"


@pytest.mark.parametrize("endpoint", ["", "soul", "../../x", "a/..", "a/b?x=1", "a/\u0431", "a /b", "a/b\n", "/a/b"])
def test_an_endpoint_that_is_no_model_goes_nowhere(
    endpoint: str, serve: MakeServer, line_to: MakeLine, job: JobRequest
) -> None:
    server = serve()
    with pytest.raises(Rejected):
        Higgsfield(line_to(server.origin)).submit(replace(job, endpoint=endpoint))
    assert server.calls == []


def test_the_same_key_may_be_sent_again_except_to_the_old_api(line_to: MakeLine) -> None:
    adapter = Higgsfield(line_to("https://api.example.org"))
    assert adapter.traits("higgsfield-ai/soul/standard").is_idempotent
    assert not adapter.traits(DOP).is_idempotent
    assert adapter.traits("").gives_up_on_4xx


@pytest.mark.parametrize("secrets", [(), (SECRET,)])
def test_the_old_api_has_its_own_headers_body_and_object(
    secrets: tuple[str, ...], serve: MakeServer, line_to: MakeLine, job: JobRequest
) -> None:
    server = serve(plays(JOB_SET))
    adapter = Higgsfield(line_to(server.origin, token="id:se:cret", webhook_secrets=secrets))
    update = adapter.submit(replace(job, endpoint=DOP, callback_url=CALLBACK))
    again = adapter.fetch(JobRef(external_id=update.external_id, endpoint=DOP))
    assert again == update
    submitted, fetched = server.calls
    assert submitted.target == f"/{DOP}"
    word = {"secret": old_word(SECRET)} if secrets else {}
    assert submitted.json == {"params": {"prompt": "a fox", "seed": 7}, "webhook": {"url": CALLBACK} | word}
    assert fetched.target == f"/v1/job-sets/{update.external_id}"
    for call in server.calls:
        assert (call.headers["hf-api-key"], call.headers["hf-secret"]) == ("id", "se:cret")
        assert "authorization" not in call.headers
    with pytest.raises(Unsupported):
        adapter.cancel(JobRef(external_id=update.external_id, endpoint=DOP))


def test_a_job_is_asked_for_where_it_says_it_lives_if_the_settings_know_the_place(
    serve: MakeServer, line_to: MakeLine, job: JobRequest
) -> None:
    other = serve(plays(SUBMITTED))
    first = serve(answers(200, SUBMITTED.object | {"status_url": f"{other.origin}/requests/{ID}/status"}))
    line = line_to(first.origin, options={"other_base_url": other.origin})
    update = Higgsfield(line).submit(job)
    assert update.follow_up == {"home": other.origin}
    Higgsfield(line).fetch(JobRef(external_id=ID, follow_up=update.follow_up))
    assert [call.target for call in other.calls] == [f"/requests/{ID}/status"]
    assert other.calls[0].headers["authorization"] == f"Key {line.token}"
    # Taken out of the settings since: back to the first address.
    Higgsfield(line_to(first.origin)).fetch(JobRef(external_id=ID, follow_up=update.follow_up))
    assert (len(first.calls), len(other.calls)) == (2, 1)


@pytest.mark.parametrize("path", ["/requests/other/status", "/requests/{id}/status?x=1", "/x/requests/{id}/status"])
def test_the_key_goes_to_no_address_but_the_two(
    path: str, serve: MakeServer, line_to: MakeLine, job: JobRequest
) -> None:
    stranger, other = serve(), serve()
    for origin, tail in ((stranger.origin, "/requests/{id}/status"), (other.origin, path)):
        server = serve(answers(200, SUBMITTED.object | {"status_url": origin + tail.replace("{id}", ID)}))
        adapter = Higgsfield(line_to(server.origin, options={"other_base_url": other.origin}))
        update = adapter.submit(job)
        assert update.follow_up == {}
        adapter.fetch(JobRef(external_id=ID, follow_up={"home": stranger.origin}))
        assert [call.target for call in server.calls][1:] == [f"/requests/{ID}/status"]
    assert stranger.calls == other.calls == []


def test_a_cancel_without_a_body_is_followed_by_a_look(serve: MakeServer, line_to: MakeLine) -> None:
    server = serve(answers(202, b""), plays(recorded("higgsfield", "cancelled")))
    assert Higgsfield(line_to(server.origin)).cancel(HERE).state is JobState.CANCELLED
    assert [(call.method, call.target) for call in server.calls] == [
        ("POST", f"/requests/{ID}/cancel"),
        ("GET", f"/requests/{ID}/status"),
    ]


def test_a_cancel_that_comes_too_late_answers_how_the_job_is(serve: MakeServer, line_to: MakeLine) -> None:
    server = serve(answers(400, {"detail": "already started"}), plays(recorded("higgsfield", "running")))
    assert Higgsfield(line_to(server.origin)).cancel(HERE).state is JobState.RUNNING


@pytest.mark.parametrize(("status", "error"), [(404, NotFound), (401, TokenInvalid), (429, RateLimited)])
def test_any_other_refusal_of_a_cancel_stands(
    status: int, error: type[ProviderError], serve: MakeServer, line_to: MakeLine
) -> None:
    server = serve(answers(status, {"detail": "no"}))
    with pytest.raises(error):
        Higgsfield(line_to(server.origin)).cancel(HERE)
    assert len(server.calls) == 1


def test_an_empty_answer_to_anything_but_a_cancel_is_none(
    serve: MakeServer, line_to: MakeLine, job: JobRequest
) -> None:
    adapter = Higgsfield(line_to(serve(answers(202, b"")).origin))
    with pytest.raises(Transient):
        adapter.fetch(HERE)
    with pytest.raises(Ambiguous):
        adapter.submit(job)


def test_an_answer_about_another_job_is_no_answer(serve: MakeServer, line_to: MakeLine) -> None:
    with pytest.raises(Transient):
        Higgsfield(line_to(serve(plays(SUBMITTED)).origin)).fetch(JobRef(external_id="another"))


@pytest.fixture
def picture(tmp_path: Path) -> InputFile:
    path = tmp_path / "a.png"
    path.write_bytes(b"\x89PNG and so on")
    return InputFile(path=path, content_type="image/png", size_bytes=14, name="a.png")


def test_a_file_is_put_at_the_address_given_without_the_key(
    picture: InputFile, serve: MakeServer, line_to: MakeLine
) -> None:
    store = serve(answers(200, b""))
    offer = {
        "upload_url": f"{store.origin}/bucket/u.png?signature=x",
        "public_url": "https://cdn.example.org/u.png",
        "upload_headers": {"content-type": "image/png", "x-amz-tagging": "ttl=7d", "x-odd": 5},
    }
    server = serve(answers(200, offer))
    uploaded = Higgsfield(line_to(server.origin)).upload(picture)
    assert uploaded.reference == "https://cdn.example.org/u.png"
    [asked] = server.calls
    assert (asked.method, asked.target) == ("POST", "/files/generate-upload-url")
    assert asked.json == {"content_type": "image/png"}
    [put] = store.calls
    assert (put.method, put.target, put.body) == ("PUT", "/bucket/u.png?signature=x", b"\x89PNG and so on")
    assert (put.headers["content-type"], put.headers["x-amz-tagging"]) == ("image/png", "ttl=7d")
    assert "authorization" not in put.headers
    assert "x-odd" not in put.headers


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (answers(200, {}), Transient),
        (answers(200, {"upload_url": 5, "public_url": "https://a.b/c"}), Transient),
        (answers(415, {"detail": "Unsupported content type"}), Rejected),
        (answers(401, {"detail": "Invalid credentials"}), TokenInvalid),
        (answers(503, {}), Transient),
    ],
)
def test_an_upload_that_is_not_offered_is_sorted(
    answer: Behaviour, error: type[ProviderError], picture: InputFile, serve: MakeServer, line_to: MakeLine
) -> None:
    with pytest.raises(error):
        Higgsfield(line_to(serve(answer).origin)).upload(picture)


LIST = [{"loc": ["body", "seed"], "msg": "Input should be less than or equal to 1000000", "input": "my secret wish"}]
REFUSALS: dict[str, tuple[int, object, type[ProviderError], str]] = {
    "bad key": (401, {"detail": "Invalid credentials"}, TokenInvalid, ErrorCode.PROVIDER_FAILED),
    "no credit": (403, {"detail": "Not enough credits"}, OutOfCredit, ErrorCode.PROVIDER_FAILED),
    "no such model": (404, {"detail": "Not found"}, NotFound, ErrorCode.PROVIDER_FAILED),
    "full, as it was": (400, recorded("higgsfield", "too_many_before").object, RateLimited, ""),
    "full, as it is": (429, recorded("higgsfield", "queue_full").object, RateLimited, ""),
    "bad input": (422, {"detail": LIST}, Rejected, ErrorCode.INPUT_REFUSED),
    "bad input that speaks of keys": (422, {"detail": [{"loc": ["body"], "msg": "idempotent"}]}, Rejected, ""),
    "key used before": (422, {"detail": "Idempotency-Key was used with other parameters"}, Ambiguous, ""),
    "key in use": (409, {"detail": "in progress"}, Ambiguous, ""),
    "content": (400, {"detail": "Blocked by moderation"}, ContentRefused, ErrorCode.CONTENT_REFUSED),
    "anything else": (400, {"message": "no"}, Rejected, ErrorCode.INPUT_REFUSED),
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
        Higgsfield(line_to(server.origin)).submit(job)
    assert type(caught.value) is error
    assert not code or caught.value.code == code
    assert caught.value.http_status == status
    assert len(server.calls) == 1


def test_a_list_of_problems_becomes_a_sentence_without_what_the_person_wrote(
    serve: MakeServer, line_to: MakeLine, job: JobRequest
) -> None:
    with pytest.raises(Rejected) as caught:
        Higgsfield(line_to(serve(answers(422, {"detail": [*LIST, "odd", {"msg": None}]})).origin)).submit(job)
    assert "body.seed: Input should be less than or equal to 1000000; odd" in str(caught.value)
    assert "my secret wish" not in str(caught.value)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        (recorded("higgsfield", "queue_full").headers, 12),
        ({}, 10),
        ({"Retry-After": "0"}, 1),
        ({"Retry-After": "9" * 9}, 3600),
    ],
)
def test_a_full_queue_says_how_long(
    headers: dict[str, str], seconds: float, serve: MakeServer, line_to: MakeLine, job: JobRequest
) -> None:
    with pytest.raises(RateLimited) as caught:
        Higgsfield(line_to(serve(answers(429, {"code": "account_queue_full"}, headers)).origin)).submit(job)
    assert caught.value.retry_after_seconds == seconds


def test_there_is_no_list(line_to: MakeLine) -> None:
    with pytest.raises(Unsupported):
        Higgsfield(line_to("https://api.example.org")).list_since(datetime(2026, 11, 22, tzinfo=UTC), "")
