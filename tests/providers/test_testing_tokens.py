"""Asking a provider, free of charge, whether it accepts a token: what is asked, and what the answers mean."""

from collections.abc import Callable
from typing import Any

import pytest

from providers.adapters.fal import Fal
from providers.adapters.google import Google
from providers.adapters.higgsfield import Higgsfield
from providers.adapters.replicate import Replicate
from providers.contract import Line
from providers.errors import OutOfCredit, ProviderError, RateLimited, TokenInvalid, Transient, Unsupported
from tests.providers.conftest import MakeLine, MakeServer
from tests.providers.recorded import recorded
from tests.providers.server import answers
from tests.sandbox.running import RunningSandbox

Speaker = Callable[[str], Any]
TOKENS = {"replicate": "r8_checked", "fal": "checked:secret", "higgsfield": "checked:secret", "google": "AIzaChecked"}


@pytest.fixture(params=TOKENS)
def provider(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def speaking_as(provider: str, quick_sandbox: RunningSandbox) -> Speaker:
    """An adapter to the sandbox's face of this provider, with that token."""
    face = f"{quick_sandbox.origin}/{provider}"

    def make(token: str) -> Any:
        if provider == "fal":
            return Fal(Line(base_url=f"{face}/queue", token=token, options={"api_url": f"{face}/api/v1"}))
        if provider == "google":
            return Google(Line(base_url=face, token=token))
        if provider == "higgsfield":
            return Higgsfield(Line(base_url=face, token=token))
        return Replicate(Line(base_url=f"{face}/v1", token=token))

    return make


def jobs(sandbox: RunningSandbox) -> int:
    return len(sandbox.http.get(f"{sandbox.origin}/control/journal").json()["jobs"])


def test_an_accepted_token_is_told_by_silence_and_no_job_is_made(
    provider: str, speaking_as: Speaker, quick_sandbox: RunningSandbox
) -> None:
    before = jobs(quick_sandbox)
    assert speaking_as(TOKENS[provider]).check() is None
    assert jobs(quick_sandbox) == before


@pytest.mark.parametrize(("fault", "error"), [("401", TokenInvalid), ("402", OutOfCredit), ("429", RateLimited)])
def test_a_refusal_says_what_is_wrong_with_it(
    fault: str, error: type[ProviderError], provider: str, speaking_as: Speaker, quick_sandbox: RunningSandbox
) -> None:
    own = {"token": TOKENS[provider], "fault": fault}
    assert quick_sandbox.http.post(f"{quick_sandbox.origin}/control/tokens", json=own).status_code == 201
    with pytest.raises(error):
        speaking_as(TOKENS[provider]).check()
    quick_sandbox.http.post(f"{quick_sandbox.origin}/control/tokens", json=own | {"fault": None})


def test_a_token_of_another_form_is_refused(speaking_as: Speaker) -> None:
    with pytest.raises(TokenInvalid):
        speaking_as("no-token").check()


def test_fal_is_asked_for_a_price_at_the_platforms_address(serve: MakeServer, line_to: MakeLine) -> None:
    told = recorded("fal", "prices")
    server = serve(answers(told.status, told.body, told.headers))
    Fal(line_to("https://queue.example.org", token="id:secret", options={"api_url": f"{server.origin}/v1"})).check()
    [call] = server.calls
    assert (call.method, call.target) == ("GET", "/v1/models/pricing?endpoint_id=fal-ai%2Fflux%2Fdev")
    assert call.headers["authorization"] == "Key id:secret"


def test_without_the_platforms_address_fal_has_nothing_free_to_ask(line_to: MakeLine) -> None:
    with pytest.raises(Unsupported):
        Fal(line_to("https://queue.example.org")).check()


def test_google_is_asked_for_the_first_of_its_models(serve: MakeServer, line_to: MakeLine) -> None:
    server = serve(answers(200, {"models": [], "nextPageToken": "two"}))
    Google(line_to(server.origin, token="AIzaAsked")).check()
    [call] = server.calls
    assert (call.method, call.target) == ("GET", "/v1/models?pageSize=1")
    assert call.headers["x-goog-api-key"] == "AIzaAsked"


def test_higgsfield_is_asked_for_a_request_that_nobody_has(serve: MakeServer, line_to: MakeLine) -> None:
    server = serve(answers(404, {"detail": "Not found"}), answers(502, {}))
    adapter = Higgsfield(line_to(server.origin, token="id:secret"))
    adapter.check()
    assert server.calls[0].target == "/requests/00000000-0000-0000-0000-000000000000/status"
    assert server.calls[0].headers["authorization"] == "Key id:secret"
    with pytest.raises(Transient):
        adapter.check()
