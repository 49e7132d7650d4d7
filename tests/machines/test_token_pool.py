"""Whatever happens to tokens in whatever order, the pool keeps its rules: a random walk against a model in Python."""

from collections import Counter
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from hypothesis.strategies import integers, sampled_from

from accounts.ids import uuid7
from providers.credentials import Credential
from providers.errors import NotSent, OutOfCredit, RateLimited, Rejected, TokenInvalid
from providers.models import ProviderHealth, Token, TokenDay, TokenUse
from providers.pool import enrolling, memory, overview, reporting, taking
from tests.machines import clock
from tests.machines.walking import patient, walk

pytestmark = [pytest.mark.long, patient]
PLACES, CAP = 2, 5
WEIGHTS = (1, 3, 2)
PROVIDER, ENDPOINT = "replicate", "walk/model"
ERRORS = {
    "accepted": None,
    "busy": RateLimited("429", retry_after_seconds=0),
    "busy, told": RateLimited("429", retry_after_seconds=30),
    "refused": TokenInvalid("401"),
    "empty": OutOfCredit("402"),
    "wish": Rejected("422"),
    "unsent": NotSent("no route"),
}


class Pool(RuleBasedStateMachine):
    """Three tokens, one with a cap; jobs take places, are answered and end; the operator switches; time goes by."""

    def __init__(self) -> None:
        super().__init__()
        for model in (TokenUse, TokenDay, ProviderHealth, Token):
            model.objects.all().delete()
        memory.forget()
        self.tokens = [
            row
            for name, weight in zip("abc", WEIGHTS, strict=True)
            for row in enrolling.enrol(PROVIDER, f"r8_walk_{name}", max_in_flight=PLACES, weight=weight).tokens
        ]
        self.capped = self.tokens[2].pk
        Token.objects.filter(pk=self.capped).update(daily_cap=CAP)
        self.weight = {row.pk: row.weight for row in self.tokens}
        self.turn = dict.fromkeys(self.weight, 0.0)
        self.used: list[int] = []
        self.held: dict[UUID, Credential] = {}
        self.unanswered: dict[UUID, Credential] = {}
        self.requests: Counter[int] = Counter()
        self.errors: Counter[int] = Counter()

    def may_take(self, row: Token) -> bool:
        """The rule, said a second time."""
        busy = sum(one.token_id == row.pk for one in self.held.values())
        now = timezone.now()
        rested = row.cooldown_until is not None and row.cooldown_until <= now
        tried = row.trial_until is not None and row.trial_until > now
        works = row.state == "active" or (row.state != "disabled" and rested and not tried)
        capped = row.daily_cap is not None and self.requests[row.pk] >= row.daily_cap
        return row.is_enabled and works and not capped and busy < row.max_in_flight

    def whose_turn_it_is(self, free: set[int]) -> int:
        """Each job moves a token's turn on by 1/weight; the lowest goes first, of equals who was used longest ago."""
        present = max(turn - 1 / self.weight[pk] for pk, turn in self.turn.items())
        present = max(present, 0.0) if self.used else 0.0
        longest_ago = {pk: len(self.used) - self.used[::-1].index(pk) if pk in self.used else 0 for pk in free}
        first = min(free, key=lambda pk: (round(max(self.turn[pk], present), 6), longest_ago[pk], pk))
        self.turn[first] = max(self.turn[first], present) + 1 / self.weight[first]
        self.used.append(first)
        return first

    @rule()
    def take(self) -> None:
        free = {row.pk: row.state != "active" for row in Token.objects.all() if self.may_take(row)}
        holder = uuid7()
        with transaction.atomic():
            got = taking.take(PROVIDER, ENDPOINT, holder)
        if isinstance(got, Credential):
            assert got.token_id == self.whose_turn_it_is(set(free))
            assert got.is_trial == free[got.token_id]
            self.held[holder] = self.unanswered[holder] = got
            self.requests[got.token_id] += 1
        else:
            assert not free or got.why == "provider"

    @rule(number=integers(0, 9), outcome=sampled_from(sorted(ERRORS)))
    def answer(self, number: int, outcome: str) -> None:
        if not self.unanswered:
            return
        holder = list(self.unanswered)[number % len(self.unanswered)]
        credential, error = self.unanswered.pop(holder), ERRORS[outcome]
        before = Token.objects.get(pk=credential.token_id or 0)
        reporting.submission(credential, PROVIDER, ENDPOINT, error)
        after = Token.objects.get(pk=credential.token_id or 0)
        if before.state == "disabled":
            assert after.state == "disabled"
        if error is not None and not isinstance(error, Rejected):
            self.errors[after.pk] += 1
        if isinstance(error, TokenInvalid | OutOfCredit | RateLimited):
            assert after.state != "active"
        if error is not None:
            self.end(holder)

    @rule(number=integers(0, 9))
    def job_ends(self, number: int) -> None:
        if self.held:
            self.end(list(self.held)[number % len(self.held)])

    def end(self, holder: UUID) -> None:
        had = self.held.pop(holder, None) is not None
        assert taking.release([holder]) == int(had)

    @rule(number=integers(0, 2), action=sampled_from([enrolling.bring_back, enrolling.switch_off]))
    def operate(self, number: int, action: Any) -> None:
        action(self.tokens[number].pk)

    @rule(seconds=sampled_from([2, 31, 130, 1000, 4000]))
    def time_passes(self, seconds: int) -> None:
        clock.passes(seconds, *clock.OF_TOKENS)

    @rule(number=integers(0, 9))
    def a_question_about_a_job_is_refused(self, number: int) -> None:
        """A token that is not accepted any more is not sent with either; it counts as no error of a job."""
        if self.held:
            credential = list(self.held.values())[number % len(self.held)]
            reporting.read(credential, TokenInvalid("401"))
            assert Token.objects.get(pk=credential.token_id or 0).state in {"suspect", "disabled"}

    @invariant()
    def places_are_those_of_the_jobs(self) -> None:
        assert set(TokenUse.objects.values_list("holder", flat=True)) == set(self.held)

    @invariant()
    def nobody_has_more_than_they_may(self) -> None:
        assert all(busy <= PLACES for busy in Counter(one.token_id for one in self.held.values()).values())
        assert self.requests[self.capped] <= CAP

    @invariant()
    def counts_are_exact(self) -> None:
        for row in overview.every_token():
            assert (row.requests, row.errors) == (self.requests[row.id], self.errors[row.id])

    @invariant()
    def a_rest_has_an_end_and_work_has_none(self) -> None:
        for row in Token.objects.all():
            assert (row.cooldown_until is None) == (row.state in {"active", "disabled"})
            assert (row.fail_streak == 0) == (row.state == "active")


@pytest.mark.django_db
def test_the_pool_keeps_its_rules_on_a_random_walk() -> None:
    walk(Pool, examples=20, steps=40)
