"""The ledger holds by itself: raw SQL as the application's own role cannot make it untrue."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction

from accounts import credits
from accounts.models import CreditBalance, LedgerEntry, LedgerTransaction, User
from tests.threads import at_once


def raw(statement: str, *parameters: int) -> None:
    """One statement in its own committed transaction, deferred checks included."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def held(user: User, amount: int, reference: str) -> None:
    with transaction.atomic():
        User.objects.locked(user.pk)
        credits.hold(user_id=user.pk, millicredits=amount, reference=reference)


def test_hold_then_capture_moves_credits_to_revenue(alice: User) -> None:
    held(alice, 300, "work:1")
    assert credits.balance_of(alice.pk) == credits.Balance(available=99_700, held=300)
    assert credits.capture(user_id=alice.pk, reference="work:1") == 300
    assert credits.balance_of(alice.pk) == credits.Balance(available=99_700, held=0)


def test_hold_then_release_gives_everything_back(alice: User) -> None:
    held(alice, 300, "work:1")
    assert credits.release(user_id=alice.pk, reference="work:1") == 300
    assert credits.balance_of(alice.pk) == credits.Balance(available=100_000, held=0)


def test_more_than_available_cannot_be_held(alice: User) -> None:
    with pytest.raises(credits.InsufficientCredit) as refused:
        held(alice, 100_001, "work:1")
    assert (refused.value.needed, refused.value.available) == (100_001, 100_000)
    assert LedgerTransaction.objects.filter(reference="work:1").count() == 0


@pytest.mark.parametrize("first", ["capture", "release"])
@pytest.mark.parametrize("second", ["capture", "release"])
def test_a_hold_is_settled_once(alice: User, first: str, second: str) -> None:
    held(alice, 300, "work:1")
    getattr(credits, first)(user_id=alice.pk, reference="work:1")
    after_first = credits.balance_of(alice.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        getattr(credits, second)(user_id=alice.pk, reference="work:1")
    assert credits.balance_of(alice.pk) == after_first


def test_a_refund_never_exceeds_the_charge(alice: User) -> None:
    held(alice, 300, "work:1")
    credits.capture(user_id=alice.pk, reference="work:1")
    with pytest.raises(DatabaseError), transaction.atomic():
        credits.refund(user_id=alice.pk, millicredits=301, reference="work:1")
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    credits.refund(user_id=alice.pk, millicredits=300, reference="work:1")
    assert credits.balance_of(alice.pk) == credits.Balance(available=100_000)


def test_a_refund_without_a_charge_is_refused(alice: User) -> None:
    held(alice, 300, "work:1")
    with pytest.raises(DatabaseError, match="does not match"), transaction.atomic():
        credits.refund(user_id=alice.pk, millicredits=100, reference="work:1")
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


RAW = {
    "change an entry": "UPDATE accounts_ledgerentry SET millicredits = millicredits * 2",
    "delete entries": "DELETE FROM accounts_ledgerentry",
    "empty entries": "TRUNCATE accounts_ledgerentry",
    "change a transaction": "UPDATE accounts_ledgertransaction SET kind = 'refund'",
    "delete transactions": "DELETE FROM accounts_ledgertransaction",
    "empty transactions": "TRUNCATE accounts_ledgertransaction CASCADE",
    "raise a balance": "UPDATE accounts_creditbalance SET available = available + 1000000",
    "delete balances": "DELETE FROM accounts_creditbalance",
    "empty balances": "TRUNCATE accounts_creditbalance",
    "switch triggers off": "ALTER TABLE accounts_ledgerentry DISABLE TRIGGER ALL",
    "drop a trigger": "DROP TRIGGER ledger_entry_holds ON accounts_ledgerentry",
    "replica mode": "SET session_replication_role = replica",
    "drop the table": "DROP TABLE accounts_ledgerentry",
}


@pytest.mark.parametrize("statement", RAW.values(), ids=RAW.keys())
def test_raw_sql_cannot_change_history_or_balances(alice: User, statement: str) -> None:
    before = credits.balance_of(alice.pk)
    with pytest.raises(DatabaseError):
        raw(statement)
    assert credits.balance_of(alice.pk) == before


def test_raw_sql_cannot_write_half_a_transaction(alice: User) -> None:
    with pytest.raises(DatabaseError, match="does not balance"):
        raw(
            "WITH t AS (INSERT INTO accounts_ledgertransaction (id, kind, reference, note) "
            "VALUES (gen_random_uuid(), 'grant', 'forged', '') RETURNING id) "
            "INSERT INTO accounts_ledgerentry (transaction_id, account, user_id, millicredits) "
            "SELECT id, 'available', %s, 5000000 FROM t",
            alice.pk,
        )
    assert credits.balance_of(alice.pk).available == 100_000


def test_raw_sql_cannot_add_to_a_finished_transaction(alice: User) -> None:
    held(alice, 300, "work:1")
    with pytest.raises(DatabaseError):
        raw(
            "INSERT INTO accounts_ledgerentry (transaction_id, account, user_id, millicredits) "
            "SELECT id, 'grants', NULL, -1 FROM accounts_ledgertransaction WHERE reference = 'work:1'",
        )


@pytest.mark.parametrize("amount", [-1, 1, 5_000_000])
def test_raw_sql_cannot_join_a_transaction_that_was_checked_a_moment_ago(alice: User, amount: int) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        credits.hold(user_id=alice.pk, millicredits=300, reference="work:1")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "INSERT INTO accounts_ledgerentry (transaction_id, account, user_id, millicredits) "
            "SELECT id, 'available', %s, %s FROM accounts_ledgertransaction WHERE reference = 'work:1'",
            [alice.pk, amount],
        )
    assert credits.balance_of(alice.pk) == credits.Balance(available=100_000)


