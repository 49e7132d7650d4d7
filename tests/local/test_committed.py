"""The `committed` fixture: what it lets others see, and what it leaves behind, which is nothing."""

import psycopg
import pytest
from django.contrib.auth.models import Permission
from django.contrib.sessions.models import Session
from django.utils import timezone

from tests.plugin import Ground


@pytest.fixture
def rows_before(superuser: psycopg.Connection, first_rows: dict[str, bytes]) -> int:
    return len(superuser.execute("SELECT id FROM auth_permission").fetchall())


@pytest.mark.parametrize("turn", [1, 2])
def test_others_see_what_was_committed_and_the_next_test_does_not(
    turn: int, rows_before: int, committed: None, ground: Ground
) -> None:
    assert not Session.objects.exists()
    assert Permission.objects.count() == rows_before > 0
    Session.objects.create(session_key="key", session_data="data", expire_date=timezone.now())
    Permission.objects.all().delete()
    with psycopg.connect(ground.environment["DATABASE_URL"]) as other:
        assert other.execute("SELECT count(*) FROM django_session").fetchone() == (1,)


@pytest.mark.django_db
def test_a_test_that_rolls_back_uses_the_same_database(ground: Ground) -> None:
    Session.objects.create(session_key="key", session_data="data", expire_date=timezone.now())
    with psycopg.connect(ground.environment["DATABASE_URL"]) as other:
        assert other.execute("SELECT count(*) FROM django_session").fetchone() == (0,)
