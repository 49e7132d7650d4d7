"""Endings without work, and wishes."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from accounts.models import User
from generations.models import Event, Generation
from notifications.models import Preference
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
