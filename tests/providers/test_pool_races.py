"""Many take, give back and fail at the same moment, each on its own connection."""

from collections import Counter

import pytest
from django.db import connection, transaction

from accounts.ids import uuid7
from providers.credentials import Credential
from providers.errors import TokenInvalid
from providers.models import ProviderHealth, Token, TokenDay, TokenUse
from providers.pool import enrolling, reporting, taking
from tests.pool import ENDPOINT, PROVIDER, add, take, taken
from tests.threads import at_once

pytestmark = pytest.mark.usefixtures("committed")


def test_one_of_sixteen_gets_the_last_place() -> None:
    add("r8_token0")
    got = at_once(lambda _number: take(), 16)
    assert sorted(type(one).__name__ for one in got) == ["Credential"] + ["Wait"] * 15
    assert TokenUse.objects.count() == TokenDay.objects.get().requests == 1


def test_sixteen_get_ten_places_and_no_token_two_of_them() -> None:
    add(*(f"r8_token{n}" for n in range(10)))
    got = at_once(lambda _number: take(), 16)
    used = Counter(one.token_id for one in got if isinstance(one, Credential))
    assert len(used) == 10
    assert set(used.values()) == {1}


def test_a_cap_is_not_overrun() -> None:
    add("r8_token0", max_in_flight=16, daily_cap=5)
    got = at_once(lambda _number: take(), 16)
    assert sum(isinstance(one, Credential) for one in got) == 5


def test_places_are_never_more_than_there_are_while_they_come_and_go() -> None:
    [token] = add("r8_token0", max_in_flight=3)
    seen: list[int] = []

    def work(_number: int) -> None:
        for _round in range(10):
            holder = uuid7()
            with transaction.atomic():
                got = taking.take(PROVIDER, ENDPOINT, holder)
            seen.append(TokenUse.objects.filter(token=token).count())
            if isinstance(got, Credential):
                taking.release([holder])

    assert at_once(work, 8) == [None] * 8
    assert max(seen) <= 3
    assert not TokenUse.objects.exists()


def test_only_one_tries_a_token_that_failed_or_a_provider_that_did() -> None:
    add("r8_token0", max_in_flight=16)
    credential = taken()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE providers_token SET state = 'cooling', fail_streak = 1, cooldown_until = now()")
    got = at_once(lambda _number: take(), 8)
    assert sum(isinstance(one, Credential) for one in got) == 1
    enrolling.bring_back(credential.token_id or 0)
    reporting.submission(credential, PROVIDER, ENDPOINT, None)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE providers_providerhealth SET open_until = now()")
    got = at_once(lambda _number: take(), 8)
    assert sum(isinstance(one, Credential) for one in got) == 1


def test_failures_at_once_are_all_counted_and_move_the_token_once() -> None:
    add("r8_token0", max_in_flight=8)
    credentials = [taken() for _ in range(8)]
    at_once(lambda number: reporting.submission(credentials[number], PROVIDER, ENDPOINT, TokenInvalid("401")), 8)
    token = Token.objects.get()
    assert (token.state, token.fail_streak, TokenDay.objects.get().errors) == ("suspect", 1, 8)
    assert ProviderHealth.objects.get().calls == 8


def test_the_same_token_pasted_twice_at_once_is_there_once() -> None:
    results = at_once(lambda _number: enrolling.enrol(PROVIDER, "r8_token0"), 6)
    added = [one for one in results if isinstance(one, enrolling.Enrolled) and one.tokens]
    assert len(added) == Token.objects.count() == 1
    assert all(isinstance(one, enrolling.Enrolled) for one in results)
