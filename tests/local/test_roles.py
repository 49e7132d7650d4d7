"""The application's database role: everything it needs, nothing more."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import errors, sql

from config.local import roles
from tests.plugin import Ground


@pytest.fixture
def app(ground: Ground) -> Iterator[psycopg.Connection]:
    with psycopg.connect(ground.environment["DATABASE_URL"], autocommit=True) as connection:
        yield connection


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (a int)",
        "CREATE TEMP TABLE mine (a int)",
        "DROP TABLE django_session",
        "TRUNCATE django_session",
        "ALTER TABLE django_session ADD COLUMN a int",
        "CREATE ROLE friend",
        "CREATE EXTENSION dblink",
        "COPY django_session TO PROGRAM 'cat'",
        "SET session_replication_role = replica",
    ],
)
def test_the_application_may_not(app: psycopg.Connection, statement: str) -> None:
    with pytest.raises((errors.InsufficientPrivilege, errors.UndefinedFile)):
        app.execute(sql.SQL(statement))


def test_the_application_may_read_and_write_rows(app: psycopg.Connection) -> None:
    with app.transaction(force_rollback=True):
        app.execute("INSERT INTO django_session VALUES ('key', 'data', now())")
        app.execute("UPDATE django_session SET session_data = 'other' WHERE session_key = 'key'")
        assert app.execute("DELETE FROM django_session WHERE session_key = 'key'").rowcount == 1


def test_no_statement_of_the_application_waits_for_ever(app: psycopg.Connection) -> None:
    values = {
        name: app.execute(sql.SQL("SHOW {}").format(sql.Identifier(name))).fetchone() for name in roles.APP_SETTINGS
    }
    assert values == {name: (value,) for name, value in roles.APP_SETTINGS.items()}


def test_nobody_enters_without_a_password(ground: Ground) -> None:
    for role in ("postgres", roles.OWNER, roles.APP):
        with pytest.raises(psycopg.OperationalError, match=r"no password|password authentication failed"):
            psycopg.connect(roles.url(role, "wrong", ground.ports["postgres"]), connect_timeout=2)


def test_words_in_russian_are_similar(app: psycopg.Connection) -> None:
    assert app.execute("SELECT similarity('привет', 'приветы') > 0.5").fetchone() == (True,)


def test_a_right_taken_away_stays_away_after_the_next_start(ground: Ground, superuser: psycopg.Connection) -> None:
    with psycopg.connect(ground.environment["DATABASE_OWNER_URL"], autocommit=True) as owner:
        owner.execute("CREATE TABLE written_once (a int)")
        try:
            owner.execute("REVOKE UPDATE, DELETE ON written_once FROM dotbase")
            known = ground.secrets
            roles.provide(
                known["DATABASE_SUPERUSER_PASSWORD"],
                known["DATABASE_OWNER_PASSWORD"],
                known["DATABASE_PASSWORD"],
                ground.ports["postgres"],
            )
            granted = owner.execute(
                "SELECT has_table_privilege('dotbase', 'written_once', 'INSERT'),"
                " has_table_privilege('dotbase', 'written_once', 'UPDATE')"
            ).fetchone()
        finally:
            owner.execute("DROP TABLE written_once")
    assert granted == (True, False)
