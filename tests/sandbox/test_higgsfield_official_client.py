"""The `higgsfield_client` package, pointed at the sandbox by its base_url and nothing else."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from higgsfield_client import NSFW, AsyncClient, Cancelled, Completed, Failed, HiggsfieldClientError, SyncClient

from tests.sandbox.higgsfield import KLING, SOUL, Higgsfield
from tests.sandbox.running import Receiver, RunningSandbox, eventually
from tests.sandbox.test_higgsfield_requests import png


@pytest.fixture
def client(sandbox: RunningSandbox) -> Iterator[SyncClient]:
    """Closed at the end, which the client itself never does."""
    client = SyncClient(base_url=f"{sandbox.origin}/higgsfield", api_key="id:secret")
    yield client
    client._client.close()
    client._upload_client.close()


def test_subscribe_returns_what_the_model_makes(client: SyncClient) -> None:
    seen: list[object] = []
    asked: list[str] = []
    result = client.subscribe(SOUL, {"prompt": "a quiet lake"}, on_enqueue=asked.append, on_queue_update=seen.append)
    assert asked == [result["request_id"]]
    assert isinstance(seen[-1], Completed)
    assert httpx.get(result["images"][0]["url"]).content[:4] == b"\x89PNG"


def test_a_file_is_uploaded_and_moved(client: SyncClient, tmp_path: Path) -> None:
    path = tmp_path / "first.png"
    path.write_bytes(png())
    address = client.upload_file(path)
    assert httpx.get(address).content == png()
    result = client.subscribe(KLING, {"prompt": "closer", "image_url": address, "duration": 3})
    assert httpx.get(result["video"]["url"]).content[4:8] == b"ftyp"


@pytest.mark.parametrize(("directive", "status"), [("refuse", NSFW), ("fail", Failed), ("aborted", Cancelled)])
def test_every_end_has_its_class(directive: str, status: type, client: SyncClient) -> None:
    controller = client.submit(SOUL, {"prompt": f"x [[{directive}]]"})
    *_, last = controller.poll_request_status(delay=0.02)
    assert isinstance(last, status)


def test_a_started_request_cannot_be_cancelled(client: SyncClient, sandbox: RunningSandbox) -> None:
    controller = client.submit(SOUL, {"prompt": "slow [[slow=60]]"})
    eventually(lambda: Higgsfield(sandbox).status(controller.request_id)["status"] == "in_progress")
    with pytest.raises(HiggsfieldClientError, match="already started"):
        controller.cancel()


def test_refusals_are_its_own_error(client: SyncClient) -> None:
    with pytest.raises(HiggsfieldClientError, match="Not enough credits"):
        client.submit(SOUL, {"prompt": "x [[402]]"})
    with pytest.raises(HiggsfieldClientError, match="Field required"):
        client.submit(SOUL, {})
    with pytest.raises(HiggsfieldClientError, match="Not Found"):
        client.submit("nobody/nothing", {"prompt": "x"})


def test_it_repeats_a_submit_without_a_key_which_makes_two(client: SyncClient, sandbox: RunningSandbox) -> None:
    """Why the studio does not use it."""
    sandbox.control("faults", match="doubled", fault="accept-500")
    client.submit(SOUL, {"prompt": "doubled"})
    assert len(sandbox.journal("doubled")) == 2


def test_its_webhook_is_called(client: SyncClient, receiver: Receiver) -> None:
    controller = client.submit(SOUL, {"prompt": "call me"}, webhook_url=receiver.url)
    assert controller.request_id in eventually(lambda: receiver.received)[0].body


def test_the_asynchronous_client_does_the_same(sandbox: RunningSandbox) -> None:
    async def run() -> dict[str, object]:
        client = AsyncClient(base_url=f"{sandbox.origin}/higgsfield", api_key="id:secret")
        try:
            controller = await client.submit(SOUL, {"prompt": "a harbour"})
            async for _ in controller.poll_request_status(delay=0.02):
                continue
            result: dict[str, object] = await controller.get()
            return result
        finally:
            await client._client.aclose()

    assert asyncio.run(run())["status"] == "completed"
