"""What user, admin and super admin may do, at the doors of Django admin and the operator's page."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.credits import balance_of
from accounts.models import LedgerTransaction, User
from generations.models import Attempt, Delivery, Generation
from tests.reasons import with_a_reason

LISTS = (
    "accounts_user",
    "accounts_apikey",
    "accounts_ledgertransaction",
    "accounts_creditbalance",
    "generations_generation",
    "generations_attempt",
    "generations_delivery",
    "generations_unconfirmed",
    "django_celery_beat_periodictask",
    "providers_token",
    "providers_tokenday",
)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("name", LISTS)
def test_admins_read_every_list_and_users_none(alice: User, ada: User, sue: User, name: str) -> None:
    path = reverse(f"admin:{name}_changelist")
    assert [signed_in(person).get(path).status_code for person in (alice, ada, sue)] == [302, 200, 200]


def test_an_admin_cannot_change_a_role_and_a_super_admin_can(alice: User, ada: User, sue: User) -> None:
    path = reverse("admin:accounts_user_change", args=[alice.pk])
    form = {"email": alice.email, "role": "admin", "is_active": "on", "max_active": "", "language": "", "theme": ""}
    assert signed_in(ada).post(path, form).status_code == 403
    alice.refresh_from_db()
    assert alice.role == "user"
    assert signed_in(sue).post(path, form).status_code == 302
    alice.refresh_from_db()
    assert alice.role == "admin"


def grant(person: User, to: User) -> int:
    form = {"action": "grant_credits", "_selected_action": str(to.pk)} | with_a_reason()
    return signed_in(person).post(reverse("admin:accounts_user_changelist"), form).status_code


def test_only_a_super_admin_grants_credits_and_is_named_in_the_ledger(alice: User, ada: User, sue: User) -> None:
    before = balance_of(alice.pk).available
    grant(ada, alice)
    assert balance_of(alice.pk).available == before
    grant(sue, alice)
    assert balance_of(alice.pk).available == before + 100_000
    assert LedgerTransaction.objects.filter(actor=sue, kind="grant").count() == 1


def test_a_grant_that_is_sent_twice_is_given_once(alice: User, bob: User, sue: User) -> None:
    before = balance_of(alice.pk).available
    client, address = signed_in(sue), reverse("admin:accounts_user_changelist")
    chosen = {"action": "grant_credits", "_selected_action": [str(alice.pk), str(bob.pk)]}
    page = client.post(address, chosen).content.decode()
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert key
    for _time in range(2):
        page = client.post(address, chosen | with_a_reason() | {"key": key[1]}, follow=True).content.decode()
    assert "These credits had been granted already." in page
    assert [balance_of(person.pk).available for person in (alice, bob)] == [before + 100_000] * 2
    assert LedgerTransaction.objects.filter(actor=sue, kind="grant").count() == 2


@pytest.mark.parametrize("name", ["accounts_ledgertransaction", "accounts_creditbalance", "generations_generation"])
def test_nobody_adds_or_deletes_rows_of_history(sue: User, name: str) -> None:
    client = signed_in(sue)
    assert client.get(reverse(f"admin:{name}_add")).status_code == 403
    form = {"action": "delete_selected", "_selected_action": "1"}
    client.post(reverse(f"admin:{name}_changelist"), form)
    assert LedgerTransaction.objects.count() > 0


def test_an_admin_sees_a_persons_generation_with_its_timeline_and_cancels_it(
    alice: User, ada: User, sandbox: object, ask: Callable[..., Generation]
) -> None:
    generation = ask(alice, "watched")
    client = signed_in(ada)
    page = client.get(reverse("admin:generations_generation_change", args=[generation.pk])).content.decode()
    assert "Put in line" in page
    form = {"action": "cancel", "_selected_action": str(generation.pk)} | with_a_reason()
    client.post(reverse("admin:generations_generation_changelist"), form)
    generation.refresh_from_db()
    assert generation.stage == "cancelled"
    assert balance_of(alice.pk).held == 0


def test_the_operators_page_is_for_staff_and_does_not_exist_for_others(alice: User, ada: User) -> None:
    assert signed_in(alice).get("/operator/").status_code == 404
    page = signed_in(ada).get("/operator/")
    assert page.status_code == 200
    assert "replicate" in page.content.decode().lower()


@pytest.mark.parametrize("model", [Generation, Attempt, Delivery])
def test_admin_lists_do_not_count_whole_tables(model: type, sue: User, django_assert_max_num_queries: object) -> None:
    path = reverse(f"admin:generations_{model.__name__.lower()}_changelist")
    client = signed_in(sue)
    client.get(path)
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        client.get(path)
