"""A database that is away for a moment is 503 with when to come again, for people with a session, too."""

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection
from django.test import Client

from accounts.models import User
from config.local.site import ROOT
from config.local.waiting import until


@pytest.fixture
def hers(alice: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(alice)
    return client


@pytest.fixture
def away(hers: Client) -> Iterator[list[str]]:
    """Every query fails as it does without a server. The statements that were tried."""
    tried: list[str] = []

    def fail(execute: object, sql: str, *args: object) -> None:
        tried.append(sql)
        raise OperationalError("connection refused")

    with connection.execute_wrapper(fail):
        yield tried


@pytest.mark.parametrize("path", ["/", "/history/", "/operator/", "/api/generations/list", "/api/models/list"])
def test_a_person_with_a_session_is_told_to_come_again(hers: Client, away: list[str], path: str) -> None:
    answer = hers.get(path)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    if path.startswith("/api/"):
        assert answer.json()["code"] == "unavailable"


def test_what_comes_after_the_failure_asks_nothing_more(hers: Client, away: list[str]) -> None:
    """Neither the log line, which names the person, nor anything else on the way out."""
    answer = hers.get("/api/generations/list")
    assert "X-Request-Id" in answer.headers
    assert len(away) == 1


def test_liveness_asks_nothing_and_health_only_whether_it_answers(hers: Client, away: list[str]) -> None:
    assert hers.get("/api/health/live").status_code == 200
    assert away == []
    answer = hers.get("/api/health")
    assert (answer.status_code, answer.json()["database"]["status"]) == (503, "down")
    assert away == ["SELECT 1"]


@pytest.mark.usefixtures("committed")
def test_a_connection_that_the_server_ended_is_seen_without_asking() -> None:
    connection.ensure_connection()
    assert connection.is_usable()
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as other:
        number = connection.connection.info.backend_pid
        other.execute("SELECT pg_terminate_backend(%s)", [number])
    assert until(lambda: not connection.is_usable(), 10)
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    assert connection.is_usable()


@pytest.mark.parametrize("pool", ["0", "1"])
def test_a_dead_connection_is_replaced_before_its_first_query(pool: str) -> None:
    words = "from django.conf import settings; print(settings.DATABASES['default'].get('CONN_HEALTH_CHECKS'))"
    environment: dict[str, Any] = {**os.environ, "DB_POOL": pool}
    found = subprocess.run(
        [sys.executable, "-c", words], env=environment, cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "True"
