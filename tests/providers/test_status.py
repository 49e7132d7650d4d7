"""Which provider is on, whom a token speaks to, and whether a webhook would find us."""

from dataclasses import replace
from typing import Any

import pytest
from django.utils.translation import override

from providers import catalogue, registry, status, tokens
from providers.adapters.replicate import Replicate
from providers.checks import check_catalogue, check_providers, check_webhooks
from providers.local import jobs

OPTIONS = {
    "token": "",
    "base_url": "https://api.replicate.com/v1",
    "webhook_secret": "",
    "sandbox_path": "/replicate/v1",
}
SANDBOX = "http://127.0.0.1:8004"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
REMOTE = tuple(name for name in registry.ADAPTERS if not tokens.works_here(name))
LOCAL: dict[str, Any] = {"token": "", "base_url": "", "webhook_secret": "", "sandbox_path": "", "works_here": True}
SERVED = tuple(
    model
    for model in catalogue.all_models()
    if model.is_enabled and any(route.provider in REMOTE for route in model.routes)
)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _off(settings: Any) -> None:
    settings.EMBEDDED = False
    settings.SANDBOX_URL = ""
    settings.PUBLIC_URL = "https://studio.example.org"
    settings.LOCAL_WORK = False
    settings.PROVIDERS = {name: dict(OPTIONS) for name in REMOTE} | {"local": LOCAL}


@pytest.fixture
def on(settings: Any) -> None:
    for name in REMOTE:
        settings.PROVIDERS[name]["token"] = " r8_secret\n"


@pytest.fixture
def sandbox(settings: Any) -> None:
    settings.EMBEDDED = True
    settings.SANDBOX_URL = SANDBOX


def test_without_a_token_a_provider_is_off_and_its_models_are_hidden() -> None:
    one = status.status_of("replicate")
    assert (one.name, one.mode) == ("replicate", "off")
    assert "REPLICATE_API_TOKEN" in str(one.reason)
    assert tokens.pick("replicate") is None
    assert catalogue.available() == ()
    assert catalogue.get("flux-dev").name


def test_with_a_token_it_is_on(on: None) -> None:
    one = status.status_of("replicate")
    assert (one.mode, one.base_url) == ("on", "https://api.replicate.com/v1")
    assert catalogue.available() == SERVED
    picked = tokens.pick("replicate")
    assert picked is not None
    assert picked.secret == "r8_secret"
    assert picked.label == f"#{picked.token_id} environment"


def test_the_demo_speaks_to_its_sandbox(sandbox: None) -> None:
    one = status.status_of("replicate")
    assert (one.mode, one.base_url) == ("sandbox", f"{SANDBOX}/replicate/v1")
    assert tokens.pick("replicate") == tokens.Credential("sandbox", "sandbox")
    assert catalogue.available() == SERVED


def test_a_token_goes_before_the_sandbox(sandbox: None, on: None) -> None:
    assert status.status_of("replicate").mode == "on"


@pytest.mark.parametrize(("embedded", "address"), [(False, SANDBOX), (True, "")])
def test_a_sandbox_is_for_the_demo_only(embedded: bool, address: str, settings: Any) -> None:
    settings.EMBEDDED, settings.SANDBOX_URL = embedded, address
    assert status.status_of("replicate").mode == "off"


def test_a_job_finds_the_token_it_was_sent_with_or_none(on: None, settings: Any) -> None:
    picked = tokens.pick("replicate")
    assert picked is not None
    # The bare word is what jobs noted before there was a pool.
    assert tokens.by_label("replicate", picked.label) == tokens.by_label("replicate", "environment") == picked
    assert tokens.by_label("replicate", "sandbox") is None
    settings.PROVIDERS["replicate"]["token"] = ""
    assert tokens.by_label("replicate", picked.label) is tokens.by_label("replicate", "environment") is None


def test_a_secret_is_in_no_repr(on: None) -> None:
    credential = tokens.pick("replicate")
    assert credential is not None
    assert "r8_secret" not in f"{credential} {credential!r} {[credential]}"


def line_of(adapter: object) -> Any:
    assert isinstance(adapter, Replicate)
    return adapter._line


