"""The audit trail: what an entry tells, who may read it, and that it is written once."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts import telling
from accounts.models import ApiKey, User
from tests.pool import add
from tests.reasons import with_a_reason

TRAIL = "admin:admin_logentry_changelist"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def change_role(by: User, person: User, role: str, **fields: str) -> None:
    form = {"email": person.email, "role": role, "is_active": "on", "max_active": "", "language": "", "theme": ""}
    signed_in(by).post(reverse("admin:accounts_user_change", args=[person.pk]), form | fields)


def told() -> list[str]:
    return [telling.what_of(entry) for entry in LogEntry.objects.order_by("id")]


def test_a_role_and_a_limit_are_told_from_what_to_what(alice: User, sue: User) -> None:
    change_role(sue, alice, "admin", max_active="7")
    (words,) = told()
    assert words.endswith("role: user → admin. active at once: — → 7.")


def test_a_grant_and_a_revocation_are_told(alice: User, sue: User) -> None:
    key, _plain = ApiKey.objects.issue(alice.pk, "lost laptop")
    client = signed_in(sue)
    for _time in range(2):
        client.post(reverse("admin:accounts_apikey_changelist"), {"action": "revoke", "_selected_action": key.pk})
    client.post(
        reverse("admin:accounts_user_changelist"),
        {"action": "grant_credits", "_selected_action": str(alice.pk)} | with_a_reason(),
    )
    # The second time there was nothing to take back.
    assert told() == ["Revoked.", "Granted 100 credits."]
    assert list(LogEntry.objects.values_list("user_id", "object_id")) == [
        (sue.pk, str(alice.pk)),
        (sue.pk, str(key.pk)),
    ]


def test_a_tokens_new_limits_are_told_and_its_secret_never(sue: User) -> None:
    [token] = add("Anna r8_secret_one", max_in_flight=2)
    form = {
        "label": "Anna", "is_enabled": "on", "weight": "3", "max_in_flight": "9", "daily_cap": "",
        "new_secret": "r8_secret_two", "days-TOTAL_FORMS": "0", "days-INITIAL_FORMS": "0",
    }  # fmt: skip
    signed_in(sue).post(reverse("admin:providers_token_change", args=[token.pk]), form)
    (words,) = told()
    assert "weight: 1 → 3." in words
    assert "2 → 9." in words
    assert "r8_secret" not in str(list(LogEntry.objects.values()))


def test_only_super_admins_read_it(alice: User, ada: User, sue: User) -> None:
    change_role(sue, alice, "admin")
    pages = {person: signed_in(person).get(reverse(TRAIL)) for person in (ada, sue)}
    assert [answer.status_code for answer in pages.values()] == [403, 200]
    assert "role: user → admin." in pages[sue].content.decode()
    assert reverse(TRAIL) not in signed_in(ada).get("/admin/").content.decode()
    assert reverse(TRAIL) in signed_in(sue).get("/admin/").content.decode()
    # Nor in the small, under the row.
    history = reverse("admin:accounts_user_history", args=[alice.pk])
    shown = [signed_in(person).get(history).content.decode() for person in (ada, sue)]
    assert ["user → admin" in page for page in shown] == [False, True]
    assert sue.email not in shown[0]


def test_it_is_newest_first_and_filtered_by_actor_and_kind(alice: User, sue: User, make_person: Any) -> None:
    sam = make_person("sam", role="super_admin")
    change_role(sue, alice, "admin")
    change_role(sam, alice, "user")
    client = signed_in(sue)
    page = client.get(reverse(TRAIL)).content.decode()
    assert page.index("admin → user") < page.index("user → admin")
    page = client.get(reverse(TRAIL), {"user__id__exact": sam.pk, "action_flag__exact": 2}).content.decode()
    assert "admin → user" in page
    assert "user → admin" not in page


def test_it_reads_in_russian(alice: User, sue: User) -> None:
    client = signed_in(sue)
    client.post(
        reverse("admin:accounts_user_changelist"),
        {"action": "grant_credits", "_selected_action": str(alice.pk)} | with_a_reason(),
    )
    page = client.get(reverse(TRAIL), headers={"Accept-Language": "ru"}).content.decode()
    assert "Начислено кредитов: 100." in page


@pytest.mark.parametrize("statement", ["update", "delete"])
def test_an_entry_is_written_once(alice: User, sue: User, statement: str) -> None:
    change_role(sue, alice, "admin")
    rows = LogEntry.objects.all()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        rows.update(change_message="") if statement == "update" else rows.delete()
    assert LogEntry.objects.count() == 1


def test_the_page_costs_the_same_for_one_entry_and_for_many(
    alice: User, sue: User, django_assert_num_queries: Any
) -> None:
    client = signed_in(sue)
    for role in ("admin", "user", "admin"):
        change_role(sue, alice, role)
    client.get(reverse(TRAIL))
    with django_assert_num_queries(6):
        client.get(reverse(TRAIL))


def test_an_entry_that_something_else_wrote_is_told_as_it_stands(sue: User) -> None:
    for message in ("by hand", "[not json", "", '[{"changed": {"fields": ["Weight"]}}]'):
        LogEntry.objects.create(user=sue, object_repr="x", action_flag=2, change_message=message)
    assert told() == ["by hand", "[not json", "", "Changed Weight."]
