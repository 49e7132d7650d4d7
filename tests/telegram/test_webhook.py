"""The webhook's door: who may come in, how large, and that the same update twice is one."""

import pytest

from accounts.models import User
from notifications.telegram.line import line
from notifications.telegram.models import Chat, Update
from notifications.telegram.steps import hearing
from tests.telegram.conftest import Link, Telegram, deliver


@pytest.mark.parametrize("secret", ["", "guessed", "ß"])
def test_a_wrong_secret_leaves_nothing(telegram: Telegram, secret: str) -> None:
    assert deliver({"update_id": 1}, secret=secret).status_code == 401
    assert not Update.objects.exists()


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"nonsense", 400), (b"[]", 400), (b"{}", 400), (b'{"update_id": "1"}', 400), (b'{"update_id": -1}', 400)],
)
def test_what_is_no_update_is_not_kept(telegram: Telegram, body: bytes, status: int) -> None:
    assert deliver(body).status_code == status
    assert not Update.objects.exists()


def test_too_much_is_refused_before_it_is_read(telegram: Telegram, settings: object) -> None:
    settings.WEBHOOK_MAX_BYTES = 100  # type: ignore[attr-defined]
    assert deliver({"update_id": 1, "more": "x" * 100}).status_code == 413
    assert not Update.objects.exists()


def test_the_same_update_twice_is_one(alice: User, telegram: Telegram, nonce_for: Link) -> None:
    telegram.control("write", person=42, text=f"/start {nonce_for(alice)}")
    (body,) = telegram.updates
    assert [deliver(body).status_code for _ in range(3)] == [200, 200, 200]
    row = Update.objects.get()
    for _ in range(3):
        hearing.hear(row.pk)
    assert Chat.objects.get().user == alice
    assert len(telegram.sent()) == 1


def test_an_update_that_is_heard_again_after_a_death_ends_the_same(
    alice: User, telegram: Telegram, nonce_for: Link
) -> None:
    telegram.write(f"/start {nonce_for(alice)}")
    # As if the process had died between the act and the note that it was done.
    row = Update.objects.get()
    Update.objects.update(processed_at=None, next_try_at=row.received_at)
    hearing.hear(row.pk)
    assert Chat.objects.get().user == alice
    assert [said["text"][:9] for said in telegram.sent()] == ["Connected", "Connected"]


@pytest.mark.parametrize(
    "body",
    [
        {"update_id": 1},
        {"update_id": 1, "message": None},
        {"update_id": 1, "message": {"chat": {"type": "group", "id": -5}, "from": {"id": 42}, "text": "/start abc"}},
        {"update_id": 1, "message": {"chat": {"type": "private", "id": 42}, "text": "/start abc"}},
        {"update_id": 1, "callback_query": {"from": {"id": "42"}, "data": "retry:0"}},
        {"update_id": 1, "my_chat_member": {"chat": {"type": "private"}, "new_chat_member": {"status": "kicked"}}},
    ],
)
def test_what_makes_no_sense_is_ignored(telegram: Telegram, body: dict[str, object]) -> None:
    assert deliver(body).status_code == 200
    row = Update.objects.get()
    hearing.hear(row.pk)
    row.refresh_from_db()
    assert row.outcome == "ignored"
    assert telegram.sent() == []


def test_the_secret_is_fit_for_the_header(telegram: Telegram) -> None:
    here = line()
    assert here is not None
    assert len(here.secret) == 64
    assert here.secret.isalnum()
