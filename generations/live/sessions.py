"""Whether a socket's person is still signed in: the session lives, the person is active, the password is the same."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from accounts.models import User

# One statement for all sockets of a process; the pairs come in as two arrays.
SQL = """
SELECT tab.session_key, person.id, person.password
FROM unnest(%s::text[], %s::bigint[]) AS tab (session_key, user_id)
JOIN django_session session ON session.session_key = tab.session_key AND session.expire_date > now()
JOIN accounts_user person ON person.id = tab.user_id AND person.is_active
"""


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a socket was opened with."""

    session_key: str
    user_id: int
    auth_hash: str


def valid(tickets: Iterable[Ticket]) -> set[Ticket]:
    """Those that would open a socket now. Signing out deletes the session, a new password changes the hash."""
    given = set(tickets)
    keys, ids = [ticket.session_key for ticket in given], [ticket.user_id for ticket in given]
    with connection.cursor() as cursor:
        cursor.execute(SQL, [keys, ids])
        rows = cursor.fetchall()
    return {
        Ticket(key, pk, User(pk=pk, password=password).get_session_auth_hash()) for key, pk, password in rows
    } & given
