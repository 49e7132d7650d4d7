"""Idempotency keys: absent, malformed, used for something else, used by somebody else, used fifty times at once.

Cases 21 to 25.
"""

from typing import Any

import pytest
from django.test import Client

from accounts import credits
from generations.models import Generation, IdempotencyKey
from tests.api.cases import CREATE, Case, Scene, asks, assert_refused, each
from tests.conftest import ApiClient, MakePerson
from tests.threads import at_once

WISH = {"model": "flux-schnell", "prompt": "a lighthouse", "params": {"seed": 1}}
KEYS = {
    "empty": "",
    "of-256-characters": "k" * 256,
    "with-a-line-end": "k-1\r\nX-Evil: 1",
    "ending-in-a-line-feed": "k-1\n",
    "not-ascii": "cl\u00e9",
    "cyrillic": "\u043a\u043b\u044e\u0447".encode().decode("latin-1"),
    "with-a-space": "k 1",
    "only-a-space": " ",
    "with-a-nul": "k\x001",
    "with-a-tab": "k\t1",
}


def remember(scene: Scene) -> None:
    """The key k-1 has made a generation."""
    assert scene.client.send(CREATE, WISH, headers={"Idempotency-Key": "k-1"}).status_code == 201


def ended(scene: Scene) -> None:
    """Alice has one that can be asked for again."""
    made = scene.client.send(CREATE, WISH, headers={"Idempotency-Key": "k-1"}).json()["id"]
    assert scene.client.post(f"/api/generations/{made}/cancel").status_code == 200
    scene.names["mine"] = made


def bad_key(name: str, key: str, **changes: Any) -> Case:
    case = {"number": 22, "name": f"key-{name}", "status": 400, "code": "bad_idempotency_key", "body": asks()}
    return Case(**{**case, "headers": {"Idempotency-Key": key}, **changes})


def reused(name: str, **changes: Any) -> Case:
    case = {"number": 23, "name": name, "status": 422, "code": "idempotency_key_reused", "arrange": remember}
    return Case(**{**case, "headers": {"Idempotency-Key": "k-1"}, **changes})


RETRY = "/api/generations/{mine}/retry"
CASES = [
    *(bad_key(name, key) for name, key in KEYS.items()),
    bad_key("empty-on-retry", "", path=RETRY, arrange=ended, body=b""),
    reused("another-prompt", body=asks(prompt="a mill", params={"seed": 1})),
    reused("another-model", body=asks(model="flux-dev", params={"seed": 1})),
    reused("another-seed", body=asks(params={"seed": 2})),
    reused("without-the-seed", body=asks()),
    reused("more-pictures", body=asks(params={"seed": 1, "num_outputs": 2})),
    reused("a-retry", path=RETRY, arrange=ended),
]


@each(CASES)
def test_a_bad_key_is_refused_with_a_sentence_and_leaves_nothing(case: Case, scene: Scene) -> None:
    assert_refused(scene, case)


def test_case_21_without_a_key_each_request_is_one_of_its_own(scene: Scene) -> None:
    ids = {scene.client.send(CREATE, WISH).json()["id"] for _ in range(2)}
    assert len(ids) == 2
    assert credits.balance_of(scene.alice.pk).held == 600


def test_case_22_a_key_of_255_characters_is_taken(scene: Scene) -> None:
    answer = scene.client.send(CREATE, WISH, headers={"Idempotency-Key": "~" * 255})
    assert answer.status_code == 201


@pytest.mark.parametrize(
    "again",
    [
        WISH,
        {**WISH, "params": {"seed": 1, "num_outputs": 1, "aspect_ratio": "1:1"}},
        {**WISH, "prompt": "  a lighthouse\n", "inputs": {}},
    ],
    ids=["the-same", "defaults-written-out", "the-same-after-trimming"],
)
def test_case_23_the_same_key_and_wish_answer_the_same_generation(again: dict[str, Any], scene: Scene) -> None:
    first, second = (scene.client.send(CREATE, body, headers={"Idempotency-Key": "k-1"}) for body in (WISH, again))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert "Idempotent-Replayed" not in first.headers
    assert second.headers["Idempotent-Replayed"] == "true"
    assert second.headers["Location"] == first.headers["Location"]
    assert credits.balance_of(scene.alice.pk).held == 300


def test_case_23_a_retry_asked_for_twice_is_made_once(scene: Scene) -> None:
    ended(scene)
    path = RETRY.format_map(scene.names)
    first, second = (scene.client.post(path, headers={"Idempotency-Key": "k-2"}) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert first.json()["retry_of"] == scene.names["mine"]
    assert Generation.objects.count() == 2


def test_case_23_a_refused_request_does_not_use_its_key_up(scene: Scene) -> None:
    refused = scene.client.send(CREATE, {**WISH, "params": {"seed": -1}}, headers={"Idempotency-Key": "k-1"})
    assert refused.status_code == 400
    assert scene.client.send(CREATE, WISH, headers={"Idempotency-Key": "k-1"}).status_code == 201


def test_case_24_the_same_key_of_two_people_makes_two(scene: Scene) -> None:
    bob = ApiClient(scene.make_person("bob"))
    ids = [client.send(CREATE, WISH, headers={"Idempotency-Key": "k-1"}).json()["id"] for client in (scene.client, bob)]
    assert len(set(ids)) == 2
    assert bob.get(f"/api/generations/{ids[0]}").status_code == 404


@pytest.mark.usefixtures("committed")
def test_case_25_fifty_at_once_with_one_key_make_one(make_person: MakePerson, settings: Any) -> None:
    settings.RATELIMIT_ENABLE = False
    alice = make_person("alice")
    client = ApiClient(alice)
    key = {"Authorization": client.defaults["HTTP_AUTHORIZATION"], "Idempotency-Key": "k-1"}
    answers: list[Any] = at_once(
        lambda _number: Client().post(CREATE, WISH, content_type="application/json", headers=key), 50
    )
    assert [answer.status_code for answer in answers] == [201] * 50
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert sum("Idempotent-Replayed" not in answer.headers for answer in answers) == 1
    assert Generation.objects.for_user(alice).count() == 1
    assert IdempotencyKey.objects.count() == 1
    assert credits.balance_of(alice.pk) == credits.Balance(available=99_700, held=300)
