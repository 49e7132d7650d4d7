"""A character that forms can send and PostgreSQL cannot hold is refused wherever it leads, and nothing is written."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from generations.models import Board, Draft, Keyframe, Pin

pytestmark = pytest.mark.usefixtures("committed")
NUL = "a\x00b"
FORMS: list[tuple[str, dict[str, Any]]] = [
    ("/keyframes/", {"title": NUL}),
    ("/keyframes/{board}/", {"act": "add", "title": "", "prompt.0": NUL}),
    ("/models/pins/", {"unpin": NUL}),
    ("/draft/create/", {"prompt": "words", "idempotency_key": NUL}),
]


@pytest.mark.parametrize(("path", "fields"), FORMS, ids=[path for path, _fields in FORMS])
def test_a_form_that_cannot_be_written_down_is_refused(
    make_person: Callable[..., User], path: str, fields: dict[str, Any]
) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(make_person("alice"))
    client.post("/keyframes/", {"title": "as it was"})
    board = Board.objects.get()
    given = {name: text.format(board=board.pk) for name, text in fields.items()}
    answer = client.post(path.format(board=board.pk), given)
    assert answer.status_code == 400
    assert b"Nothing was done." in answer.content
    assert Board.objects.get().title == "as it was"
    assert list(Keyframe.objects.order_by("index").values_list("index", "prompt")) == [(0, ""), (1, "")]
    assert not any(table.objects.exists() for table in (Draft, Pin))
