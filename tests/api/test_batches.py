"""Several at once: taken whole or not at all, priced before, cancelled together."""

from typing import Any

import pytest
from django.db import transaction

from accounts import credits
from accounts.models import User
from generations.models import Batch, Generation
from tests.conftest import ApiClient, MakePerson

CREATE, QUOTE = "/api/generations/create", "/api/generations/quote"


def body(**more: Any) -> dict[str, Any]:
    return {"prompt": "seven boats", **({} if "models" in more else {"model": "flux-schnell"}), **more}


def post(person: User, address: str, given: dict[str, Any], key: str = "") -> Any:
    return ApiClient(person).send(address, given, headers={"Idempotency-Key": key} if key else {})


def test_a_count_makes_a_batch_of_rows_with_seeds_of_their_own(alice: User) -> None:
    answer = post(alice, CREATE, body(count=3, params={"seed": 2**31 - 2}))
    assert answer.status_code == 201
    rows = answer.json()
    assert [row["seed"] for row in rows] == [2**31 - 2, 2**31 - 1, 0]
    assert len({row["batch"] for row in rows}) == 1
    assert answer.headers["Location"] == f"/api/batches/{rows[0]['batch']}"
    assert credits.balance_of(alice.pk).held == 900


def test_fan_out_takes_the_settings_that_fit(alice: User) -> None:
    params = {"aspect_ratio": "16:9", "num_outputs": 2}
    rows = post(alice, CREATE, body(models=["flux-schnell", "flux-1.1-pro"], params=params)).json()
    assert [row["model"] for row in rows] == ["flux-schnell", "flux-1.1-pro"]
    assert [row["settings"].get("num_outputs") for row in rows] == [2, None]
    assert {row["settings"]["aspect_ratio"] for row in rows} == {"16:9"}


def test_a_batch_that_does_not_fit_the_line_leaves_nothing(alice: User, settings: Any) -> None:
    settings.MAX_WAITING_GENERATIONS = 0
    answer = post(alice, CREATE, body(count=6))
    assert (answer.status_code, answer.json()["code"]) == (429, "active_limit")
    assert not Generation.objects.exists()
    assert not Batch.objects.exists()
    assert credits.balance_of(alice.pk).held == 0


def test_a_batch_that_is_not_covered_leaves_nothing(db: None, make_person: MakePerson) -> None:
    poor = make_person("poor", given_credits=0)
    with transaction.atomic():
        credits.grant(user_id=poor.pk, millicredits=700, reference="a little")
    answer = post(poor, CREATE, body(count=3))
    assert (answer.status_code, answer.json()["code"]) == (402, "insufficient_credit")
    assert not Generation.objects.exists()
    assert credits.balance_of(poor.pk) == credits.Balance(available=700)


def test_much_has_to_be_said_twice(alice: User) -> None:
    answer = post(alice, CREATE, body(count=9))
    assert (answer.status_code, answer.json()["code"]) == (409, "confirmation_needed")
    assert answer.json()["fields"] == {"flux-schnell": "9 × 0.3"}
    assert not Generation.objects.exists()
    assert len(post(alice, CREATE, body(count=9, confirm=True)).json()) == 9


def test_the_same_key_again_answers_with_the_same_rows(alice: User) -> None:
    first = post(alice, CREATE, body(count=2), key="k1").json()
    again = post(alice, CREATE, body(count=2), key="k1")
    assert [row["id"] for row in again.json()] == [row["id"] for row in first]
    assert post(alice, CREATE, body(count=3), key="k1").status_code == 422
    assert (Generation.objects.count(), Batch.objects.count()) == (2, 1)


def test_a_quote_says_what_and_why_and_writes_nothing(alice: User, settings: Any) -> None:
    ready = post(alice, QUOTE, body(models=["flux-schnell", "flux-dev"], count=2)).json()
    assert (ready["state"], ready["credits"]) == ("ready", 5.6)
    assert [(item["model"], item["credits"]) for item in ready["items"]] == [("flux-schnell", 0.6), ("flux-dev", 5.0)]
    assert post(alice, QUOTE, body(count=9)).json()["state"] == "confirm"
    wrong = post(alice, QUOTE, body(params={"seed": -1})).json()
    assert (wrong["state"], bool(wrong["problem"])) == ("blocked", True)
    settings.MAX_WAITING_GENERATIONS = 0
    assert post(alice, QUOTE, body(count=6)).json()["state"] == "blocked"
    assert not Generation.objects.exists()


def test_what_waits_of_a_batch_ends_together(alice: User, carol: User) -> None:
    rows = post(alice, CREATE, body(count=3)).json()
    Generation.objects.filter(pk=rows[0]["id"]).update(
        stage="running", status="processing", slot=1, next_action_at="2030-01-01T00:00Z"
    )
    address = f"/api/batches/{rows[0]['batch']}"
    assert post(carol, f"{address}/cancel", {}).status_code == 404
    assert ApiClient(carol).get(address).status_code == 404
    ended = post(alice, f"{address}/cancel", {}).json()
    assert [row["stage"] for row in ended] == ["running", "cancelled", "cancelled"]
    assert credits.balance_of(alice.pk).held == 300
    assert [row["id"] for row in ApiClient(alice).get(address).json()] == [row["id"] for row in rows]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (body(count=0), "count"),
        (body(count=17), "count"),
        (body(count=True), "count"),
        (body(count="2"), "count"),
        (body(models=[]), "models"),
        (body(models=["flux-schnell", "flux-schnell"]), "models"),
        (body(models=[1]), "models"),
        ({**body(models=["flux-dev"]), "model": "flux-schnell"}, "models"),
        (body(confirm="yes"), "confirm"),
    ],
)
def test_what_cannot_be_read_is_named(given: dict[str, Any], field: str, alice: User) -> None:
    answer = post(alice, CREATE, given)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")
    assert field in answer.json()["fields"]
    assert not Generation.objects.exists()
