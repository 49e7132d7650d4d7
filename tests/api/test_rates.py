"""How often somebody may ask, and how they are told."""

from typing import Any

import pytest
from django.test import Client

from providers import catalogue
from tests.api.cases import CREATE, LIST, Scene, asks, everything, is_a_sentence, with_params
from tests.conftest import ApiClient

NAMES = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")


def rate(answer: Any) -> list[int]:
    return [int(answer.headers[name]) for name in NAMES]


def test_every_answer_says_how_much_is_left(scene: Scene) -> None:
    """Windows of a day, so that none ends while the test runs."""
    scene.settings.RATE_LIMITS = {"api": "3/d"}
    answers = [scene.client.get(LIST) for _ in range(3)]
    assert [rate(answer)[:2] for answer in answers] == [[3, 2], [3, 1], [3, 0]]
    assert all(0 < rate(answer)[2] <= 86_400 for answer in answers)
    assert not any("Retry-After" in answer.headers for answer in answers)


def test_one_too_many_is_429_with_when_to_come_again(scene: Scene) -> None:
    scene.settings.RATE_LIMITS = {"api": "1/d"}
    scene.client.get(LIST)
    before = everything()
    answer = scene.client.send(CREATE, {"model": "flux-schnell", "prompt": "too soon"})
    body = answer.json()
    assert (answer.status_code, set(body), body["code"]) == (429, {"error", "code"}, "rate_limited")
    assert is_a_sentence(body["error"])
    assert rate(answer)[:2] == [1, 0]
    assert answer.headers["Retry-After"] == answer.headers["X-RateLimit-Reset"]
    assert everything() == before


def test_each_person_has_a_count_of_their_own_by_key_and_session_together(scene: Scene) -> None:
    scene.settings.RATE_LIMITS = {"api": "2/d"}
    browser, second_key = Client(), ApiClient(scene.alice)
    browser.force_login(scene.alice)
    assert [client.get(LIST).status_code for client in (scene.client, browser, second_key)] == [200, 200, 429]
    assert ApiClient(scene.make_person("bob")).get(LIST).status_code == 200


def test_a_model_has_a_rate_of_its_own(scene: Scene) -> None:
    """Refused wishes count too: asking is what is limited. Twice the rate, because a minute may end meanwhile."""
    model = catalogue.get("flux-schnell")
    statuses = []
    for _ in range(2 * model.rate_per_minute + 1):
        answer = scene.client.generic("POST", CREATE, with_params(seed=-1), "application/json")
        statuses.append(answer.status_code)
        if answer.status_code == 429:
            break
    assert statuses[-1] == 429
    assert set(statuses[:-1]) == {400}
    assert len(statuses) > model.rate_per_minute
    assert (answer.json()["code"], rate(answer)[:2]) == ("rate_limited", [model.rate_per_minute, 0])
    assert scene.client.generic("POST", CREATE, asks(model="flux-dev"), "application/json").status_code == 201


@pytest.mark.parametrize("path", ["/api/models/list", "/api/health", "/api/health/live", "/api/nowhere"])
def test_what_is_for_everybody_counts_nobody(path: str, scene: Scene) -> None:
    scene.settings.RATE_LIMITS = {"api": "1/d"}
    assert {scene.client.get(path).status_code for _ in range(3)} <= {200, 404}
    assert scene.client.get(LIST).status_code == 200
