"""The second factor at the operator's doors: asked for away from loopback, led to, shown, and taken away."""

import time
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import User
from tests.accounts.factors import PASSWORD, code_of, recovery_codes, secret_on, set_up, show

SIGN_IN, ASK, SHOW = "/accounts/login/", "/accounts/2fa/authenticate/", "/accounts/2fa/reauthenticate/"
SET_UP, CODES = "/accounts/2fa/totp/activate/", "/accounts/2fa/recovery-codes/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def _outside(settings: Any) -> None:
    """As on a public address."""
    settings.STAFF_SECOND_FACTOR = True
    settings.ACCOUNT_RATE_LIMITS = False


outside = pytest.mark.usefixtures("_outside")


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def enter(client: Client, person: User) -> Any:
    person.set_password(PASSWORD)
    person.save(update_fields=["password"])
    return client.post(SIGN_IN, {"login": person.email, "password": PASSWORD})


def led_to(answer: Any) -> str:
    assert answer.status_code == 302, answer.status_code
    return str(answer.headers["Location"])


def test_on_loopback_nobody_is_asked(ada: User, settings: Any) -> None:
    assert (settings.IS_LOOPBACK, settings.STAFF_SECOND_FACTOR) == (True, False)
    assert [signed_in(ada).get(path).status_code for path in ("/admin/", "/operator/")] == [200, 200]


@outside
@pytest.mark.parametrize(
    "path", ["/admin/", "/operator/", "/styleguide/", "/admin/models/", "/admin/accounts/user/", "/admin/jsi18n/"]
)
def test_staff_without_one_are_led_to_setting_it_up(ada: User, path: str) -> None:
    assert led_to(signed_in(ada).get(path)).partition("?")[0] == SET_UP


@outside
def test_a_form_sent_without_it_changes_nothing_and_is_kept_nowhere(alice: User, sue: User) -> None:
    client = signed_in(sue)
    answer = client.post(f"/admin/accounts/user/{alice.pk}/change/", {"role": "admin", "note": "r8_hidden"})
    assert led_to(answer).partition("?")[0] == SET_UP
    alice.refresh_from_db()
    assert alice.role == "user"
    assert "r8_hidden" not in str(dict(client.session))


@outside
def test_everybody_else_goes_on_as_before(alice: User) -> None:
    client = signed_in(alice)
    assert client.get("/").status_code == 200
    assert client.get("/operator/").status_code == 404
    assert Client().get("/operator/").headers["Location"].startswith(SIGN_IN)


@outside
def test_from_the_password_over_the_picture_to_the_operators_page(ada: User) -> None:
    client = Client()
    enter(client, ada)
    there = led_to(client.get("/operator/"))
    proof = led_to(client.get(there))
    assert proof.startswith("/accounts/reauthenticate/")
    assert led_to(client.post(proof, {"password": PASSWORD})).partition("?")[0] == SET_UP
    page = client.get(SET_UP)
    assert b"<svg" in page.content
    assert b"data:image" not in page.content
    assert b"ask for a second factor" in page.content
    wrong = client.post(SET_UP, {"code": "000000"})
    assert (wrong.status_code, bool(wrong.context["form"].errors)) == (200, True)
    secret = secret_on(wrong)
    assert led_to(client.post(SET_UP, {"code": code_of(secret)})) == CODES
    shown = client.get(CODES).content.decode()
    assert len(recovery_codes(ada)) == 10
    assert all(code in shown for code in recovery_codes(ada))
    assert client.get("/operator/").status_code == 200


@outside
def test_signing_in_takes_password_and_code_and_a_code_is_good_once(ada: User) -> None:
    secret = set_up(ada)
    client = Client()
    assert led_to(enter(client, ada)) == ASK
    assert "_auth_user_id" not in client.session
    assert client.post(ASK, {"code": "000000"}).status_code == 200
    code = code_of(secret)
    assert led_to(client.post(ASK, {"code": code})) == "/"
    assert client.get("/admin/").status_code == 200
    again = Client()
    enter(again, ada)
    assert again.post(ASK, {"code": code}).status_code == 200
    assert "_auth_user_id" not in again.session


@outside
def test_a_code_of_a_while_ago_is_no_code(ada: User) -> None:
    secret = set_up(ada)
    client = Client()
    enter(client, ada)
    assert client.post(ASK, {"code": code_of(secret, periods_ago=3)}).status_code == 200
    assert led_to(client.post(ASK, {"code": code_of(secret, periods_ago=1)})) == "/"


