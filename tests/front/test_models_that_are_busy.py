"""The list of models says in a word which cannot begin at once, and nothing of those that can."""

import re
from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from providers import catalogue
from providers.models import ProviderHealth, Token
from providers.models.token import State
from providers.pool import memory
from tests.pool import add, replicate
from tests.studio import Sandbox

__all__ = ["replicate"]
HTMX = {"HX-Request": "true"}
# One that replicate alone has, and one that fal has, too.
ALONE, SHARED = "flux-1.1-pro", "flux-schnell"


@pytest.fixture(autouse=True)
def _one_token(replicate: Sandbox, db: None) -> None:
    add("r8_busy_today")


def told(client: Client, model_id: str, goal: str = "image", language: str = "en") -> tuple[str, str] | None:
    """Kind and word beside a model, in the group of a goal."""
    content = client.get("/models/", headers={**HTMX, "Accept-Language": language}).content.decode()
    row = content.partition(f'href="/?model={model_id}&amp;goal={goal}"')[2].partition("</a>")[0]
    assert row
    found = re.search(r'data-health="(\w+)">([^<]+)<', row)
    # What it means stands there, too: a finger and a screen reader come to no title.
    assert bool(found) == bool(re.search(r'<span class="picker-about">[^<]*(in line|в очереди)[^<]*</span>', row))
    return (found[1], found[2]) if found else None


def stop_answering(*endpoints: str, provider: str = "replicate") -> None:
    """The breaker is open there for a minute."""
    for endpoint in endpoints:
        ProviderHealth.objects.create(provider=provider, endpoint=endpoint, open_until=Now() + timedelta(minutes=1))
    memory.forget()


def endpoints_of(model_id: str, provider: str = "replicate") -> list[str]:
    return sorted({one.endpoint for one in catalogue.get(model_id).routes if one.provider == provider})


def test_nothing_is_said_while_all_is_well_and_asking_costs_no_query(
    hers: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    assert (told(hers, ALONE), told(hers, SHARED)) == (None, None)
    with django_assert_num_queries(4):  # session, person, pictures, pins
        assert "data-health" not in hers.get("/models/", headers=HTMX).content.decode()


def test_a_provider_that_does_not_answer_is_told_until_its_pause_is_over(hers: Client) -> None:
    stop_answering(*endpoints_of(ALONE))
    assert told(hers, ALONE) == ("down", "not answering")
    assert told(hers, ALONE, language="ru") == ("down", "не отвечает")
    assert told(hers, "flux-dev") is None
    ProviderHealth.objects.update(open_until=Now() - timedelta(seconds=1))
    memory.forget()
    assert told(hers, ALONE) is None


def test_a_model_with_another_way_is_as_well_as_its_best_way(hers: Client) -> None:
    add("key:secret", provider="fal")
    stop_answering(*endpoints_of(SHARED))
    assert told(hers, SHARED) is None
    stop_answering(*endpoints_of(SHARED, "fal"), provider="fal")
    assert told(hers, SHARED) == ("down", "not answering")


def test_a_provider_whose_tokens_all_rest_is_busy(hers: Client) -> None:
    Token.objects.update(state=State.COOLING, cooldown_until=Now() + timedelta(minutes=1))
    memory.forget()
    assert told(hers, ALONE) == ("busy", "busy")
    assert told(hers, ALONE, language="ru") == ("busy", "занята")
    add("r8_free_today")
    memory.forget()
    assert told(hers, ALONE) is None


def test_what_is_down_for_one_goal_is_well_for_another(hers: Client) -> None:
    add("key:secret", provider="fal")
    model = catalogue.get("flux-2-pro")
    stop_answering(*{one.endpoint for one in model.routes if one.provider == "replicate"})
    stop_answering("fal-ai/flux-2-pro", provider="fal")
    assert told(hers, "flux-2-pro", "image") == ("down", "not answering")
    assert told(hers, "flux-2-pro", "edit") is None
