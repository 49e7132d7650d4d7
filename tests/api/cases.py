"""A bad request, what it must be answered, and the proof that it left nothing behind.

The numbers are those of the catalogue of bad input that the reliability plan keeps.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.http import HttpResponse

from accounts.models import CreditBalance, LedgerTransaction, User
from generations.models import Attempt, Delivery, Event, Generation, IdempotencyKey
from tests.conftest import MakePerson
from tests.studio import Ask

CREATE = "/api/generations/create"
LIST = "/api/generations/list"
CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)


@dataclass(slots=True)
class Scene:
    """Who asks, and hands to prepare what they find."""

    alice: User
    # An ApiClient, unless the case needs a browser or nobody.
    client: Any
    make_person: MakePerson
    ask: Ask
    settings: Any
    # What stands in braces in a case's address.
    names: dict[str, str] = field(default_factory=dict)


def nothing(scene: Scene) -> None:
    """Alice is new here, with 100 credits."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """fields: the exact names under "fields" of the answer. arrange: what is there before the request."""

    number: int
    name: str
    status: int
    code: str
    fields: frozenset[str] = frozenset()
    method: str = "POST"
    path: str = CREATE
    body: bytes = b""
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    arrange: Callable[[Scene], None] = nothing

    def __str__(self) -> str:
        return f"case-{self.number:02}-{self.name}"

    def send(self, scene: Scene, language: str = "en") -> HttpResponse:
        headers = {"Accept-Language": language, **self.headers}
        path = self.path.format_map(scene.names)
        answer: HttpResponse = scene.client.generic(
            self.method, path, self.body, content_type=self.content_type, headers=headers
        )
        return answer


def asks(**changes: Any) -> bytes:
    """A body of create that would be accepted, with changes."""
    return json.dumps({"model": "flux-schnell", "prompt": "a lighthouse", **changes}).encode()


def with_params(model: str = "flux-schnell", **params: Any) -> bytes:
    return asks(model=model, params=params)


def each(cases: Iterable[Case]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", list(cases), ids=str)


def assert_refused(scene: Scene, case: Case) -> None:
    """The status, the whole body, in English; and the studio is as it was."""
    case.arrange(scene)
    before = everything()
    answer = case.send(scene)
    assert answer.status_code == case.status, answer.content[:500]
    assert answer.headers["Content-Type"] == "application/json"
    body = json.loads(answer.content)
    assert set(body) == {"error", "code", "fields"} if case.fields else {"error", "code"}
    assert body["code"] == case.code
    assert set(body.get("fields", {})) == case.fields
    for sentence in sentences(body):
        assert is_a_sentence(sentence), sentence
        assert not CYRILLIC.search(sentence), sentence
    assert everything() == before


def assert_said_in_russian(scene: Scene, case: Case) -> None:
    case.arrange(scene)
    answer = case.send(scene, "ru")
    assert answer.status_code == case.status
    for sentence in sentences(json.loads(answer.content)):
        assert is_a_sentence(sentence), sentence
        assert CYRILLIC.search(sentence), sentence


def sentences(body: Mapping[str, Any]) -> list[str]:
    return [body["error"], *body.get("fields", {}).values()]


def is_a_sentence(text: str) -> bool:
    return len(text) > 10 and not text[0].islower() and text.endswith(".") and "%(" not in text and "{" not in text


def everything() -> list[list[Any]]:
    """All a request could change, of everybody."""
    changing = ("pk", "stage", "viewed_at", "cancel_requested_at", "change_seq")
    return [
        list(Generation.objects.order_by("pk").values_list(*changing)),
        list(CreditBalance.objects.order_by("pk").values_list("pk", "available", "held")),
        list(LedgerTransaction.objects.order_by("pk").values_list("pk", flat=True)),
        list(IdempotencyKey.objects.order_by("pk").values_list("pk", flat=True)),
        list(Event.objects.order_by("pk").values_list("pk", flat=True)),
        list(Attempt.objects.order_by("pk").values_list("pk", "state")),
        list(Delivery.objects.order_by("pk").values_list("pk", "outcome")),
        list(User.objects.order_by("pk").values_list("pk", "seq", "role")),
    ]