@outside
def test_a_recovery_code_stands_in_once(ada: User) -> None:
    set_up(ada)
    code = recovery_codes(ada)[3]
    for expected in (302, 200):
        client = Client()
        enter(client, ada)
        assert client.post(ASK, {"code": code}).status_code == expected
    assert code not in recovery_codes(ada)
    assert len(recovery_codes(ada)) == 9


@outside
def test_a_session_from_before_shows_it_and_goes_on(ada: User) -> None:
    secret = set_up(ada)
    client = signed_in(ada)
    there = led_to(client.get("/operator/"))
    assert there == f"{SHOW}?next=%2Foperator%2F"
    page = client.get(there)
    assert page.status_code == 200
    assert client.post(SHOW, {"code": "000000"}).status_code == 200
    assert led_to(show(client, there, secret)) == "/operator/"
    assert client.get("/operator/").status_code == 200


def showed(person: User, *, seconds_ago: float = 0) -> Client:
    """A session that showed the factor so long ago."""
    client = signed_in(person)
    show(client, SHOW, set_up(person))
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] = time.time() - seconds_ago
    session.save()
    return client


@outside
def test_a_super_admin_shows_it_again_before_changes_and_looks_without(alice: User, sue: User) -> None:
    change = f"/admin/accounts/user/{alice.pk}/change/"
    fresh, older, oldest = 0, 1000, 2000
    for ago, opens, sends in ((fresh, 200, 200), (older, 302, 200), (oldest, 302, 302)):
        Authenticator.objects.all().delete()
        client = showed(sue, seconds_ago=ago)
        assert client.get("/admin/accounts/user/").status_code == 200
        assert (client.get(change).status_code, client.post(change, {}).status_code) == (opens, sends), ago


@outside
def test_an_admin_who_changes_nothing_shows_it_once(alice: User, ada: User) -> None:
    client = showed(ada, seconds_ago=9000)
    assert client.get(f"/admin/accounts/user/{alice.pk}/change/").status_code == 200


@outside
def test_the_locked_out_operator_gets_in_by_the_command_and_sessions_of_the_old_factor_do_not(ada: User) -> None:
    client = showed(ada)
    assert client.get("/operator/").status_code == 200
    words = StringIO()
    call_command("reset_second_factor", ada.email.upper(), stdout=words)
    assert "are gone" in words.getvalue()
    assert not Authenticator.objects.filter(user=ada).exists()
    assert led_to(client.get("/operator/")).partition("?")[0] == SET_UP
    call_command("reset_second_factor", ada.email, stdout=words)
    assert "Nothing was changed" in words.getvalue()
    with pytest.raises(CommandError, match="no person"):
        call_command("reset_second_factor", "nobody@example.com")


@outside
def test_anybody_may_set_one_up_and_take_it_away(alice: User) -> None:
    client = showed(alice)
    for path in ("/accounts/2fa/", CODES, f"{CODES}generate/", "/accounts/2fa/totp/deactivate/"):
        assert client.get(path).status_code == 200, path
    before = recovery_codes(alice)
    assert client.post(f"{CODES}generate/").status_code == 302
    assert set(recovery_codes(alice)).isdisjoint(before)
    assert client.post("/accounts/2fa/totp/deactivate/").status_code == 302
    assert not Authenticator.objects.filter(user=alice).exists()


def test_the_secret_lies_sealed_and_moves_to_a_new_key(alice: User, settings: Any) -> None:
    old, new = (Fernet.generate_key().decode() for _ in range(2))
    settings.FERNET_KEYS = [old]
    secret = set_up(alice)
    codes = recovery_codes(alice)
    kept = str([row.data for row in Authenticator.objects.all()])
    assert secret not in kept
    settings.FERNET_KEYS = [new, old]
    words = StringIO()
    call_command("rotate_tokens", stdout=words)
    assert "Second factors sealed anew: 2." in words.getvalue()
    settings.FERNET_KEYS = [new]
    assert Authenticator.objects.get(user=alice, type="totp").wrap().validate_code(code_of(secret))
    assert recovery_codes(alice) == codes


def test_without_the_key_no_code_is_right_and_the_rotation_says_whose(alice: User, settings: Any) -> None:
    settings.FERNET_KEYS = [Fernet.generate_key().decode()]
    secret = set_up(alice)
    settings.FERNET_KEYS = [Fernet.generate_key().decode()]
    for row in Authenticator.objects.filter(user=alice):
        assert not row.wrap().validate_code(code_of(secret))
        assert not row.wrap().validate_code("")
    with pytest.raises(CommandError, match=alice.email):
        call_command("rotate_tokens", stdout=StringIO())
