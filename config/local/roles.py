"""The database's two roles: one owns the tables and migrates, the other reads and writes them and no more."""

import psycopg
from psycopg import sql

from config.local.site import HOST

DATABASE = "dotbase"
OWNER = "dotbase_owner"
APP = "dotbase"
# Only a superuser may create these everywhere.
EXTENSIONS = ("pg_trgm", "unaccent")
# No statement of the application may hold the others up for longer.
APP_SETTINGS = {"statement_timeout": "10s", "lock_timeout": "3s", "idle_in_transaction_session_timeout": "15s"}


def url(role: str, password: str, port: int, database: str = DATABASE) -> str:
    """A connection address for the role."""
    return f"postgresql://{role}:{password}@{HOST}:{port}/{database}"


def provide(superuser_password: str, owner_password: str, app_password: str, port: int) -> None:
    """Brings roles, database, extensions and rights to what they should be; safe to repeat.

    Rights come as default privileges, before the first table exists, so that a migration that takes one
    away again (the ledger's rows may not be changed) is not undone here at the next start.
    """
    with psycopg.connect(url("postgres", superuser_password, port, "postgres"), autocommit=True) as connection:
        _role(connection, OWNER, owner_password)
        _role(connection, APP, app_password)
        for name, value in APP_SETTINGS.items():
            connection.execute(sql.SQL("ALTER ROLE {} SET {} = {}").format(_name(APP), _name(name), value))
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(_name(DATABASE), _name(OWNER)))
        connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(_name(DATABASE)))
        connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(_name(DATABASE), _name(APP)))
    with psycopg.connect(url("postgres", superuser_password, port), autocommit=True) as connection:
        for extension in EXTENSIONS:
            connection.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(_name(extension)))
        connection.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(_name(APP)))
        for rights in ("SELECT, INSERT, UPDATE, DELETE ON TABLES", "USAGE, SELECT ON SEQUENCES"):
            connection.execute(
                sql.SQL("ALTER DEFAULT PRIVILEGES FOR ROLE {} IN SCHEMA public GRANT {} TO {}").format(
                    _name(OWNER), sql.SQL(rights), _name(APP)
                )
            )


def _name(name: str) -> sql.Identifier:
    return sql.Identifier(name)


def _role(connection: psycopg.Connection, name: str, password: str) -> None:
    exists = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone()
    verb = "ALTER ROLE {} WITH" if exists else "CREATE ROLE {} WITH"
    powers = " LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD {}"
    # Hashed here, so that the password never stands in a statement the server might log.
    verifier = connection.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256").decode()
    connection.execute(sql.SQL(verb + powers).format(_name(name), verifier))
