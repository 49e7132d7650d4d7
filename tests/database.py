"""Fixtures about the run's one database, which tests/plugin.py made and its owner migrated.

Tests that roll back use pytest-django's `db` as always. `committed` is for tests in which another
connection, thread or process must see what was written.
"""

from collections.abc import Callable, Iterator

import psycopg
import pytest
from pytest_django import DjangoDbBlocker

from config.local import roles
from tests.plugin import GROUND, Ground

# Rows that exist because of migrations; the tables' own rows are put back after each committing test.
UNTOUCHED = {"django_migrations"}


@pytest.fixture(scope="session")
def ground(pytestconfig: pytest.Config) -> Ground:
    """The services of this run."""
    return pytestconfig.stash[GROUND]


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None) -> None:
    """No test_ database: the application's role may not make one, and the tables are there already."""


@pytest.fixture(scope="session")
def superuser(ground: Ground) -> Iterator[psycopg.Connection]:
    """For what the application's role must not do. lock_timeout: a forgotten transaction is an error, not a hang."""
    url = roles.url("postgres", ground.secrets["DATABASE_SUPERUSER_PASSWORD"], ground.ports["postgres"])
    with psycopg.connect(url, autocommit=True, options="-c lock_timeout=5s") as connection:
        yield connection


@pytest.fixture(scope="session")
def first_rows(superuser: psycopg.Connection) -> dict[str, bytes]:
    """Every table of the project with the rows its migrations made, as COPY text."""
    names = superuser.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1").fetchall()
    return {name: _copy_out(superuser, name) for (name,) in names if name not in UNTOUCHED}


def _copy_out(connection: psycopg.Connection, table: str) -> bytes:
    with connection.cursor().copy(f'COPY "{table}" TO STDOUT') as copy:
        return b"".join(bytes(block) for block in copy)


@pytest.fixture(scope="session")
def put_back(superuser: psycopg.Connection, first_rows: dict[str, bytes]) -> Callable[[], None]:
    """Lets every table hold again what it held after migration.

    DELETE in replica mode, not TRUNCATE: no trigger fires, no order matters, no exclusive lock is taken.
    """

    def put_all_back() -> None:
        with superuser.transaction():
            superuser.execute("SET LOCAL session_replication_role = replica")
            for table, rows in first_rows.items():
                superuser.execute(f'DELETE FROM "{table}"')
                if rows:
                    with superuser.cursor().copy(f'COPY "{table}" FROM STDIN') as copy:
                        copy.write(rows)

    return put_all_back


@pytest.fixture
def committed(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, put_back: Callable[[], None]
) -> Iterator[None]:
    """Real commits. Afterwards the tables are as migrations left them."""
    with django_db_blocker.unblock():
        yield
    put_back()