def test_each_token_goes_only_where_it_belongs(on: None, sandbox: None, settings: Any) -> None:
    settings.PROVIDERS["replicate"]["webhook_secret"] = SECRET
    real = line_of(registry.connect("replicate", tokens.Credential("environment", "r8_secret")))
    demo = line_of(registry.connect("replicate", tokens.Credential("sandbox", "sandbox")))
    nobody = line_of(registry.connect("replicate", tokens.NOBODY))
    assert (real.base_url, real.token, real.webhook_secrets) == ("https://api.replicate.com/v1", "r8_secret", (SECRET,))
    assert (demo.base_url, demo.token, demo.webhook_secrets) == (f"{SANDBOX}/replicate/v1", "sandbox", ())
    assert (nobody.base_url, nobody.token) == ("https://api.replicate.com/v1", "")
    assert real.connect_timeout_seconds == settings.PROVIDER_CONNECT_TIMEOUT_SECONDS
    assert real.read_timeout_seconds == settings.PROVIDER_READ_TIMEOUT_SECONDS
    assert real.webhook_tolerance_seconds == settings.WEBHOOK_TOLERANCE_SECONDS


def test_the_time_limits_fit_into_the_leases(on: None, settings: Any) -> None:
    line = line_of(registry.connect("replicate", tokens.NOBODY))
    assert line.connect_timeout_seconds + line.fetch_timeout_seconds < settings.POLL_LEASE_SECONDS
    assert line.connect_timeout_seconds + line.read_timeout_seconds < settings.SUBMIT_LEASE_SECONDS


def test_several_webhook_secrets_may_stand_side_by_side(settings: Any) -> None:
    settings.PROVIDERS["replicate"]["webhook_secret"] = f"{SECRET}, whsec_b  whsec_c\n"
    assert registry.webhook_secrets("replicate") == (SECRET, "whsec_b", "whsec_c")


@pytest.mark.parametrize("ask", [tokens.pick, status.status_of])
def test_a_provider_that_is_not_there_is_an_error(ask: Any) -> None:
    with pytest.raises(KeyError):
        ask("nobody")


PUBLIC = ["https://studio.example.org", "https://studio.example.org:8443", "https://8.8.8.8", "https://[2606:4700::1]"]
INNER = ["http://studio.example.org", "https://localhost", "https://127.0.0.1:8000", "https://[::1]", "https://studio"]
INNER += ["https://10.0.0.5", "https://192.168.1.2", "https://172.16.0.1", "https://169.254.1.1", "https://100.64.0.1"]
INNER += ["https://studio.local", "https://studio.internal", "https://a.localhost", "https://b.test", "https://127.1"]
INNER += ["https://STUDIO.LAN.", "https://224.0.0.1", "https://0.0.0.0", "http://127.0.0.1:8000"]


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_https_address_gets_webhooks(address: str, on: None, settings: Any) -> None:
    settings.PUBLIC_URL = address
    assert status.webhooks_can_arrive() == status.webhooks_can_arrive("replicate")
    assert status.webhooks_can_arrive()[0] is True
    assert status.callback_base("replicate") == address


@pytest.mark.parametrize("address", INNER)
def test_any_other_address_gets_none_and_says_why(address: str, on: None, settings: Any) -> None:
    settings.PUBLIC_URL = address
    can_arrive, reason = status.webhooks_can_arrive("replicate")
    assert not can_arrive
    assert address in str(reason)
    assert status.callback_base("replicate") is None


def test_the_sandbox_reaches_any_address(sandbox: None, settings: Any) -> None:
    settings.PUBLIC_URL = "http://127.0.0.1:8000"
    assert status.webhooks_can_arrive("replicate")[0] is True
    assert status.webhooks_can_arrive()[0] is False
    assert status.callback_base("replicate") == "http://127.0.0.1:8000"


def test_the_operator_reads_of_the_ways_in_use_alone(sandbox: None, settings: Any) -> None:
    settings.PUBLIC_URL = "http://127.0.0.1:8000"
    providers = status.describe()
    assert {one.mode for one in providers if one.name != "local"} == {"sandbox"}
    assert [can_arrive for can_arrive, _ in status.webhook_ways(providers)] == [True]
    on = tuple(replace(one, mode="on") for one in providers[:1])
    assert [can_arrive for can_arrive, _ in status.webhook_ways(on + providers[1:])] == [True, False]
    assert [can_arrive for can_arrive, _ in status.webhook_ways(())] == [False]


def problems(*checks: Any) -> list[str]:
    """The ids of what is found; a provider that is not built in is another test's."""
    found = [message.id for check in checks for message in check(app_configs=None, databases=None)]
    return [one for one in found if one != "providers.W003"]


