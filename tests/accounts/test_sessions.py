"""Sessions: a new key at each step up, an end everywhere with a new password, cookies that only the server reads."""

import json
import os
import re
import subprocess
import sys
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client

from accounts.models import User
from config.local.site import ROOT
from tests.accounts.factors import PASSWORD, set_up, show

NEW = "another-long-one-8"
PRINTS = """
import json
from django.conf import settings
names = %r
print(json.dumps({name: getattr(settings, name) for name in names}))
"""
FLAGS = {
    "SESSION_COOKIE_NAME": "__Host-sessionid",
    "CSRF_COOKIE_NAME": "__Host-csrftoken",
    **{f"{kind}_COOKIE_{flag}": True for kind in ("SESSION", "CSRF") for flag in ("SECURE", "HTTPONLY")},
    **{f"{kind}_COOKIE_SAMESITE": "Lax" for kind in ("SESSION", "CSRF")},
    **{f"{kind}_COOKIE_DOMAIN": None for kind in ("SESSION", "CSRF")},
    **{f"{kind}_COOKIE_PATH": "/" for kind in ("SESSION", "CSRF")},
    "SECURE_SSL_REDIRECT": True,
    "SECURE_HSTS_SECONDS": 31_536_000,
    "STAFF_SECOND_FACTOR": True,
}
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def without_rates(settings: Any) -> None:
    """Every test of this module comes from one address."""
    settings.ACCOUNT_RATE_LIMITS = False


@pytest.fixture
def person(alice: User) -> User:
    alice.set_password(PASSWORD)
    alice.save(update_fields=["password"])
    return alice


def key(client: Client) -> str:
    return str(client.cookies["sessionid"].value)


def enter(client: Client, person: User, password: str = PASSWORD) -> Any:
    return client.post("/accounts/login/", {"login": person.email, "password": password})


def is_in(client: Client) -> bool:
    return client.get("/library/").status_code == 200


def test_a_key_from_before_signing_in_is_worth_nothing_after(person: User) -> None:
    """Fixation: somebody else knows the key of a session that was begun for the victim."""
    client = Client()
    session = client.session
    session["planted"] = True
    session.save()
    planted = key(client)
    assert enter(client, person).status_code == 302
    assert key(client) != planted
    thief = Client()
    thief.cookies["sessionid"] = planted
    assert (is_in(client), is_in(thief)) == (True, False)


def test_the_key_changes_between_password_and_second_factor_too(person: User) -> None:
    secret = set_up(person)
    client = Client()
    enter(client, person)
    halfway = key(client)
    assert show(client, "/accounts/2fa/authenticate/", secret).status_code == 302
    assert key(client) != halfway
    thief = Client()
    thief.cookies["sessionid"] = halfway
    assert (is_in(client), is_in(thief)) == (True, False)


def test_a_key_from_before_signing_out_is_worth_nothing_after(person: User) -> None:
    client = Client()
    enter(client, person)
    kept = key(client)
    client.post("/accounts/logout/")
    thief = Client()
    thief.cookies["sessionid"] = kept
    assert (is_in(client), is_in(thief)) == (False, False)


def test_a_new_password_signs_out_everywhere_else(person: User) -> None:
    here, elsewhere = Client(), Client()
    for client in (here, elsewhere):
        enter(client, person)
    form = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    assert here.post("/accounts/password/change/", form).status_code == 302
    assert (is_in(here), is_in(elsewhere)) == (True, False)


def test_a_forgotten_password_replaced_by_letter_signs_out_everywhere(person: User) -> None:
    elsewhere, client = Client(), Client()
    enter(elsewhere, person)
    client.post("/accounts/password/reset/", {"email": person.email})
    link = re.search(r"https?://[^/\s]+(/\S+)", str(mail.outbox[0].body))
    assert link is not None
    page = client.get(link[1], follow=True)
    assert client.post(page.request["PATH_INFO"], {"password1": NEW, "password2": NEW}).status_code == 302
    assert not is_in(elsewhere)
    assert enter(Client(), person).status_code == 200
    assert enter(Client(), person, NEW).status_code == 302


def test_who_is_disabled_is_out_at_once(person: User) -> None:
    client = Client()
    enter(client, person)
    person.is_active = False
    person.save(update_fields=["is_active"])
    assert not is_in(client)


def test_the_cookies_are_the_servers_alone(person: User) -> None:
    client = Client()
    client.get("/accounts/login/")
    enter(client, person)
    for name in ("sessionid", "csrftoken"):
        cookie = client.cookies[name]
        assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (True, "Lax", "/", "")


def test_on_https_they_are_bound_to_the_host_and_staff_need_a_second_factor() -> None:
    """The settings of another process, because they follow from PUBLIC_URL."""
    environment = {**os.environ, "PUBLIC_URL": "https://studio.example.org"}
    command = [sys.executable, "-c", PRINTS % list(FLAGS)]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == FLAGS


def test_the_letters_of_a_public_studio_confirm_each_address() -> None:
    for host, expected in (("", "optional"), ("mail.example.org", "mandatory")):
        environment = {**os.environ, "PUBLIC_URL": "https://studio.example.org", "EMAIL_HOST": host}
        command = [sys.executable, "-c", PRINTS % ["ACCOUNT_EMAIL_VERIFICATION"]]
        done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=True)
        assert json.loads(done.stdout) == {"ACCOUNT_EMAIL_VERIFICATION": expected}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/accounts/email/"),
        ("GET", "/accounts/2fa/totp/activate/"),
        ("POST", "/accounts/2fa/totp/activate/"),
        ("GET", "/accounts/2fa/totp/deactivate/"),
        ("POST", "/accounts/2fa/totp/deactivate/"),
        ("GET", "/accounts/2fa/recovery-codes/"),
        ("POST", "/accounts/2fa/recovery-codes/generate/"),
    ],
)
def test_what_could_take_an_account_over_asks_who_it_is(person: User, method: str, path: str) -> None:
    """A session that was only left open is not enough."""
    if "/activate" not in path:
        set_up(person)
    client = Client()
    client.force_login(person)
    form = {"action_add": "", "email": "thief@example.com", "code": "000000"}
    before = state(person)
    answer = client.post(path, form) if method == "POST" else client.get(path)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/accounts/reauthenticate/")
    assert state(person) == before
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert client.get(path).status_code == 200


def state(person: User) -> list[Any]:
    factors = Authenticator.objects.filter(user=person).order_by("pk").values_list("pk", "data")
    return [*factors, *EmailAddress.objects.filter(user=person).exclude(email=person.email).values_list("email")]
