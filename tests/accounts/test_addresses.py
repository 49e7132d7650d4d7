"""The page of a person's addresses: another one is added, made the main one once it is confirmed, and taken away."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from accounts.models import User
from tests.accounts.factors import PASSWORD

ADDRESSES = "/accounts/email/"
OTHER = "other@example.com"
pytestmark = pytest.mark.django_db


@pytest.fixture
def hers(alice: User) -> Client:
    """Alice, who has just shown her password."""
    alice.set_password(PASSWORD)
    alice.save(update_fields=["password"])
    client = Client()
    client.force_login(alice)
    assert client.post("/accounts/reauthenticate/", {"password": PASSWORD}).status_code == 302
    return client


def acts(client: Client) -> list[str]:
    """What the buttons of the page are called."""
    answer = client.get(ADDRESSES)
    assert answer.status_code == 200
    return re.findall(r'name="(action_\w+)"', answer.content.decode())


def test_an_address_is_added_becomes_the_main_one_and_goes(alice: User, hers: Client) -> None:
    assert "action_add" in acts(hers)
    hers.post(ADDRESSES, {"action_add": "", "email": OTHER})
    row = EmailAddress.objects.get(user=alice, email=OTHER)
    assert {"action_primary", "action_send", "action_remove"} <= set(acts(hers))
    # It belongs to whoever reads the letter.
    row.verified = True
    row.save(update_fields=["verified"])
    hers.post(ADDRESSES, {"action_primary": "", "email": OTHER})
    row.refresh_from_db()
    alice.refresh_from_db()
    assert (row.primary, alice.email) == (True, OTHER)


def test_what_is_no_address_is_said_beside_the_field(hers: Client) -> None:
    page = hers.post(ADDRESSES, {"action_add": "", "email": "no address"}).content.decode()
    assert 'aria-describedby="id_email-error"' in page
    assert EmailAddress.objects.filter(email="no address").count() == 0