def test_a_provider_that_is_off_is_a_warning_with_the_reason() -> None:
    warnings = check_providers()
    assert [warning.id for warning in warnings] == ["providers.W001"] * len(REMOTE)
    assert [name for name in REMOTE if f"{name.upper()}_API_TOKEN" not in str(warnings)] == []
    assert check_webhooks() == []


def test_the_demo_is_a_remark(sandbox: None, settings: Any) -> None:
    settings.PUBLIC_URL = "http://127.0.0.1:8000"
    assert problems(check_providers, check_webhooks, check_catalogue) == ["providers.I001"] * len(REMOTE)


def test_everything_in_place_says_nothing(on: None, settings: Any) -> None:
    settings.PROVIDERS["replicate"]["webhook_secret"] = SECRET
    assert problems(check_providers, check_webhooks, check_catalogue) == []


@pytest.mark.parametrize(
    "address", ["http://api.replicate.com/v1", "http://10.0.0.1", "ftp://127.0.0.1", "api.replicate.com", ""]
)
def test_a_token_must_not_travel_readable(address: str, on: None, settings: Any) -> None:
    settings.PROVIDERS["replicate"]["base_url"] = address
    assert problems(check_providers) == ["providers.E003"]


def test_nor_to_a_further_address(on: None, settings: Any) -> None:
    settings.PROVIDERS["fal"]["options"] = {"api_url": "http://api.fal.ai/v1", "jwks_url": "https://rest.fal.ai/x"}
    [error] = check_providers()
    assert error.id == "providers.E003"
    assert "FAL_API_URL" in error.msg


@pytest.mark.parametrize("address", ["http://127.0.0.1:9000/v1", "http://localhost:9000", "http://[::1]:9000"])
def test_on_loopback_it_may(address: str, on: None, settings: Any) -> None:
    settings.PROVIDERS["replicate"]["base_url"] = address
    assert problems(check_providers) == []


def test_an_address_that_no_webhook_finds_is_a_warning(on: None, settings: Any) -> None:
    settings.PUBLIC_URL = "http://studio.example.org"
    [warning] = check_webhooks()
    assert warning.id == "providers.W002"
    assert "webhooks cannot arrive" in warning.msg


@pytest.mark.parametrize("secret", ["abc", "whsec_", "whsec_?", f"{SECRET},whsec_short"])
def test_a_malformed_webhook_secret_is_an_error_that_does_not_show_it(secret: str, settings: Any) -> None:
    settings.PROVIDERS["replicate"]["webhook_secret"] = secret
    [error] = check_webhooks()
    assert error.id == "providers.E004"
    assert "REPLICATE_WEBHOOK_SECRET" in error.msg
    assert secret not in error.msg


def test_a_route_to_nowhere_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(registry.ADAPTERS, "replicate")
    warnings = [warning for warning in check_catalogue() if "'replicate'" in warning.msg]
    routes = [route for model in catalogue.all_models() for route in model.routes if route.provider == "replicate"]
    assert [warning.id for warning in warnings] == ["providers.W003"] * len(routes)


def test_this_machine_needs_no_token(settings: Any) -> None:
    assert status.status_of("local").mode == "off"
    assert catalogue.available() == ()
    settings.LOCAL_WORK = True
    one = status.status_of("local")
    assert (one.mode, one.base_url) == ("on", "")
    assert tokens.pick("local") == tokens.Credential("machine", "")
    assert {route.provider for model in catalogue.available() for route in model.routes} == {"local"}
    assert status.callback_base("local") is None
    assert [warning for warning in check_providers() if "local" in warning.msg] == []


@pytest.mark.parametrize("are_there", [True, False])
def test_models_without_their_packages_are_not_offered(are_there: bool, installed: Any, settings: Any) -> None:
    settings.LOCAL_WORK = True
    heavy = {endpoint for endpoint, job in jobs.JOBS.items() if job.packages}
    installed(are_there=are_there)
    offered = {route.endpoint for model in catalogue.available() for route in model.routes}
    assert offered == (set(jobs.JOBS) if are_there else set(jobs.JOBS) - heavy)
    assert catalogue.is_available(catalogue.get("local-style")) is are_there
    assert ("--with-local-models" in str(status.status_of("local").reason)) is not are_there


def test_sentences_are_lazy(on: None) -> None:
    with override("en"):
        one = status.status_of("replicate")
    assert str(one.reason) == "A token is set."
