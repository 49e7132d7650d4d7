"""Good requests at the wrong moment: model off, no credits, line full, person switched off. Cases 19 and 32 to 34."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import ApiKey
from generations.models import Generation
from tests.api.cases import CREATE, LIST, Case, Scene, asks, assert_refused, each, with_params
from tests.conftest import ApiClient
from tests.studio import Sandbox, step

RETRY = "/api/generations/{mine}/retry"


def without_provider(scene: Scene) -> None:
    scene.settings.EMBEDDED = False


def without_credits(scene: Scene) -> None:
    """Alice is someone who was given none, and has an old generation she can ask for again."""
    scene.alice = scene.make_person("alice", given_credits=1)
    scene.client = ApiClient(scene.alice, enforce_csrf_checks=True)
    generation = scene.ask(scene.alice, "the last one")
    assert scene.client.post(f"/api/generations/{generation.pk}/cancel").status_code == 200
    scene.ask(scene.alice, "two", num_outputs=2)
    scene.names["mine"] = str(generation.pk)


def full_line(scene: Scene) -> None:
    """Twenty-five, asked for through the same door, one of them cancelled to be asked for again."""
    cancelled = scene.ask(scene.alice, "cancelled")
    assert scene.client.post(f"/api/generations/{cancelled.pk}/cancel").status_code == 200
    for number in range(25):
        answer = scene.client.send(CREATE, {"model": "flux-schnell", "prompt": f"number {number}"})
        assert answer.status_code == 201
    scene.names["mine"] = str(cancelled.pk)


def switched_off(scene: Scene) -> None:
    scene.alice.is_active = False
    scene.alice.save(update_fields=["is_active"])


def switched_off_session(scene: Scene) -> None:
    """Alice sits before an open page."""
    scene.client = Client()
    scene.client.force_login(scene.alice)
    assert scene.client.get(LIST).status_code == 200
    switched_off(scene)


def revoked(scene: Scene) -> None:
    ApiKey.objects.update(revoked_at="2026-01-01T00:00:00Z")


def signed_out(scene: Scene) -> None:
    scene.client = Client(enforce_csrf_checks=True)


def page_without_token(scene: Scene) -> None:
    scene.client = Client(enforce_csrf_checks=True)
    scene.client.force_login(scene.alice)


def at(number: int, name: str, status: int, code: str, arrange: Any, **changes: Any) -> Case:
    fields = {"number": number, "name": name, "status": status, "code": code, "arrange": arrange, "body": asks()}
    return Case(**{**fields, **changes})


FOUR = with_params(num_outputs=4)
CASES = [
    at(19, "provider-off", 400, "model_unavailable", without_provider),
    at(32, "too-dear", 402, "insufficient_credit", without_credits, body=FOUR),
    at(32, "another-model", 402, "insufficient_credit", without_credits, body=asks(model="flux-1.1-pro")),
    at(32, "with-a-key", 402, "insufficient_credit", without_credits, body=FOUR, headers={"Idempotency-Key": "k"}),
    at(33, "one-too-many", 429, "active_limit", full_line),
    at(33, "one-too-many-by-retry", 429, "active_limit", full_line, path=RETRY, body=b""),
    at(34, "key-of-someone-switched-off", 401, "api_key_refused", switched_off),
    at(34, "their-list", 401, "api_key_refused", switched_off, method="GET", path=LIST, body=b""),
    at(34, "session-of-someone-switched-off", 401, "not_authenticated", switched_off_session),
    at(34, "revoked-key", 401, "api_key_refused", revoked),
    at(34, "signed-out", 401, "not_authenticated", signed_out),
    at(34, "session-without-csrf-token", 403, "forbidden", page_without_token),
    *(
        at(34, f"key-{name}", 401, "not_authenticated", signed_out, headers={"Authorization": value})
        for name, value in {"without-scheme": "base_00000000_x", "of-another-scheme": "Basic YTpi"}.items()
    ),
    *(
        at(34, f"key-{name}", 401, "api_key_refused", signed_out, headers={"Authorization": value})
        for name, value in {
            "unknown": "Bearer base_00000000_x", "empty": "Bearer ", "no-key": "Bearer",
            "too-long": "Bearer " + "x" * 5000, "not-ascii": "Bearer \u00e9", "twice": "Bearer a, Bearer b",
            "with-a-nul": "Bearer a\x00",
        }.items()
    ),
]  # fmt: skip


@each(CASES)
def test_a_request_at_the_wrong_moment_is_refused_and_leaves_nothing(case: Case, scene: Scene) -> None:
    assert_refused(scene, case)


def test_case_34_the_scheme_may_be_written_as_anybody_likes(scene: Scene) -> None:
    key = scene.client.defaults["HTTP_AUTHORIZATION"].partition(" ")[2]
    for scheme in ("Bearer", "bearer", "BEARER"):
        assert Client().get(LIST, headers={"Authorization": f"{scheme} {key}"}).status_code == 200
    for wrong in (key.swapcase(), key[:-1], key + " ", key[5:]):
        assert Client().get(LIST, headers={"Authorization": f"Bearer {wrong}"}).status_code == 401
    assert Client().get(LIST, {"api_key": key}).status_code == 401


def test_case_34_a_session_beside_a_proxys_own_sign_in_still_counts(scene: Scene) -> None:
    """A studio behind HTTP Basic: the browser sends both, and CSRF is checked as ever."""
    browser = Client(headers={"Authorization": "Basic YTpi"}, enforce_csrf_checks=True)
    browser.force_login(scene.alice)
    assert browser.get(LIST).status_code == 200
    assert browser.post(CREATE, asks(), content_type="application/json").status_code == 403


def test_case_32_the_last_credit_can_be_spent(scene: Scene) -> None:
    alice = scene.make_person("alice", given_credits=3)
    client = ApiClient(alice)
    answers = [client.send(CREATE, {"model": "flux-schnell", "prompt": "x"}).status_code for _ in range(11)]
    assert answers == [201] * 10 + [402]


def test_case_33_a_full_line_says_when_to_come_again(scene: Scene) -> None:
    full_line(scene)
    answer = scene.client.send(CREATE, {"model": "flux-schnell", "prompt": "one more"})
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert {name for name in answer.headers if name.startswith("X-RateLimit")} == {
        "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"
    }  # fmt: skip


def test_case_33_five_work_and_twenty_wait(scene: Scene, sandbox: Sandbox) -> None:
    full_line(scene)
    for generation in Generation.objects.for_user(scene.alice).open():
        step(generation)
    open_rows = list(Generation.objects.for_user(scene.alice).open().values_list("status", flat=True))
    assert (open_rows.count("processing"), open_rows.count("pending")) == (5, 20)
    answer = scene.client.send(CREATE, {"model": "flux-schnell", "prompt": "one more"})
    assert (answer.status_code, answer.json()["code"]) == (429, "active_limit")


def test_case_33_a_waiting_line_of_none_refuses_the_sixth(scene: Scene) -> None:
    scene.settings.MAX_WAITING_GENERATIONS = 0
    answers = [scene.client.send(CREATE, {"model": "flux-schnell", "prompt": "x"}).status_code for _ in range(6)]
    assert answers == [201] * 5 + [429]


def test_case_33_a_request_that_was_taken_is_answered_again_when_the_line_is_full(scene: Scene) -> None:
    """A program that did not hear the answer must not read a refusal instead."""
    key = {"Idempotency-Key": "k-1"}
    wish = {"model": "flux-schnell", "prompt": "first"}
    first = scene.client.send(CREATE, wish, headers=key)
    scene.settings.MAX_ACTIVE_GENERATIONS, scene.settings.MAX_WAITING_GENERATIONS = 1, 0
    assert scene.client.send(CREATE, wish).status_code == 429
    again = scene.client.send(CREATE, wish, headers=key)
    assert (again.status_code, again.json()["id"]) == (201, first.json()["id"])


@pytest.mark.parametrize("limit", [0, 1])
def test_case_33_a_persons_own_limit_counts(limit: int, scene: Scene) -> None:
    scene.settings.MAX_WAITING_GENERATIONS = 0
    scene.alice.max_active = limit
    scene.alice.save(update_fields=["max_active"])
    answers = [scene.client.send(CREATE, {"model": "flux-schnell", "prompt": "x"}).status_code for _ in range(2)]
    assert answers == [201] * limit + [429] * (2 - limit)
