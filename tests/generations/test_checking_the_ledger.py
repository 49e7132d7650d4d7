"""Every night the whole ledger is looked at: whatever is wrong is found, logged, and shown to the operator."""

import time
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from structlog.testing import capture_logs

from accounts import audit, credits
from accounts.models import LedgerEntry, User
from accounts.rules import Role
from config.celery import app
from generations import auditing, tasks
from generations.actions.changing import cancel_generation
from generations.models import Generation, LedgerCheck
from tests.checker.planted import MONEY, OTHERWISE
from tests.conftest import MakePerson
from tests.studio import Ask, Sandbox, drive

Plant = Callable[[str], None]
Page = Callable[..., str]
UNPAID = "UPDATE accounts_creditbalance SET available = available + 1"


@pytest.fixture
def alice(committed: None, make_person: MakePerson) -> User:
    return make_person("alice")


@pytest.fixture
def bob(committed: None, make_person: MakePerson) -> User:
    return make_person("bob")


@pytest.fixture
def made(alice: User, sandbox: Sandbox, ask: Ask) -> Generation:
    """One that went well."""
    return drive(ask(alice, "a heron"))


@pytest.fixture
def plant(superuser: psycopg.Connection) -> Plant:
    """Commits it, past every trigger."""

    def write(statement: str) -> None:
        with superuser.transaction():
            superuser.execute("SET LOCAL session_replication_role = replica")
            superuser.execute(statement.encode())

    return write


@pytest.fixture
def page(committed: None, make_person: MakePerson) -> Page:
    """The operator's."""
    client = Client()
    client.force_login(make_person("ada", role=Role.ADMIN, given_credits=0))

    def read(language: str = "en") -> str:
        return client.get("/operator/", headers={"Accept-Language": language}).content.decode()

    return read


def checked() -> tuple[int, list[str]]:
    """Exit code and lines of the command."""
    out = StringIO()
    try:
        call_command("check_ledger", stdout=out)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue().splitlines()
    return 0, out.getvalue().splitlines()


def found(cursor: Any) -> set[str]:
    return {one.promise for one in auditing.broken(cursor)}


def test_nothing_is_wrong_with_what_went_as_it_should(made: Generation, alice: User, ask: Ask) -> None:
    ask(alice, "under way")
    cancel_generation(ask(alice, "never mind"))
    assert Generation.objects.values_list("stage", flat=True).distinct().count() == 3
    assert checked() == (0, [f"Nothing is wrong: {len(auditing.CHECKS)} checks, 0 findings."])
    assert tasks.check_ledger() == 0


def test_every_promise_is_tried() -> None:
    assert set(MONEY) == set(auditing.CHECKS)


def test_whatever_is_planted_is_found(made: Generation, superuser: psycopg.Connection) -> None:
    for promise, statement in [*MONEY.items(), *OTHERWISE]:
        with superuser.transaction(force_rollback=True):
            superuser.execute("SET LOCAL session_replication_role = replica")
            superuser.execute(statement.encode())
            assert promise in found(superuser.cursor()), statement
    assert found(superuser.cursor()) == set()


def test_the_command_says_a_line_a_finding_and_ends_with_one(alice: User, bob: User, plant: Plant) -> None:
    plant(UNPAID)
    code, lines = checked()
    assert code == 1
    promise = "Not so: a balance is the sum of its entries"
    assert sorted(lines[:-1]) == sorted([f"{promise}: {alice.pk}", f"{promise}: {bob.pk}"])
    assert lines[-1] == f"2 findings, 1 of {len(auditing.CHECKS)} checks are broken."


def test_a_ledger_that_is_wrong_throughout_is_told_in_few_words(
    alice: User, bob: User, plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "ROWS_TOLD", 1)
    plant(UNPAID)
    (one,) = auditing.check_ledger()
    assert (len(one.rows), one.total) == (1, 2)
    code, lines = checked()
    assert (code, lines[1]) == (1, "Not so: a balance is the sum of its entries: 1 more")


def test_the_task_of_the_night_logs_an_error_and_keeps_it_for_the_operator(
    alice: User, plant: Plant, page: Page
) -> None:
    assert "not been checked yet" in page()
    plant(UNPAID)
    with capture_logs() as logs:
        assert tasks.check_ledger() == 1
    (error,) = [line for line in logs if line["log_level"] == "error"]
    assert (error["event"], error["total"], error["rows"]) == ("ledger_is_wrong", 1, (str(alice.pk),))
    shown = page()
    assert "1 finding." in shown
    assert "Not so: a balance is the sum of its entries" in shown
    assert "Неверно, что баланс равен сумме своих записей" in page(language="ru")
    plant(UNPAID.replace("+", "-"))
    tasks.check_ledger()
    assert "Everything adds up." in page()
    assert LedgerCheck.objects.count() == 1


def test_the_findings_are_a_figure_for_prometheus(alice: User, plant: Plant) -> None:
    def figures() -> dict[str, float]:
        lines = Client().get("/metrics").content.decode().splitlines()
        return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if "_ledger_" in line)
                if not name.startswith("#")}  # fmt: skip

    assert figures() == {}
    plant(UNPAID)
    tasks.check_ledger()
    found = figures()
    assert time.time() - found.pop("dotbase_ledger_checked_timestamp_seconds") < 60
    assert len(found) == len(auditing.CHECKS)
    assert {name for name, value in found.items() if value} == {
        'dotbase_ledger_findings{promise="a balance is the sum of its entries"}'
    }
    plant(UNPAID.replace("+", "-"))
    tasks.check_ledger()
    assert sum(value for name, value in figures().items() if "findings" in name) == 0


def test_the_page_says_when_nobody_has_looked_for_long(alice: User, page: Page) -> None:
    tasks.check_ledger()
    assert "is beat running?" not in page()
    LedgerCheck.objects.update(checked_at=timezone.now() - timedelta(days=3))
    assert "is beat running?" in page()


def test_a_check_changes_no_money(made: Generation, alice: User) -> None:
    before = credits.balance_of(alice.pk), LedgerEntry.objects.count()
    tasks.check_ledger()
    assert (credits.balance_of(alice.pk), LedgerEntry.objects.count()) == before


def test_beat_asks_for_it_at_night_and_a_worker_knows_the_task() -> None:
    entry = app.conf.beat_schedule["check-ledger"]
    assert entry["task"] == tasks.check_ledger.name
    assert entry["schedule"].hour == {3}


def test_the_number_of_queries_does_not_grow_with_the_ledger(
    made: Generation, django_assert_num_queries: Any, make_person: MakePerson
) -> None:
    tasks.check_ledger()
    for number in range(5):
        make_person(f"more-{number}")
    with django_assert_num_queries(len(auditing.CHECKS)), connection.cursor() as cursor:
        assert list(auditing.broken(cursor)) == []
