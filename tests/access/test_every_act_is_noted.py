"""Whatever is done to a row in the admin stands in the audit trail. Walked over all there is, so that nothing new can
be forgotten: an action or a form without its entry fails here."""

from typing import Any

import pytest
from django import forms
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts import telling
from accounts.credits import balance_of
from accounts.models import ApiKey, User
from accounts.rules import Role
from accounts.trail import Hand
from generations.actions.reconciling import Act, perform
from generations.models import Unconfirmed
from providers.models import Token, TokenDay
from tests.access import belongings
from tests.reasons import with_a_reason
from tests.studio import Sandbox

LISTS = list(admin.site._registry.items())
# These find nothing to do on just any row.
OF_ONE_IN_DOUBT = {"cancel", "check_again", "refund"}
# What touches a person's money or work is done for a reason, and not without.
REASONED = {
    "ask", "settle_as_charged", "settle_as_not_charged", "refund", "cancel", "check_again", "grant_credits",
}  # fmt: skip


def offered_to(role: str, one: Any) -> list[str]:
    request = RequestFactory().get("/admin/")
    request.user = User(email="x@example.com", role=role)
    return list(one.get_actions(request))


ACTS = [(model, name) for model, one in LISTS for name in offered_to(Role.SUPER_ADMIN, one)]


@pytest.fixture
def rows(alice: User, sandbox: Sandbox) -> dict[Any, Any]:
    """One of each table, as in tests.access."""
    ApiKey.objects.issue(alice.pk, "hers")
    belongings.finished(alice)
    return belongings.rows_for_admin(alice)


@pytest.fixture
def client(sue: User) -> Client:
    client = Client()
    client.force_login(sue)
    return client


def address(model: Any, page: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def entries(row: Any) -> list[LogEntry]:
    return list(LogEntry.objects.filter(object_id=str(row.pk), user__email__startswith="sue"))


@pytest.mark.parametrize(("model", "action"), ACTS, ids=[f"{model.__name__} {name}" for model, name in ACTS])
def test_every_action_of_every_list_leaves_an_entry(
    model: Any, action: str, rows: dict[Any, Any], alice: User, client: Client
) -> None:
    row = rows[Unconfirmed if action in OF_ONE_IN_DOUBT else model]
    if model is Token:
        # One that was ever used is switched off instead.
        TokenDay.objects.all().delete()
    if action == "refund":
        perform(Act.CHARGE, row.pk, Hand(alice.pk))
    sent = {"action": action, "_selected_action": str(row.pk), "post": "yes"} | with_a_reason()
    assert client.post(address(model, "changelist"), sent).status_code == 302
    (entry,) = entries(row)
    assert telling.what_of(entry) not in {"", "No fields changed."}
    assert telling.reason_of(entry) == ("May" if action in REASONED else "")


@pytest.mark.parametrize(("model", "action"), [(model, name) for model, name in ACTS if name in REASONED])
def test_without_a_reason_it_asks_for_one_and_nothing_is_done(
    model: Any, action: str, rows: dict[Any, Any], alice: User, client: Client
) -> None:
    row = rows[Unconfirmed if action in OF_ONE_IN_DOUBT else model]
    if action == "refund":
        perform(Act.CHARGE, row.pk, Hand(alice.pk))
    before = type(row).objects.filter(pk=row.pk).values().get(), balance_of(alice.pk)
    for answer in ({}, {"confirmed": "yes"}, {"confirmed": "yes", "reason": "  "}):
        sent = {"action": action, "_selected_action": str(row.pk), **answer}
        page = client.post(address(model, "changelist"), sent)
        assert (page.status_code, 'name="reason"' in page.content.decode()) == (200, True)
    assert entries(row) == []
    assert (type(row).objects.filter(pk=row.pk).values().get(), balance_of(alice.pk)) == before


def as_sent(page: Any) -> dict[str, Any]:
    """What a browser would send of the form as it is shown."""
    sent: dict[str, Any] = {}
    all_forms = [page["adminform"].form]
    for inline in page["inline_admin_formsets"]:
        all_forms += [inline.formset.management_form, *inline.formset.forms]
    for form in all_forms:
        for field in form:
            widget, value = field.field.widget, field.value()
            if isinstance(widget, forms.MultiWidget):
                parts: Any = widget.decompress(field.field.clean(value) if isinstance(value, list) else value)
                sent |= {f"{field.html_name}_{n}": part or "" for n, part in enumerate(parts)}
            elif value is not None and value is not False:
                sent[field.html_name] = value
    return sent


def may_change(model: Any) -> bool:
    request = RequestFactory().get("/admin/")
    request.user = User(email="x@example.com", role=Role.SUPER_ADMIN)
    return bool(admin.site._registry[model].has_change_permission(request))


CHANGED = [model for model, _one in LISTS if may_change(model)]


@pytest.mark.parametrize("model", CHANGED, ids=lambda model: model.__name__)
def test_every_form_that_is_saved_leaves_an_entry(model: Any, rows: dict[Any, Any], client: Client) -> None:
    row = rows[model]
    path = address(model, "change", row.pk)
    answer = client.post(path, as_sent(client.get(path).context))
    assert answer.status_code == 302, answer.context["errors"]
    assert len(entries(row)) == 1


def test_the_walk_meets_what_it_should() -> None:
    assert len(ACTS) > 20
    assert {"User", "Token", "PeriodicTask", "EmailAddress"} <= {model.__name__ for model in CHANGED}
