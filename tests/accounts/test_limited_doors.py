"""Every limited door: what one too many is answered, with which headers, and that it is counted for one only."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from accounts.models import User
from accounts.sign_in_rates import ACTIONS
from config import cache
from generations.models import Generation
from generations.templatetags.icons import icon_sprite
from providers import catalogue
from tests.accounts.factors import PASSWORD, code_of, set_up
from tests.conftest import ApiClient, MakePerson

NAMES = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")
AUTH = 10
SMALL = {"api": "2/d", "upload": "2/d"}
WISH = {"model": "flux-schnell", "prompt": "too often"}
pytestmark = pytest.mark.django_db


@dataclass(frozen=True, kw_only=True, slots=True)
class Door:
    """limit: knocks that are let in. knock: one more of them, the same each time."""

    name: str
    limit: int
    knock: Callable[["Hand"], Any]
    is_sign_in: bool = True

    def __str__(self) -> str:
        return self.name


class Hand:
    """Alice at the doors: signed in, half signed in, by her key, and as nobody."""

    def __init__(self, alice: User) -> None:
        self.alice = alice
        alice.set_password(PASSWORD)
        alice.save(update_fields=["password"])
        self.nobody, self.browser, self.program = Client(), Client(), ApiClient(alice)
        self.browser.force_login(alice)

    def halfway(self) -> Client:
        """Whose password was right."""
        if not hasattr(self, "half"):
            set_up(self.alice)
            self.half = Client()
            self.half.post("/accounts/login/", {"login": self.alice.email, "password": PASSWORD})
        return self.half

    def with_factor(self) -> Client:
        self.halfway()
        return self.browser

    def proven(self) -> Client:
        """Who has just shown the password."""
        if not hasattr(self, "shown"):
            self.shown = self.browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
        return self.browser


def picture() -> SimpleUploadedFile:
    body = BytesIO()
    Image.new("RGB", (8, 8)).save(body, "PNG")
    return SimpleUploadedFile("a.png", body.getvalue(), "image/png")


def wrong(email: str) -> dict[str, str]:
    return {"login": email, "password": "wrong-password-1"}


def by_key(hand: Hand) -> Any:
    return hand.nobody.post("/accounts/password/reset/key/0-set-password/", {"password1": "x", "password2": "y"})


def new_password(hand: Hand) -> Any:
    form = {"oldpassword": "wrong-password-1", "password1": "new-password-1", "password2": "new-password-1"}
    return hand.browser.post("/accounts/password/change/", form)


RATE = catalogue.get("flux-schnell").rate_per_minute
DOORS = (
    Door(name="sign in", limit=AUTH, knock=lambda hand: hand.nobody.post("/accounts/login/", wrong(hand.alice.email))),
    Door(
        name="sign in as others",
        limit=AUTH,
        knock=lambda hand: hand.nobody.post("/accounts/login/", wrong(f"{uuid4()}@example.com")),
    ),
    Door(
        name="sign up",
        limit=AUTH,
        knock=lambda hand: Client().post("/accounts/signup/", {"email": "no address", "password1": PASSWORD}),
    ),
    Door(
        name="letters to one",
        limit=3,
        knock=lambda hand: hand.nobody.post("/accounts/password/reset/", {"email": hand.alice.email}),
    ),
    Door(
        name="letters to many",
        limit=AUTH,
        knock=lambda hand: hand.nobody.post("/accounts/password/reset/", {"email": f"{uuid4()}@example.com"}),
    ),
    Door(name="the letter's page", limit=AUTH, knock=by_key),
    Door(name="new password", limit=AUTH, knock=new_password),
    Door(
        name="addresses",
        limit=AUTH,
        knock=lambda hand: hand.proven().post("/accounts/email/", {"action_add": "", "email": "no address"}),
    ),
    Door(
        name="password again",
        limit=AUTH,
        knock=lambda hand: hand.browser.post("/accounts/reauthenticate/", {"password": "wrong-password-1"}),
    ),
    Door(
        name="code at sign-in",
        limit=AUTH,
        knock=lambda hand: hand.halfway().post("/accounts/2fa/authenticate/", {"code": "no code"}),
    ),
    Door(
        name="code again",
        limit=AUTH,
        knock=lambda hand: hand.with_factor().post("/accounts/2fa/reauthenticate/", {"code": "no code"}),
    ),
    Door(
        name="a new factor",
        limit=AUTH,
        knock=lambda hand: hand.proven().post("/accounts/2fa/totp/activate/", {"code": "no code"}),
    ),
    Door(name="API", limit=2, is_sign_in=False, knock=lambda hand: hand.program.get("/api/generations/list")),
    Door(
        name="API upload",
        limit=2,
        is_sign_in=False,
        knock=lambda hand: hand.program.post("/api/upload", {"files": picture()}),
    ),
    Door(
        name="page of wishes",
        limit=RATE,
        is_sign_in=False,
        knock=lambda hand: hand.browser.post("/", {"model": "flux-schnell", "prompt": ""}),
    ),
    Door(
        name="page of wishes, by htmx",
        limit=RATE,
        is_sign_in=False,
        knock=lambda hand: hand.browser.post(
            "/", {"model": "flux-schnell", "prompt": ""}, headers={"HX-Request": "true"}
        ),
    ),
)


@pytest.fixture(scope="module", autouse=True)
def _warm() -> None:
    """Drawing the icons takes a process long, once; a transaction that waits for it is ended."""
    assert icon_sprite()


@pytest.fixture
def hand(alice: User, settings: Any) -> Hand:
    settings.RATE_LIMITS = SMALL
    for name in ("default", "rates"):
        caches[name].clear()
    return Hand(alice)


def left(answer: Any) -> int:
    return int(answer.headers["X-RateLimit-Remaining"])


@pytest.mark.parametrize("door", DOORS, ids=str)
def test_one_too_many_is_429_and_says_when_to_come_again(door: Door, hand: Hand) -> None:
    """A minute may end meanwhile at the doors that count by the minute, so twice as many may pass there."""
    answers = []
    for _ in range(2 * door.limit + 2):
        answers.append(door.knock(hand))
        if answers[-1].status_code == 429:
            break
    passed, refused = answers[:-1], answers[-1]
    assert refused.status_code == 429, [answer.status_code for answer in answers]
    assert len(passed) == door.limit or door.limit == RATE
    assert int(refused.headers["Retry-After"]) > 0
    assert refused.headers["Retry-After"] == refused.headers["X-RateLimit-Reset"]
    assert left(refused) == 0
    for answer in passed:
        assert set(NAMES) <= set(answer.headers), answer.status_code
        assert "Retry-After" not in answer.headers
    assert [left(answer) for answer in passed] == sorted((left(answer) for answer in passed), reverse=True) or (
        door.limit == RATE
    )
    assert not Generation.objects.exists()


@pytest.mark.parametrize("door", [door for door in DOORS if door.is_sign_in], ids=str)
def test_where_people_sign_in_the_limit_holds_without_redis(door: Door, hand: Hand) -> None:
    cache.breaker.trip(600)
    try:
        answers = [door.knock(hand) for _ in range(door.limit + 1)]
    finally:
        cache.breaker.trip(0)
    assert [answer.status_code == 429 for answer in answers] == [False] * door.limit + [True]
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_a_code_of_a_second_factor_is_good_once_without_redis(hand: Hand) -> None:
    secret = set_up(hand.alice)
    cache.breaker.trip(600)
    try:
        code, signed_in = code_of(secret), []
        for _ in range(2):
            client = Client()
            client.post("/accounts/login/", {"login": hand.alice.email, "password": PASSWORD})
            client.post("/accounts/2fa/authenticate/", {"code": code})
            signed_in.append("_auth_user_id" in client.session)
    finally:
        cache.breaker.trip(0)
    assert signed_in == [True, False]


def test_every_door_of_signing_in_is_walked_through(hand: Hand) -> None:
    """By what the resolver calls the addresses that answered with a rate."""
    walked = {door.knock(hand).resolver_match.url_name for door in DOORS}
    assert walked >= set(ACTIONS)


def test_the_page_still_stands_and_says_so(hand: Hand) -> None:
    for _ in range(AUTH + 1):
        answer = hand.nobody.post("/accounts/login/", wrong(hand.alice.email), headers={"Accept-Language": "ru"})
    page = answer.content.decode()
    assert answer.status_code == 429
    assert 'name="password"' in page
    assert 'role="alert"' in page


def test_who_is_refused_at_one_address_is_let_in_from_another(hand: Hand, make_person: MakePerson) -> None:
    for _ in range(AUTH + 1):
        refused = hand.nobody.post("/accounts/login/", wrong(f"{uuid4()}@example.com"))
    assert refused.status_code == 429
    bob = make_person("bob", password=PASSWORD)
    right = {"login": bob.email, "password": PASSWORD}
    assert hand.nobody.post("/accounts/login/", right).status_code == 429
    assert Client(REMOTE_ADDR="198.51.100.7").post("/accounts/login/", right).status_code == 302


def test_a_right_password_uses_nothing_up(hand: Hand) -> None:
    form = {"login": hand.alice.email, "password": PASSWORD}
    assert {Client().post("/accounts/login/", form).status_code for _ in range(AUTH + 2)} == {302}
