"""Endings without work, wishes, and a letterbox."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from accounts.models import User
from generations.models import Event, Generation
from notifications.models import Preference
from tests.notifications.letterbox import Letterbox, open_letterbox
from tests.queue.conftest import Put, put

__all__ = ["Ended", "Put", "Want", "put"]

Ended = Callable[..., Generation]
Want = Callable[..., Preference]


@pytest.fixture
def hers(alice: User) -> Client:
    client = Client()
    client.force_login(alice)
    return client


@pytest.fixture
def ended(put: Put) -> Ended:
    """A generation that has just ended, with its event, as steps write them down."""

    def end(user: User, prompt: str = "a lighthouse", kind: str = "completed", **fields: Any) -> Generation:
        stage = "failed" if kind in {"failed", "late"} else "completed"
        with transaction.atomic():
            row = put(user, prompt, stage=stage, **fields)
            Event.objects.create(generation=row, kind=kind)
        return row

    return end


@pytest.fixture
def want() -> Want:
    """What a person has chosen."""

    def choose(user: User, kinds: dict[str, list[str]], **fields: Any) -> Preference:
        return Preference.objects.update_or_create(user=user, defaults={"channels": kinds, **fields})[0]

    return choose


@pytest.fixture
def box(settings: Any) -> Iterator[Letterbox]:
    """Letters go there, each as soon as it is due."""
    settings.NOTIFY_GATHER_SECONDS = 0
    with open_letterbox() as opened:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", opened.port, False
        yield opened
