"""The npm package `@higgsfield/client`, pointed at the sandbox by its baseURL and nothing else."""

import base64

import requests

from tests.clients.conftest import RunJs
from tests.sandbox.running import Receiver, RunningSandbox, eventually
from tests.sandbox.test_higgsfield_requests import png

ERRORS = {
    "401": "AuthenticationError",
    "402": "NotEnoughCreditsError",
    "422": "ValidationError",
    "429=older": "BadInputError",
    "429": "APIError",
    "500": "APIError",
}


def test_the_official_javascript_client_works_unchanged(
    sandbox: RunningSandbox, receiver: Receiver, run_js: RunJs
) -> None:
    base = f"{sandbox.origin}/higgsfield"
    picture = base64.b64encode(png()).decode()
    told = run_js("higgsfield.mjs", BASE_URL=base, HOOK=receiver.url, PICTURE=picture)
    assert len(set(told["pictures"])) == 4
    assert all(address.startswith(f"{base}/outputs/") for address in told["pictures"])
    assert (told["fresh"]["status"], told["nsfw"], told["failed"]) == ("queued", "nsfw", "out of paint")
    assert told["errors"] == ERRORS
    assert requests.get(told["address"], timeout=10).content == png()
    assert told["film"]["type"] == "video"
    assert requests.get(told["film"]["url"], timeout=10).headers["content-type"] == "video/mp4"
    assert (told["set"], told["struck"], told["trained"], told["listed"]) == (4, True, True, ["face"])
    assert len(told["motions"]) > 3 < len(told["styles"])
    eventually(lambda: len(receiver.received) == 2)
    by_word = {one.headers.get("x-webhook-secret-key"): one.body for one in receiver.received}
    assert told["fresh"]["request_id"] in by_word[None]
    assert by_word.keys() == {None, "my word"}