def test_a_transaction_without_entries_is_refused(db: None) -> None:
    with pytest.raises(DatabaseError, match="does not balance"):
        raw(
            "INSERT INTO accounts_ledgertransaction (id, kind, reference, note) "
            "VALUES (gen_random_uuid(), 'grant', 'empty', '')"
        )


def test_one_statement_may_move_the_balances_of_many(alice: User, bob: User) -> None:
    raw(
        "WITH t AS (INSERT INTO accounts_ledgertransaction (id, kind, reference, note) "
        "SELECT gen_random_uuid(), 'hold', 'both:' || person, '' FROM unnest(ARRAY[%s, %s]) AS person "
        "RETURNING id, split_part(reference, ':', 2)::bigint AS person) "
        "INSERT INTO accounts_ledgerentry (transaction_id, account, user_id, millicredits) "
        "SELECT id, 'available', person, -person FROM t UNION ALL SELECT id, 'held', person, person FROM t",
        alice.pk,
        bob.pk,
    )
    for person in (alice, bob):
        assert credits.balance_of(person.pk) == credits.Balance(available=100_000 - person.pk, held=person.pk)


def test_raw_sql_cannot_move_credits_between_people(alice: User, carol: User) -> None:
    with pytest.raises(DatabaseError):
        raw(
            "WITH t AS (INSERT INTO accounts_ledgertransaction (id, kind, reference, note) "
            "VALUES (gen_random_uuid(), 'hold', 'theft', '') RETURNING id) "
            "INSERT INTO accounts_ledgerentry (transaction_id, account, user_id, millicredits) "
            "SELECT id, 'available', %s, -500 FROM t UNION ALL SELECT id, 'held', %s, 500 FROM t",
            alice.pk,
            carol.pk,
        )
    assert credits.balance_of(carol.pk) == credits.Balance(available=100_000)


def test_every_balance_is_the_sum_of_its_entries(alice: User, bob: User) -> None:
    held(alice, 300, "work:1")
    held(bob, 500, "work:2")
    credits.capture(user_id=alice.pk, reference="work:1")
    credits.release(user_id=bob.pk, reference="work:2")
    for row in CreditBalance.objects.filter(user__in=[alice, bob]):
        entries = LedgerEntry.objects.filter(user=row.user_id)
        assert row.available == sum(entries.filter(account="available").values_list("millicredits", flat=True))
        assert row.held == sum(entries.filter(account="held").values_list("millicredits", flat=True))
    assert sum(LedgerEntry.objects.values_list("millicredits", flat=True)) == 0


def test_holds_at_once_never_take_more_than_there_is(committed: None, make_person: Callable[..., User]) -> None:
    alice = make_person("alice", given_credits=1)
    results = at_once(lambda number: held(alice, 300, f"race:{number}"), 12)
    assert sum(isinstance(result, credits.InsufficientCredit) for result in results) == 9
    assert credits.balance_of(alice.pk) == credits.Balance(available=100, held=900)


def test_settlements_at_once_leave_one(committed: None, make_person: Callable[..., User]) -> None:
    alice = make_person("alice", given_credits=1)
    held(alice, 300, "race")

    def settle(number: int) -> int:
        with transaction.atomic():
            # Without the row lock on purpose: the database alone must hold.
            verb = credits.capture if number % 2 else credits.release
            return verb(user_id=alice.pk, reference="race")

    results = at_once(settle, 12)
    assert sum(result == 300 for result in results) == 1
    assert credits.balance_of(alice.pk).held == 0


def test_the_application_is_no_superuser_and_owns_no_table(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False,)
        cursor.execute("SELECT count(*) FROM pg_tables WHERE tableowner = current_user")
        assert cursor.fetchone() == (0,)
