"""Which token is taken, and why none: places, weights, rests, caps, trials and the breaker."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.ids import uuid7
from providers import status, tokens
from providers.credentials import MACHINE, SANDBOX
from providers.errors import Ambiguous, RateLimited, TokenInvalid
from providers.models import ProviderHealth, Token, TokenDay, TokenUse
from providers.pool import breaker, enrolling, memory, reporting, taking
from tests.pool import ENDPOINT, PROVIDER, add, take, taken, waits

pytestmark = pytest.mark.django_db


def test_each_token_has_one_place_and_all_are_used(settings: Any) -> None:
    ids = {token.pk for token in add(*(f"r8_token{n}" for n in range(10)))}
    assert {taken().token_id for _ in range(10)} == ids
    assert waits() == taking.Wait("token", None)


def test_a_place_given_back_is_taken_again() -> None:
    add("r8_token0")
    holder = uuid7()
    with transaction.atomic():
        assert isinstance(taking.take(PROVIDER, ENDPOINT, holder), tokens.Credential)
    waits()
    assert [taking.release([holder]) for _ in range(2)] == [1, 0]
    taken()


def test_the_least_recently_used_goes_first() -> None:
    add("r8_token0", "r8_token1", "r8_token2", max_in_flight=100)
    assert [taken().secret for _ in range(6)] == ["r8_token0", "r8_token1", "r8_token2"] * 2


def test_a_token_of_weight_three_is_used_three_times_as_often() -> None:
    light, heavy = add("r8_token0", "r8_token1", max_in_flight=1000)
    Token.objects.filter(pk=heavy.pk).update(weight=3)
    used = Counter(taken().token_id for _ in range(200))
    assert used == {heavy.pk: 150, light.pk: 50}


def test_one_that_comes_back_makes_up_for_nothing() -> None:
    add("r8_token0", "r8_token1", max_in_flight=1000)
    away = Token.objects.order_by("pk")[0]
    enrolling.switch_off(away.pk)
    for _ in range(50):
        taken()
    enrolling.bring_back(away.pk)
    used = Counter(taken().token_id for _ in range(20))
    assert used[away.pk] in {10, 11}


def test_more_places_are_more_jobs_and_a_lowered_limit_counts_those_beyond_it() -> None:
    [token] = add("r8_token0", max_in_flight=3)
    for _ in range(3):
        taken()
    waits()
    Token.objects.filter(pk=token.pk).update(max_in_flight=2)
    TokenUse.objects.filter(token=token, place=1).delete()
    waits()


def test_a_daily_cap_is_for_a_day() -> None:
    [token] = add("r8_token0", max_in_flight=10, daily_cap=2)
    taken(), taken()
    waits()
    TokenDay.objects.filter(token=token).update(day=timezone.now().date() - timedelta(days=1))
    taken()
    assert list(TokenDay.objects.filter(token=token).order_by("day").values_list("requests", flat=True)) == [2, 1]


@pytest.mark.parametrize("change", [{"is_enabled": False}, {"state": "disabled"}])
def test_one_that_is_off_or_out_is_never_taken(change: dict[str, Any]) -> None:
    [token] = add("r8_token0")
    Token.objects.filter(pk=token.pk).update(**change)
    assert waits() == taking.Wait("token", None)


def test_one_that_rests_says_when_it_is_asked_again() -> None:
    [token] = add("r8_token0")
    until = timezone.now() + timedelta(seconds=90)
    Token.objects.filter(pk=token.pk).update(state="cooling", cooldown_until=until)
    assert waits() == taking.Wait("token", until)


def test_after_its_rest_one_job_tries_it_and_the_others_wait() -> None:
    [token] = add("r8_token0", max_in_flight=5)
    past = timezone.now() - timedelta(seconds=1)
    Token.objects.filter(pk=token.pk).update(state="suspect", cooldown_until=past, fail_streak=1)
    trial = taken()
    assert trial.is_trial
    again_at = waits().again_at
    assert again_at is not None
    assert again_at < timezone.now() + timedelta(seconds=5)
    reporting.submission(trial, PROVIDER, ENDPOINT, None)
    token.refresh_from_db()
    assert (token.state, token.fail_streak, token.cooldown_until) == ("active", 0, None)
    assert [taken().is_trial for _ in range(4)] == [False] * 4


def test_a_trial_whose_process_died_holds_nothing_up_for_ever() -> None:
    [token] = add("r8_token0", max_in_flight=5)
    past = timezone.now() - timedelta(seconds=1)
    Token.objects.filter(pk=token.pk).update(state="cooling", cooldown_until=past, trial_until=past)
    assert taken().is_trial


def test_a_hundred_choices_cost_no_query_of_their_own() -> None:
    add(*(f"r8_token{n}" for n in range(10)), max_in_flight=1000)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        for _ in range(100):
            taken()
    of_the_pool = [query["sql"] for query in queries if "providers_" in query["sql"]]
    looked = [sql for sql in of_the_pool if "providers_take_token" not in sql]
    assert len(of_the_pool) - len(looked) == 100
    assert len(looked) <= 5, looked


def test_a_token_added_elsewhere_is_found_as_soon_as_it_is_needed() -> None:
    add("r8_token0")
    taken()
    snapshot = memory.recall(PROVIDER)
    add("r8_token1")
    memory._snapshots[PROVIDER] = snapshot  # as in a process that has not heard of it
    assert taken().secret == "r8_token1"


def test_places_are_taken_with_the_attempt_or_not_at_all() -> None:
    [token] = add("r8_token0")

    class Died(Exception):
        pass

    with pytest.raises(Died), transaction.atomic():
        taking.take(PROVIDER, ENDPOINT, uuid7())
        raise Died
    assert not TokenUse.objects.filter(token=token).exists()
    assert not TokenDay.objects.filter(token=token).exists()
    taken()


def test_tokens_of_the_environment_are_members_and_their_secrets_stay_there(settings: Any) -> None:
    own = {**settings.PROVIDERS["replicate"], "token": "r8_first, r8_second\n"}
    settings.PROVIDERS = {**settings.PROVIDERS, "replicate": own}
    assert {taken().secret, taken().secret} == {"r8_first", "r8_second"}
    assert list(Token.objects.values_list("source", "sealed_secret").distinct()) == [("environment", "")]
    settings.PROVIDERS = {**settings.PROVIDERS, "replicate": {**own, "token": "r8_second"}}
    TokenUse.objects.all().delete()
    assert taken().secret == "r8_second"
    waits()
    assert Token.objects.count() == 2


def test_one_added_by_hand_and_named_in_the_environment_is_one_member(settings: Any) -> None:
    add("r8_first")
    own = {**settings.PROVIDERS["replicate"], "token": "r8_first"}
    settings.PROVIDERS = {**settings.PROVIDERS, "replicate": own}
    taken()
    assert Token.objects.get().source == "admin"


def test_the_sandbox_has_room_for_all_until_there_is_a_token(settings: Any) -> None:
    settings.EMBEDDED, settings.SANDBOX_URL = True, "http://127.0.0.1:8004"
    assert [take() for _ in range(20)] == [SANDBOX] * 20
    assert tokens.is_ready(PROVIDER)
    [token] = add("r8_token0")
    assert taken().token_id == token.pk
    assert tokens.by_label(PROVIDER, "sandbox") == SANDBOX


def test_work_on_this_machine_needs_no_token_and_takes_no_place(settings: Any) -> None:
    with transaction.atomic():
        assert [taking.take("local", "local/crop", uuid7()) for _ in range(3)] == [MACHINE] * 3
    assert not TokenUse.objects.exists()
    assert (tokens.is_ready("local"), tokens.has_any("local")) == (True, False)
    assert tokens.by_label("local", "machine") == MACHINE
    settings.LOCAL_WORK = False
    assert not tokens.is_ready("local")


def test_when_all_are_out_the_provider_is_off_and_says_so() -> None:
    add("r8_token0")
    assert status.status_of(PROVIDER).mode == "on"
    Token.objects.update(state="disabled")
    memory.forget()
    off = status.status_of(PROVIDER)
    assert off.mode == "off"
    assert "None of its tokens" in str(off.reason)


def fail(times: int, endpoint: str = ENDPOINT) -> None:
    for _ in range(times):
        credential = taken(endpoint)
        reporting.submission(credential, PROVIDER, endpoint, Ambiguous("502", http_status=502))


def test_a_provider_that_fails_is_left_alone_and_its_tokens_are_not_to_blame() -> None:
    add("r8_token0", max_in_flight=1000)
    fail(9)
    taken()
    fail(1)
    wait = waits()
    assert wait.why == "provider"
    assert breaker.open_until(PROVIDER, ENDPOINT) == wait.again_at
    assert Token.objects.get().state == "active"
    taken("another/endpoint")


def test_after_the_pause_one_call_tries_and_a_good_one_ends_it() -> None:
    add("r8_token0", max_in_flight=1000)
    fail(10)
    for openings in (2, 3):
        ProviderHealth.objects.update(open_until=timezone.now())
        fail(1)
        health = ProviderHealth.objects.get()
        assert health.openings == openings
        assert health.open_until is not None
        seconds = (health.open_until - timezone.now()).total_seconds()
        assert 30 * 2 ** (openings - 1) - 5 < seconds <= 30 * 2 ** (openings - 1)
    ProviderHealth.objects.update(open_until=timezone.now())
    trial = taken()
    assert waits().why == "provider"
    reporting.submission(trial, PROVIDER, ENDPOINT, None)
    assert breaker.open_until(PROVIDER, ENDPOINT) is None
    assert [taken() is not None for _ in range(3)] == [True] * 3


def test_refusals_do_not_open_the_breaker() -> None:
    add(*(f"r8_token{n}" for n in range(20)), max_in_flight=1000)
    for number in range(20):
        error = TokenInvalid("401") if number % 2 else RateLimited("429", retry_after_seconds=0)
        reporting.submission(taken(), PROVIDER, ENDPOINT, error)
    assert ProviderHealth.objects.get().open_until is None
