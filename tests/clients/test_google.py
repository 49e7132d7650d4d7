"""The npm package `@google/genai`, pointed at the sandbox by its baseUrl and nothing else."""

import pytest

from tests.clients.conftest import RunJs
from tests.sandbox.running import RunningSandbox


@pytest.mark.parametrize("version", ["v1", "v1beta"])
def test_the_official_javascript_client_works_unchanged(version: str, sandbox: RunningSandbox, run_js: RunJs) -> None:
    told = run_js("google.mjs", BASE_URL=f"{sandbox.origin}/google", API_VERSION=version)
    assert "tell me of the sea" in told["text"]
    assert told["streamed"] == told["text"]
    assert (told["drawn"], told["edited"], told["again"]) == ("image/jpeg", True, "image/jpeg")
    assert (told["file"], told["gone"]) == ({"state": "ACTIVE", "size": True}, 403)
    assert (told["queued"], told["done"], told["film"]) == ("queued", "completed", "video/mp4")
    assert (told["cancelled"], told["blocked"], told["retired"]) == ("cancelled", "PROHIBITED_CONTENT", 404)
