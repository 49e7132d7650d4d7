"""Sign-up, sign-in, sign-out and a new password, through the pages."""

import re
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client

from accounts.credits import Balance, balance_of
from accounts.models import User

PASSWORD = "rather-long-and-new-7"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def without_rates(settings: Any) -> None:
    """Every test of this module comes from one address."""
    settings.ACCOUNT_RATE_LIMITS = False


def sign_up(client: Client, email: str) -> Any:
    return client.post("/accounts/signup/", {"email": email, "password1": PASSWORD})


def test_a_newcomer_signs_up_and_is_signed_in_with_the_first_credits(client: Client, settings: Any) -> None:
    settings.SIGNUP_CREDITS = 25
    assert sign_up(client, "New@Example.com").status_code == 302
    person = User.objects.get(email="new@example.com")
    assert balance_of(person.pk) == Balance(available=25_000)
    assert client.get("/").context["user"] == person


def test_the_same_address_in_other_letters_is_the_same_person(client: Client) -> None:
    sign_up(client, "new@example.com")
    other = Client()
    sign_up(other, "NEW@example.com")
    assert User.objects.filter(email__iexact="new@example.com").count() == 1


def test_with_mandatory_confirmation_sign_up_tells_nobody_who_is_here(client: Client, settings: Any) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    sign_up(client, "here@example.com")
    answers = [sign_up(Client(), email) for email in ("here@example.com", "new@example.com")]
    assert [(answer.status_code, answer.headers["Location"]) for answer in answers] == [
        (302, "/accounts/confirm-email/")
    ] * 2


@pytest.mark.parametrize("password", ["short", "password12", "1234567890"])
def test_a_weak_password_is_refused_in_words(client: Client, password: str) -> None:
    answer = client.post("/accounts/signup/", {"email": "new@example.com", "password1": password})
    assert answer.status_code == 200
    assert answer.context["form"].errors["password1"]
    assert not User.objects.filter(email="new@example.com").exists()


def test_sign_in_and_out(client: Client, make_person: Any) -> None:
    alice = make_person("alice", password=PASSWORD)
    answer = client.post("/accounts/login/", {"login": alice.email.upper(), "password": PASSWORD})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert client.get("/accounts/logout/").status_code == 200
    client.post("/accounts/logout/")
    assert not client.get("/").context["user"].is_authenticated


def test_a_wrong_password_and_an_unknown_person_look_the_same(client: Client, make_person: Any) -> None:
    alice = make_person("alice", password=PASSWORD)
    texts = []
    for email in (alice.email, "nobody@example.com"):
        answer = client.post("/accounts/login/", {"login": email, "password": "wrong-password-1"})
        texts.append((answer.status_code, list(answer.context["form"].non_field_errors())))
    assert texts[0] == texts[1]


def test_a_disabled_person_cannot_sign_in(client: Client, make_person: Any) -> None:
    alice = make_person("alice", password=PASSWORD, is_active=False)
    client.post("/accounts/login/", {"login": alice.email, "password": PASSWORD})
    assert not client.get("/").context["user"].is_authenticated


def test_a_forgotten_password_is_replaced_through_the_mail(client: Client, make_person: Any) -> None:
    alice = make_person("alice", password="forgotten-long-1")
    client.post("/accounts/password/reset/", {"email": alice.email})
    (message,) = mail.outbox
    link = re.search(r"https?://[^/\s]+(/\S+)", str(message.body))
    assert link is not None
    page = client.get(link[1], follow=True)
    changed = client.post(page.request["PATH_INFO"], {"password1": PASSWORD, "password2": PASSWORD})
    assert changed.status_code == 302
    assert client.login(email=alice.email, password=PASSWORD)


def test_the_link_in_the_mail_leads_to_public_url_and_the_mail_is_in_the_persons_language(
    client: Client, make_person: Any, settings: Any
) -> None:
    alice = make_person("alice", password=PASSWORD)
    client.post("/accounts/password/reset/", {"email": alice.email}, headers={"Accept-Language": "ru"})
    (message,) = mail.outbox
    assert re.search("[а-яё]{4}", str(message.body))


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_language_and_theme_lead_nowhere_else(client: Client, target: str) -> None:
    for path, form in (("/settings/language/", {"language": "ru"}), ("/settings/theme/", {"theme": "dark"})):
        assert client.post(path, {**form, "next": target}).headers["Location"] == "/"


def test_the_chosen_language_and_theme_are_remembered_with_the_person(client: Client, alice: User) -> None:
    client.force_login(alice)
    client.post("/settings/language/", {"language": "ru", "next": "/history/"})
    client.post("/settings/theme/", {"theme": "light"})
    elsewhere = Client()
    elsewhere.force_login(alice)
    page = elsewhere.get("/").content.decode()
    assert '<html lang="ru"' in page
    assert 'data-theme="light"' in page


@pytest.mark.parametrize(("embedded", "status"), [(True, 302), (False, 200)])
def test_demo_people_sign_in_at_the_demo_only(client: Client, settings: Any, *, embedded: bool, status: int) -> None:
    settings.EMBEDDED = True
    call_command("make_demo_accounts")
    settings.EMBEDDED = embedded
    form = {"login": "admin@example.com", "password": "admin-base-2026"}
    assert client.post("/accounts/login/", form).status_code == status
