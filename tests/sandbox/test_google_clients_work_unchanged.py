"""Google's official Python client runs its calls against the sandbox, and refuses what it should refuse."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from google import genai
from google.genai import errors, types
from PIL import Image

from tests.sandbox.running import RunningSandbox, eventually

IMAGE, TEXT, OMNI = "gemini-3.1-flash-image", "gemini-3.7-flash", "gemini-omni-1.1-flash"


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    running = RunningSandbox(tmp_path_factory.mktemp("sandbox"), speed=0)
    try:
        running.start()
        yield running
    finally:
        running.end()


@pytest.fixture(params=["v1", "v1beta"])
def client(request: pytest.FixtureRequest, sandbox: RunningSandbox) -> Iterator[Any]:
    options = types.HttpOptions(base_url=f"{sandbox.origin}/google", api_version=request.param)
    with genai.Client(api_key="sandbox", http_options=options) as made:
        yield made


def picture_in(answer: Any) -> Image.Image:
    [part] = [part for part in answer.candidates[0].content.parts if part.inline_data]
    return Image.open(io.BytesIO(part.inline_data.data))


def drawing(size: str, ratio: str | None = None) -> types.GenerateContentConfig:
    shape = types.ImageConfig(aspect_ratio=ratio, image_size=size)
    return types.GenerateContentConfig(response_modalities=["IMAGE"], image_config=shape)


def test_text_whole_and_streamed(client: Any) -> None:
    whole = client.models.generate_content(model=TEXT, contents="tell me of the sea")
    pieces = list(client.models.generate_content_stream(model=TEXT, contents="tell me of the sea"))
    assert "tell me of the sea" in whole.text
    assert "".join(piece.text for piece in pieces) == whole.text
    assert pieces[-1].candidates[0].finish_reason == types.FinishReason.STOP


def test_a_picture_and_an_edit_that_goes_on_with_it(client: Any) -> None:
    first = client.models.generate_content(model=IMAGE, contents="a red boat", config=drawing("512", "3:2"))
    assert picture_in(first).width > picture_in(first).height
    talk = [types.Content(role="user", parts=[types.Part(text="a red boat")]), first.candidates[0].content]
    more = types.Content(role="user", parts=[types.Part(text="make it blue")])
    second = client.models.generate_content(model=IMAGE, contents=[*talk, more])
    assert picture_in(second).size == picture_in(first).size


def test_a_picture_sent_back_without_its_signature_is_refused(client: Any) -> None:
    part = types.Part.from_bytes(data=b"x", mime_type="image/png")
    talk = [
        types.Content(role="user", parts=[types.Part(text="a boat")]),
        types.Content(role="model", parts=[part]),
        types.Content(role="user", parts=[types.Part(text="make it blue")]),
    ]
    with pytest.raises(errors.ClientError, match="thought_signature"):
        client.models.generate_content(model=IMAGE, contents=talk)


def test_a_streamed_picture_is_one_huge_frame(client: Any) -> None:
    [piece] = list(client.models.generate_content_stream(model=IMAGE, contents="a castle", config=drawing("1K")))
    assert picture_in(piece).width == 1024


def test_files_are_uploaded_used_and_deleted(client: Any, tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.new("RGB", (320, 200), "red").save(path)
    file = client.files.upload(file=path)
    assert (file.state, client.files.get(name=file.name).mime_type) == (types.FileState.ACTIVE, "image/png")
    answer = client.models.generate_content(model=IMAGE, contents=[file, "make it blue"])
    assert picture_in(answer).size == (320, 200)
    client.files.delete(name=file.name)
    with pytest.raises(errors.ClientError):
        client.files.get(name=file.name)


def test_a_block_is_an_answer(client: Any) -> None:
    answer = client.models.generate_content(model=IMAGE, contents="a storm [[refuse]]")
    assert answer.candidates is None
    assert answer.prompt_feedback.block_reason == types.BlockedReason.PROHIBITED_CONTENT
    empty = client.models.generate_content(model=IMAGE, contents="a storm [[empty]]")
    assert empty.candidates[0].finish_reason == types.FinishReason.NO_IMAGE


def test_an_interaction_is_followed_to_its_film(client: Any) -> None:
    made = client.interactions.create(
        model=OMNI,
        input=[{"type": "text", "text": "a kite"}],
        background=True,
        response_format={"type": "video", "resolution": "360p", "duration": "3s", "delivery": "inline"},
        generation_config={"video_config": {"task": "text_to_video"}},
    )
    assert made.status == "queued"
    done = eventually(lambda: (found := client.interactions.get(made.id)).status == "completed" and found, 40)
    [output] = [step for step in done.steps if step.type == "model_output"]
    assert output.content[0].mime_type == "video/mp4"
    slow = client.interactions.create(model=OMNI, input="a kite [[slow=60]]", background=True)
    assert client.interactions.cancel(slow.id).status == "cancelled"


def test_the_client_hears_of_retired_models_and_throttles(client: Any) -> None:
    with pytest.raises(errors.ClientError) as caught:
        client.models.generate_content(model="gemini-1.5-pro", contents="x")
    assert caught.value.code == 404
    with pytest.raises(errors.ClientError) as caught:
        client.models.generate_content(model=TEXT, contents="x [[429]]")
    assert (caught.value.code, caught.value.status) == (429, "RESOURCE_EXHAUSTED")


@pytest.fixture
def post(sandbox: RunningSandbox):
    def send(path: str, body: object, key: str = "sandbox") -> requests.Response:
        address = f"{sandbox.origin}/google/{path}"
        return requests.post(address, json=body, headers={"x-goog-api-key": key} if key else {}, timeout=30)

    return send


CONTENTS = [{"parts": [{"text": "hi"}]}]
WRONG: dict[str, tuple[str, object]] = {
    "nothing": (f"models/{TEXT}:generateContent", {}),
    "a list": (f"models/{TEXT}:generateContent", []),
    "no contents": (f"models/{TEXT}:generateContent", {"contents": []}),
    "a field nobody knows": (f"models/{TEXT}:generateContent", {"contents": CONTENTS, "colour": 1}),
    "a role nobody has": (f"models/{TEXT}:generateContent", {"contents": [{"role": "system", **CONTENTS[0]}]}),
    "the model speaks last": (f"models/{TEXT}:generateContent", {"contents": [{"role": "model", **CONTENTS[0]}]}),
    "a ratio nobody has": (
        f"models/{IMAGE}:generateContent",
        {"contents": CONTENTS, "generationConfig": {"imageConfig": {"aspectRatio": "7:5"}}},
    ),
    "no base64": (
        f"models/{IMAGE}:generateContent",
        {"contents": [{"parts": [{"inline_data": {"mime_type": "image/png", "data": "?"}}]}]},
    ),
    "no picture": (
        f"models/{IMAGE}:generateContent",
        {"contents": [{"parts": [{"inlineData": {"mime_type": "image/png", "data": "aGk="}}]}]},
    ),
    "camelCase where snakes live": ("interactions", {"model": OMNI, "input": "x", "responseFormat": {}}),
    "too long": (
        "interactions",
        {"model": OMNI, "input": "x", "response_format": {"type": "video", "duration": "60s"}},
    ),
    "a number of seconds": (
        "interactions",
        {"model": OMNI, "input": "x", "response_format": {"type": "video", "duration": 8}},
    ),
    "a webhook in the foreground": (
        "interactions",
        {"model": OMNI, "input": "x", "webhook_config": {"uris": ["https://x.example"]}},
    ),
    "a webhook that is readable by anybody": (
        "interactions",
        {"model": OMNI, "input": "x", "background": True, "webhook_config": {"uris": ["http://x.example"]}},
    ),
    "an edit of nothing": (
        "interactions",
        {"model": OMNI, "input": "x", "generation_config": {"video_config": {"task": "edit"}}},
    ),
    "five samples": (
        "models/imagen-4.0-generate-001:predict",
        {"instances": [{"prompt": "x"}], "parameters": {"sampleCount": 5}},
    ),
}


@pytest.mark.parametrize("version", ["v1", "v1beta"])
@pytest.mark.parametrize(("path", "body"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_body_is_refused_with_a_sentence(path: str, body: object, version: str, post: Any) -> None:
    answer = post(f"{version}/{path}", body)
    assert (answer.status_code, answer.json()["error"]["status"]) == (400, "INVALID_ARGUMENT")
    assert answer.json()["error"]["message"]


def test_refusals_on_a_streams_address_call_themselves_streams(post: Any) -> None:
    for path, key, status in (
        ("v1/models/gemini-1.5-pro:streamGenerateContent?alt=sse", "sandbox", 404),
        (f"v1/models/{TEXT}:streamGenerateContent?alt=sse", "wrong", 400),
        (f"v1/models/{TEXT}:streamGenerateContent?alt=sse", "", 403),
    ):
        answer = post(path, {"contents": CONTENTS}, key)
        assert (answer.status_code, answer.headers["content-type"]) == (status, "text/event-stream")
        assert answer.json()["error"]["code"] == status


def test_a_streams_lines_end_as_recorded_and_without_sse_it_is_a_list(post: Any) -> None:
    answer = post(f"v1/models/{TEXT}:streamGenerateContent?alt=sse", {"contents": CONTENTS})
    assert answer.content.startswith(b"data: {")
    assert answer.content.endswith(b"}\r\n\r\n")
    assert "[DONE]" not in answer.text
    frames = post(f"v1/models/{TEXT}:streamGenerateContent", {"contents": CONTENTS}).json()
    assert [("finishReason" in frame["candidates"][0]) for frame in frames] == [False] * (len(frames) - 1) + [True]


def test_what_was_not_stored_has_no_id(post: Any) -> None:
    body = {
        "model": OMNI,
        "input": "x",
        "store": False,
        "response_format": {"type": "video", "duration": "3s", "resolution": "360p"},
    }
    shown = post("v1beta/interactions", body).json()
    assert "id" not in shown
    assert shown["steps"][-1]["content"][0]["data"]


def test_every_call_is_in_the_journal_once(sandbox: RunningSandbox, post: Any) -> None:
    post(f"v1/models/{IMAGE}:generateContent", {"contents": [{"parts": [{"text": "a journal of one"}]}]})
    [job] = sandbox.journal("a journal of one")
    assert (job["provider"], job["endpoint"], job["state"]) == ("google", IMAGE, "succeeded")
