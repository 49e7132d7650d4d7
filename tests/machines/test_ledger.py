"""Grants, holds, captures, releases and refunds of several people in any order, against a model in plain Python.

The model says what may be; what it forbids has to be refused and leave nothing behind. Every operation is a commit.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import ClassVar

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from hypothesis.strategies import integers, lists, sampled_from, tuples

from accounts import audit, credits
from accounts.credits import Balance, InsufficientCredit
from accounts.models import LedgerEntry, LedgerTransaction, User
from tests.conftest import MakePerson
from tests.machines.walking import patient, walk

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.long, patient]
WHO = integers(0, 2)
WHAT = sampled_from(["a", "b", "c", "d"])
# Also what nobody should ask for.
AMOUNT = sampled_from([-5, 0, 1, 30, 70, 100, 2**62])
Step = tuple[str, int, str, int]
STEPS = tuples(sampled_from(["grant", "hold", "capture", "release", "refund"]), WHO, WHAT, AMOUNT)


class Refused(Exception):
    """The model does not allow it."""


@dataclass
class Account:
    available: int = 0
    held: int = 0


class Model:
    """What money there is and what became of each reference, without a database."""

    def __init__(self, people: int) -> None:
        self.accounts = [Account() for _person in range(people)]
        # (kind, reference): who, and how much.
        self.done: dict[tuple[str, str], tuple[int, int]] = {}

    def copy(self) -> "Model":
        other = Model(0)
        other.accounts = [Account(one.available, one.held) for one in self.accounts]
        other.done = dict(self.done)
        return other

    def do(self, kind: str, who: int, reference: str, amount: int) -> bool:
        """True when money moved; raises Refused."""
        mine = self.accounts[who]
        held_by, held = self.done.get(("hold", reference), (who, 0))
        is_settled = ("capture", reference) in self.done or ("release", reference) in self.done
        match kind:
            case "grant":
                self._require(amount > 0 and mine.available + amount < 2**63)
                mine.available += amount
            case "hold":
                self._require(0 < amount <= mine.available)
                mine.available, mine.held = mine.available - amount, mine.held + amount
            case "capture" | "release":
                if not held:
                    return False  # free work: nothing was held, nothing moves
                amount = held
                self._require(held_by == who and not is_settled)
                mine.held -= held
                mine.available += held if kind == "release" else 0
            case _:
                charged_to, charged = self.done.get(("capture", reference), (who, 0))
                self._require(charged_to == who and 0 < amount <= charged)
                mine.available += amount
        self._require((kind, reference) not in self.done)
        self.done[kind, reference] = who, amount
        return True

    @staticmethod
    def _require(is_allowed: bool) -> None:
        if not is_allowed:
            raise Refused


class Ledger(RuleBasedStateMachine):
    make_person: ClassVar[MakePerson]
    put_back: ClassVar[Callable[[], None]]

    def __init__(self) -> None:
        super().__init__()
        type(self).put_back()
        self.people = [type(self).make_person(name, given_credits=0) for name in ("alice", "bob", "carol")]
        self.model = Model(len(self.people))
        self.refused = 0

    @initialize(amounts=lists(sampled_from([50, 100, 300]), min_size=3, max_size=3))
    def all_have_some(self, amounts: list[int]) -> None:
        for who, amount in enumerate(amounts):
            self.several_at_once([("grant", who, f"start {who}", amount)])

    @rule(step=STEPS)
    def one(self, step: Step) -> None:
        self.several_at_once([step])

    @rule(steps=lists(STEPS, min_size=2, max_size=3))
    def several_at_once(self, steps: list[Step]) -> None:
        """In one transaction: all of it or nothing."""
        wanted = self.model.copy()
        try:
            for kind, who, reference, amount in steps:
                wanted.do(kind, who, reference, amount)
        except Refused:
            with self.refusal(), transaction.atomic():
                self.carry_out(steps)
            return
        with transaction.atomic():
            self.carry_out(steps)
        self.model = wanted

    @contextmanager
    def refusal(self) -> Iterator[None]:
        with pytest.raises((DatabaseError, InsufficientCredit, OverflowError)):
            yield
        self.refused += 1

    def carry_out(self, steps: list[Step]) -> None:
        for kind, who, reference, amount in steps:
            person = self.people[who]
            User.objects.locked(person.pk)
            match kind:
                case "grant":
                    credits.grant(user_id=person.pk, millicredits=amount, reference=reference)
                case "hold":
                    credits.hold(user_id=person.pk, millicredits=amount, reference=reference)
                case "capture":
                    credits.capture(user_id=person.pk, reference=reference)
                case "release":
                    credits.release(user_id=person.pk, reference=reference)
                case _:
                    credits.refund(user_id=person.pk, millicredits=amount, reference=reference)

    @rule(who=WHO, account=sampled_from(["available", "held"]), amount=sampled_from([-1, 1]))
    def somebody_writes_past_the_ledger(self, who: int, account: str, amount: int) -> None:
        with self.refusal(), transaction.atomic(), connection.cursor() as cursor:
            statement = f"UPDATE accounts_creditbalance SET {account} = {account} + %s WHERE user_id = %s"
            cursor.execute(statement, [amount, self.people[who].pk])

    @rule(
        what=sampled_from(
            ["UPDATE accounts_ledgerentry SET millicredits = 0", "DELETE FROM accounts_ledgertransaction"]
        )
    )
    def somebody_rewrites_history(self, what: str) -> None:
        with self.refusal(), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(what)

    @rule(who=WHO, source=sampled_from(["grants", "available", "held"]), amount=sampled_from([0, 7]))
    def half_a_movement(self, who: int, source: str, amount: int) -> None:
        with self.refusal(), transaction.atomic():
            half = LedgerTransaction.objects.create(kind="grant", reference=f"half {self.refused}")
            owner = None if source == "grants" else self.people[who]
            LedgerEntry.objects.create(transaction=half, account=source, user=owner, millicredits=amount)

    @invariant()
    def balances_are_the_models(self) -> None:
        for person, account in zip(self.people, self.model.accounts, strict=True):
            assert credits.balance_of(person.pk) == Balance(available=account.available, held=account.held)

    @invariant()
    def what_happened_is_what_the_model_did_and_no_more(self) -> None:
        assert set(LedgerTransaction.objects.values_list("kind", "reference")) == set(self.model.done)
        assert LedgerEntry.objects.count() == 2 * len(self.model.done)

    @invariant()
    def the_nightly_check_finds_nothing(self) -> None:
        with connection.cursor() as cursor:
            assert list(audit.broken(cursor, audit.CHECKS)) == []


def test_the_ledger_does_what_the_model_does_and_refuses_the_rest(
    make_person: MakePerson, put_back: Callable[[], None]
) -> None:
    Ledger.make_person, Ledger.put_back = staticmethod(make_person), staticmethod(put_back)
    walk(Ledger, examples=30, steps=30)
