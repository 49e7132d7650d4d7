"""Who waits for a token is told so, and where in line: on every page that shows the generation, and to programs."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from generations import texts
from generations.models import Generation, Stage
from tests.pool import add, replicate
from tests.studio import Ask, Sandbox, step

__all__ = ["replicate"]
MakePerson = Callable[..., User]


def test_the_wait_is_on_the_card_the_result_the_queue_and_in_the_api(
    replicate: Sandbox, make_person: MakePerson, ask: Ask, program: Callable[[User], Any], db: None
) -> None:
    add("r8_only_one")
    people = [make_person(f"person{number}") for number in range(4)]
    wishes = [step(ask(person, "in line [[slow=60]]")) for person in people]
    third = wishes[3]
    client = Client()
    client.force_login(people[3])
    result, library = reverse("result", args=[third.pk]), reverse("history")
    # On the card and in the queue; on the card and among the facts of a result, which is opened by that.
    for path in (library, result):
        page = client.get(path).content.decode()
        assert page.count("Waiting for a free Replicate token, 3rd in line") == 2
    russian = client.get(result, headers={"Accept-Language": "ru"}).content.decode()
    assert "Ждёт свободный токен Replicate, 3-я в очереди" in russian
    row = program(people[3]).get(f"/api/generations/{third.pk}").json()
    assert (row["status"], row["waits_for"], row["place_in_line"]) == ("pending", "token", 3)


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (None, "token"), (1, "token, next in line"), (2, "token, 2nd in line"), (3, "token, 3rd in line"),
        (4, "token, 4th in line"), (11, "token, 11th in line"), (12, "token, 12th in line"),
        (13, "token, 13th in line"), (21, "token, 21st in line"), (22, "token, 22nd in line"),
        (23, "token, 23rd in line"), (111, "token, 111th in line"), (101, "token, 101st in line"),
    ],
)  # fmt: skip
def test_every_number_has_its_form(place: int | None, words: str) -> None:
    row = Generation(stage=Stage.QUEUED, provider="fal", waits_for="token", place_in_line=place)
    assert texts.stage_sentence(row) == f"Waiting for a free Fal {words}"
    with translation.override("ru"):
        assert texts.stage_sentence(row).startswith("Ждёт свободный токен Fal")


def test_who_waits_for_a_provider_to_recover_is_told_that() -> None:
    row = Generation(stage=Stage.QUEUED, provider="fal", waits_for="provider")
    assert texts.stage_sentence(row) == "Waiting until Fal answers again"
    with translation.override("ru"):
        assert texts.stage_sentence(row) == "Ждёт, пока Fal снова ответит"
