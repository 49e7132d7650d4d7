"""Whatever happens to tokens in whatever order, the pool keeps its rules: a random walk against a model in Python."""

from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from hypothesis.strategies import integers, sampled_from

from accounts.ids import uuid7
from providers.credentials import Credential
from providers.errors import NotSent, OutOfCredit, RateLimited, Rejected, TokenInvalid
from providers.models import ProviderHealth, Token, TokenDay, TokenUse
from providers.pool import enrolling, memory, overview, reporting, taking

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
    """Three tokens; jobs take places, are answered, end and die; the operator switches; time goes by."""

    def __init__(self) -> None:
        super().__init__()
        for model in (TokenUse, TokenDay, ProviderHealth, Token):
            model.objects.all().delete()
        memory.forget()
        self.tokens = enrolling.enrol(PROVIDER, "r8_walk_a\nr8_walk_b\nr8_walk_c", max_in_flight=2).tokens
        Token.objects.filter(pk=self.tokens[2].pk).update(daily_cap=5)
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

    @rule()
    def take(self) -> None:
        free = {row.pk for row in Token.objects.all() if self.may_take(row)}
        holder = uuid7()
        with transaction.atomic():
            got = taking.take(PROVIDER, ENDPOINT, holder)
        if isinstance(got, Credential):
            assert got.token_id in free
            self.held[holder] = self.unanswered[holder] = got
            self.requests[got.token_id or 0] += 1
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

    @rule()
    def an_hour_goes_by(self) -> None:
        past = timezone.now() - timedelta(seconds=1)
        Token.objects.exclude(cooldown_until=None).update(cooldown_until=past)
        Token.objects.exclude(trial_until=None).update(trial_until=past)
        ProviderHealth.objects.update(open_until=None, trial_until=None, calls=0, failures=0, openings=0)
        memory.forget()

    @invariant()
    def places_are_those_of_the_jobs(self) -> None:
        assert set(TokenUse.objects.values_list("holder", flat=True)) == set(self.held)

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
    run_state_machine_as_test(
        Pool,
        settings=settings(
            max_examples=25, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
