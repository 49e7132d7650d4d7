"""Sign-in, sign-up and the letter for a new password tell nobody who is here: same words, same status, same work."""

import re
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core import mail
from django.test import Client

from accounts.checks import sign_up_tells_nothing
from accounts.demo import DEMO_PEOPLE
from accounts.models import User
from tests.accounts.factors import PASSWORD
from tests.accounts.hashing import CountingHasher
from tests.conftest import MakePerson

WRONG = "wrong-password-1"
ROUNDS = 7
HIDDEN = re.compile(r'(name="csrfmiddlewaretoken" value=|X-CSRFToken": |nonce=|value=)"[^"]*"')
Knock = Callable[[str], Any]
pytestmark = pytest.mark.django_db


def sign_in(email: str) -> Any:
    return Client().post("/accounts/login/", {"login": email, "password": WRONG})


def sign_up(email: str) -> Any:
    return Client().post("/accounts/signup/", {"email": email, "password1": PASSWORD})


def reset(email: str) -> Any:
    return Client().post("/accounts/password/reset/", {"email": email})


DOORS = [pytest.param(door, id=door.__name__) for door in (sign_in, sign_up, reset)]


@pytest.fixture(autouse=True)
def _public(settings: Any) -> None:
    """As a studio that sends letters; every test comes from one address."""
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    settings.ACCOUNT_RATE_LIMITS = False
    settings.PASSWORD_HASHERS = ["tests.accounts.hashing.CountingHasher"]


def told(knock: Knock, email: str) -> tuple[Any, ...]:
    """All that comes back, with what was typed and what is new each time left out; and the work it took."""
    before, letters = CountingHasher.computed, len(mail.outbox)
    answer = knock(email)
    page = HIDDEN.sub("", answer.content.decode().replace(email, ""))
    headers = {name: value for name, value in answer.headers.items() if name in {"Location", "Content-Type", "Vary"}}
    cookies = sorted(answer.cookies)
    work = (CountingHasher.computed - before, len(mail.outbox) - letters)
    return answer.status_code, headers, cookies, page, work


@pytest.mark.parametrize("knock", DOORS)
def test_known_and_unknown_addresses_are_answered_alike(knock: Knock, make_person: MakePerson) -> None:
    known = make_person("known", password=PASSWORD)
    disabled = make_person("gone", password=PASSWORD, is_active=False)
    first = told(knock, "nobody@example.com")
    assert told(knock, known.email) == first
    assert told(knock, known.email.upper()) == first
    assert told(knock, disabled.email) == first


def test_demo_people_outside_the_demo_are_nobody_at_all(make_person: MakePerson, settings: Any) -> None:
    settings.EMBEDDED = False
    email, password, role = DEMO_PEOPLE[1]
    User.objects.create_user(email, password, role=role)
    assert told(sign_in, email) == told(sign_in, "nobody@example.com")

    def with_right_password(address: str) -> Any:
        return Client().post("/accounts/login/", {"login": address, "password": password})

    assert told(with_right_password, email) == told(with_right_password, "nobody@example.com")


@pytest.mark.long
@pytest.mark.parametrize("knock", DOORS)
def test_the_clock_tells_no_more_than_noise(knock: Knock, make_person: MakePerson) -> None:
    """Alternating, so that a machine that gets slower is slower for both. The work itself is counted above."""
    taken: dict[str, list[float]] = {"known": [], "unknown": []}
    known = make_person("known", password=PASSWORD)
    for number in range(ROUNDS):
        for kind, email in (("known", known.email), ("unknown", f"nobody-{number}@example.com")):
            started = time.perf_counter()
            knock(email)
            taken[kind].append(time.perf_counter() - started)
    noise = max(max(times) - min(times) for times in taken.values())
    difference = abs(median(taken["known"]) - median(taken["unknown"]))
    assert difference <= max(noise, 0.02), taken


def test_who_is_here_learns_that_somebody_tried(make_person: MakePerson) -> None:
    known = make_person("known", password=PASSWORD)
    sign_up(known.email)
    (letter,) = mail.outbox
    assert letter.to == [known.email]
    assert User.objects.filter(email__iexact=known.email).count() == 1
    assert known.check_password(PASSWORD)


@pytest.mark.parametrize(
    ("is_loopback", "verification", "warns"),
    [(True, "optional", False), (False, "optional", True), (False, "none", True), (False, "mandatory", False)],
)
def test_a_deployment_whose_sign_up_tells_is_warned(
    settings: Any, *, is_loopback: bool, verification: str, warns: bool
) -> None:
    settings.IS_LOOPBACK, settings.ACCOUNT_EMAIL_VERIFICATION = is_loopback, verification
    assert bool(sign_up_tells_nothing()) is warns
    assert django_settings.ACCOUNT_PREVENT_ENUMERATION is True
