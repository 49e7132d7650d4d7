"""bin/manage try_models: what it says, what it ends with, and that it spends nothing unasked."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from generations.trials.planning import plan
from providers import catalogue
from providers.pool import breaker, memory
from tests.studio import Installed


def test_what_is_not_installed_is_listed_as_left_out(
    db: None, installed: Installed, capsys: pytest.CaptureFixture[str]
) -> None:
    installed(are_there=False)
    with pytest.raises(CommandError, match="or it is not installed"):
        call_command("try_models", "--model", "local-style")
    heads, row = capsys.readouterr().out.splitlines()
    assert heads.split()[:3] == ["model", "task", "provider"]
    assert row.split()[:3] == ["local-style", "restyle", "local"]
    assert "left out: its packages are not installed" in row


@pytest.fixture
def real(settings: Any) -> None:
    settings.PROVIDERS = {name: {**own, "token": "secret"} for name, own in settings.PROVIDERS.items()}


def test_at_real_providers_nothing_is_spent_unasked(db: None, real: None) -> None:
    with pytest.raises(CommandError, match=r"would cost about 7 credits .* Nothing was sent\. Say --spend 7"):
        call_command("try_models", "--model", "nano-banana-2-lite", "--model", "flux-schnell", "--provider", "google")
    assert not User.objects.exists()


def test_a_model_that_is_not_on_offer_is_named(db: None, real: None) -> None:
    with pytest.raises(CommandError, match="no such model on offer: nobody"):
        call_command("try_models", "--model", "nobody")


def test_a_provider_that_is_off_leaves_nothing_to_try(db: None, settings: Any) -> None:
    settings.SANDBOX_URL, settings.LOCAL_WORK = "", False
    with pytest.raises(CommandError, match="No model is left to try"):
        call_command("try_models")


def test_a_studio_that_does_not_run_is_a_sentence(db: None, settings: Any, sandbox: Any) -> None:
    settings.PUBLIC_URL = "http://127.0.0.1:9"
    with pytest.raises(CommandError, match=r"does not answer\. Start the studio with bin/run"):
        call_command("try_models", "--model", "flux-schnell")


def test_the_operators_order_of_routes_is_kept(db: None, settings: Any) -> None:
    model = catalogue.get("flux-dev")
    first, second = (route.provider for route in model.routes[:2])
    settings.ROUTE_ORDER = "health"
    assert plan([model])[0].provider == first
    breaker.note(first, model.routes[0].endpoint, is_failure=True)
    memory.forget()
    assert plan([model])[0].provider == second
