"""The `replicate` package, pointed at the sandbox by its base_url and nothing else."""

import asyncio
import io
from pathlib import Path

import httpx
import pytest
from PIL import Image
from replicate.client import Client
from replicate.exceptions import ModelError, ReplicateError
from replicate.pagination import paginate
from replicate.webhook import InvalidSignatureError, Webhooks

from tests.sandbox.running import DEV, PRO, SCHNELL, Receiver, RunningSandbox, eventually

SMALL = {"megapixels": "0.25"}


def test_a_prediction_is_created_by_model_and_awaited(sandbox: RunningSandbox) -> None:
    prediction = sandbox.client().predictions.create(model=SCHNELL, input={"prompt": "a quiet lake"} | SMALL)
    assert prediction.status == "starting"
    prediction.wait()
    assert prediction.status == "succeeded"
    assert prediction.output == [f"{sandbox.origin}/replicate/delivery/{prediction.id}/out-0.webp"]
    assert prediction.progress is not None
    assert prediction.progress.current == 4


def test_a_prediction_is_created_by_version(sandbox: RunningSandbox) -> None:
    client = sandbox.client()
    version = client.models.get(DEV).latest_version
    prediction = client.predictions.create(version=version, input={"prompt": "dunes"} | SMALL)
    assert prediction.version == version.id
    prediction.wait()
    assert prediction.status == "succeeded"


def test_run_returns_what_the_model_makes(sandbox: RunningSandbox) -> None:
    client = sandbox.client()
    several = client.run(SCHNELL, input={"prompt": "hills", "num_outputs": 2} | SMALL)
    single = client.run(PRO, input={"prompt": "hills", "aspect_ratio": "custom", "width": 256, "height": 256})
    assert len(several) == 2
    assert single.read()[:4] == b"RIFF"
    assert single.read() != several[0].read() != several[1].read()


def test_run_takes_a_version_reference(sandbox: RunningSandbox) -> None:
    reference = f"{DEV}:{sandbox.client().models.get(DEV).latest_version.id}"
    (output,) = sandbox.client().run(reference, input={"prompt": "sea"} | SMALL)
    assert output.read()[8:12] == b"WEBP"


def test_run_without_waiting_polls(sandbox: RunningSandbox) -> None:
    (url,) = sandbox.client().run(SCHNELL, input={"prompt": "city"} | SMALL, wait=False)
    assert httpx.get(str(url)).headers["content-type"] == "image/webp"


def test_a_failure_is_the_clients_model_error(sandbox: RunningSandbox) -> None:
    with pytest.raises(ModelError, match="out of paint"):
        sandbox.client().run(SCHNELL, input={"prompt": "a wall [[fail=out of paint]]"})


def test_cancel_ends_it(sandbox: RunningSandbox) -> None:
    prediction = sandbox.client().predictions.create(model=SCHNELL, input={"prompt": "tower [[slow=600]]"})
    prediction.cancel()
    assert prediction.status == "canceled"
    prediction.reload()
    assert prediction.status == "canceled"


def test_pages_are_walked_to_the_end(sandbox: RunningSandbox) -> None:
    made = [sandbox.create(f"page {number} [[slow=600]]").json()["id"] for number in range(203)]
    client = sandbox.client()
    pages = list(paginate(client.predictions.list))
    assert [len(page) for page in pages] == [100, 100, 3]
    assert [prediction.id for page in pages for prediction in page] == made[::-1]
    assert [item.id for item in client.predictions.list(pages[1].previous)] == [item.id for item in pages[0]]


def test_the_asynchronous_half_works_too(sandbox: RunningSandbox) -> None:
    async def run() -> str:
        async with httpx.AsyncHTTPTransport() as transport:
            address = f"{sandbox.origin}/replicate"
            client = Client(api_token="sandbox", base_url=address, transport=transport)
            prediction = await client.predictions.async_create(model=SCHNELL, input={"prompt": "fox"} | SMALL)
            await prediction.async_wait()
            return prediction.status

    assert asyncio.run(run()) == "succeeded"


def test_a_refused_token_is_the_clients_error(sandbox: RunningSandbox) -> None:
    with pytest.raises(ReplicateError, match="valid authentication token"):
        sandbox.client("wrong").accounts.current()
    assert sandbox.client("sandbox").accounts.current().username == "sandbox"


def test_a_delivery_passes_the_clients_own_check_and_a_forged_one_does_not(
    sandbox: RunningSandbox, receiver: Receiver
) -> None:
    client = sandbox.client()
    secret = client.webhooks.default.secret()
    prediction = client.predictions.create(
        model=SCHNELL, input={"prompt": "гора"} | SMALL, webhook=receiver.url, webhook_events_filter=["completed"]
    )
    arrived = eventually(lambda: receiver.received)[0]
    Webhooks.validate(headers=arrived.headers, body=arrived.body, secret=secret, tolerance=60)
    assert f'"id":"{prediction.id}"' in arrived.body
    with pytest.raises(InvalidSignatureError):
        Webhooks.validate(headers=arrived.headers, body=arrived.body + " ", secret=secret, tolerance=60)


def test_a_file_is_uploaded_listed_and_deleted(sandbox: RunningSandbox, tmp_path: Path) -> None:
    client, path = sandbox.client(), tmp_path / "note.txt"
    path.write_bytes(b"hello")
    made = client.files.create(path, metadata={"a": 1})
    assert (made.name, made.size, made.content_type, made.metadata) == ("note.txt", 5, "text/plain", {"a": 1})
    assert client.files.get(made.id).checksums == made.checksums
    assert [file.id for file in client.files.list()] == [made.id]
    assert client.files.delete(made.id) is True
    assert client.files.list() == []


def test_run_uploads_the_files_it_is_given(sandbox: RunningSandbox, tmp_path: Path) -> None:
    path = tmp_path / "photo.png"
    Image.new("RGB", (320, 200), "#408040").save(path)
    client = sandbox.client()
    for options in ({}, {"file_encoding_strategy": "base64"}):
        with path.open("rb") as file:
            (output,) = client.run(DEV, input={"prompt": "at night", "image": file}, **options)
        assert Image.open(io.BytesIO(output.read())).size == (320, 200)
    assert len(client.files.list()) == 1


def test_a_version_tells_its_inputs(sandbox: RunningSandbox) -> None:
    version = sandbox.client().models.get(SCHNELL).versions.list()[0]
    schemas = version.openapi_schema["components"]["schemas"]
    assert schemas["aspect_ratio"]["enum"][:3] == ["1:1", "16:9", "21:9"]
    assert schemas["Input"]["properties"]["num_outputs"]["maximum"] == 4
    assert schemas["Output"]["type"] == "array"
