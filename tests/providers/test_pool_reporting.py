"""What a failure means for the token it happened to."""

from datetime import timedelta

import pytest
from django.utils import timezone

from providers.credentials import Credential
from providers.errors import (
    Ambiguous,
    ContentRefused,
    NotSent,
    OutOfCredit,
    ProviderError,
    RateLimited,
    Rejected,
    TokenInvalid,
)
from providers.models import Token, TokenDay
from providers.models.token import State
from providers.pool import reporting
from providers.pool.verdicts import verdict_on
from tests.pool import ENDPOINT, PROVIDER, add, taken

INNOCENT = [Ambiguous("502"), NotSent("no route"), Rejected("422"), ContentRefused("nsfw")]


def limited(seconds: float = 0) -> RateLimited:
    return RateLimited("429", retry_after_seconds=seconds)


@pytest.mark.parametrize(("told", "rest"), [(0.2, 1), (7, 7), (3600, 600)])
def test_a_provider_is_obeyed_within_limits(told: float, rest: float) -> None:
    for is_last in (False, True):
        verdict = verdict_on(limited(told), State.ACTIVE, 0, is_last=is_last)
        assert verdict is not None
        assert (verdict.state, verdict.streak, verdict.seconds) == (State.COOLING, 1, rest)


@pytest.mark.parametrize(("streak", "rest"), [(0, 5), (1, 10), (4, 80), (9, 300), (5000, 300)])
def test_untold_it_rests_longer_each_time(streak: int, rest: float) -> None:
    verdict = verdict_on(limited(), State.COOLING, streak, is_last=False)
    assert verdict is not None
    assert verdict.seconds is not None
    assert rest * 0.8 <= verdict.seconds <= rest * 1.2


def test_the_last_token_rests_as_shortly_as_it_may() -> None:
    verdict = verdict_on(limited(), State.COOLING, 8, is_last=True)
    assert verdict is not None
    assert verdict.seconds is not None
    assert verdict.seconds <= 6


@pytest.mark.parametrize("error", INNOCENT)
def test_a_token_is_not_to_blame_for_the_rest(error: ProviderError) -> None:
    assert verdict_on(error, State.ACTIVE, 0, is_last=False) is None


def report(error: ProviderError | None, credential: Credential | None = None) -> Token:
    credential = credential or taken()
    reporting.submission(credential, PROVIDER, ENDPOINT, error)
    return Token.objects.get(pk=credential.token_id or 0)


def rest_is_over() -> None:
    Token.objects.exclude(cooldown_until=None).update(cooldown_until=timezone.now() - timedelta(seconds=1))


def rest_of(token: Token) -> float:
    assert token.cooldown_until is not None
    return (token.cooldown_until - timezone.now()).total_seconds()


@pytest.mark.django_db
def test_a_refused_token_is_out_the_third_time() -> None:
    add("r8_token0", max_in_flight=9)
    for streak in (1, 2):
        token = report(TokenInvalid("401 Unauthenticated"))
        assert (token.state, token.fail_streak) == ("suspect", streak)
        assert 880 < rest_of(token) <= 900
        rest_is_over()
    token = report(TokenInvalid("401 Unauthenticated"))
    assert (token.state, token.cooldown_until) == ("disabled", None)
    assert "401 Unauthenticated" in token.last_error


@pytest.mark.django_db
def test_an_empty_account_rests_an_hour_each_time() -> None:
    add("r8_token0", max_in_flight=9)
    for _ in range(4):
        token = report(OutOfCredit("402"))
        assert token.state == "exhausted"
        assert 3580 < rest_of(token) <= 3600
        rest_is_over()


@pytest.mark.django_db
def test_jobs_that_fail_at_once_fail_for_one_reason() -> None:
    add("r8_token0", max_in_flight=9)
    credentials = [taken() for _ in range(5)]
    tokens = [report(TokenInvalid("401"), credential) for credential in credentials]
    assert {(token.state, token.fail_streak) for token in tokens} == {("suspect", 1)}
    assert TokenDay.objects.get().errors == 5


@pytest.mark.django_db
def test_a_good_answer_to_an_older_call_does_not_end_a_rest() -> None:
    add("r8_token0", max_in_flight=9)
    older = taken()
    report(TokenInvalid("401"))
    assert report(None, older).state == "suspect"


@pytest.mark.django_db
def test_a_trial_that_learnt_nothing_lets_another_try() -> None:
    add("r8_token0", max_in_flight=9)
    report(limited(5))
    rest_is_over()
    assert report(NotSent("no route")).state == "cooling"
    trial = taken()
    assert trial.is_trial
    # Whoever is told that the wish is wrong has been let in.
    assert report(Rejected("422"), trial).state == "active"


@pytest.mark.django_db
def test_counts_are_of_jobs_and_of_what_was_the_tokens_or_the_providers_fault() -> None:
    [token] = add("r8_token0", max_in_flight=99)
    for error in (None, limited(), TokenInvalid("401"), *INNOCENT):
        Token.objects.update(state="active", cooldown_until=None, trial_until=None)
        report(error)
    day = TokenDay.objects.get(token=token)
    assert (day.requests, day.errors) == (7, 4)


@pytest.mark.django_db
def test_a_question_that_is_refused_takes_the_token_out_of_sending() -> None:
    [token] = add("r8_token0", max_in_flight=9)
    reporting.read(taken(), NotSent("no route"))
    token.refresh_from_db()
    assert token.state == "active"
    reporting.read(taken(), TokenInvalid("401"))
    token.refresh_from_db()
    assert token.state == "suspect"


@pytest.mark.django_db
def test_the_sandbox_and_nobody_are_not_judged() -> None:
    reporting.submission(Credential("sandbox", "sandbox"), PROVIDER, ENDPOINT, TokenInvalid("401"))
    assert Token.objects.count() == 0
