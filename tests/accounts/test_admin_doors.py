"""Django admin's doors: one way in, the role split in every list, keys that can be taken back."""

import ast
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib import admin
from django.test import Client, RequestFactory
from django.urls import reverse
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from accounts import rules
from accounts.authentication import key_of
from accounts.models import ApiKey, User
from config.local.site import ROOT

LISTS = list(admin.site._registry.values())
FOR_ADMINS = {"act"}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("one", LISTS, ids=lambda one: one.model._meta.label)
def test_an_admin_is_offered_no_action_but_those_on_generations(one: Any, ada: User) -> None:
    request = RequestFactory().get("/admin/")
    request.user = ada
    offered = {
        name: set(getattr(action, "allowed_permissions", ())) for name, (action, *_) in one.get_actions(request).items()
    }
    assert [name for name, asked in offered.items() if asked != FOR_ADMINS] == []


def act(person: User, name: str, action: str, pk: object) -> None:
    form = {"action": action, "_selected_action": str(pk)}
    signed_in(person).post(reverse(f"admin:{name}_changelist"), form)


def test_only_a_super_admin_switches_a_periodic_task_off(ada: User, sue: User) -> None:
    every = IntervalSchedule.objects.create(every=1, period=IntervalSchedule.HOURS)
    task = PeriodicTask.objects.create(name="tea", task="generations.tasks.sweep", interval=every)
    for person, stays in ((ada, True), (sue, False)):
        act(person, "django_celery_beat_periodictask", "disable_tasks", task.pk)
        task.refresh_from_db()
        assert task.enabled is stays


def test_only_a_super_admin_vouches_for_an_address(alice: User, ada: User, sue: User) -> None:
    address = EmailAddress.objects.create(user=alice, email=alice.email)
    for person, verified in ((ada, False), (sue, True)):
        act(person, "account_emailaddress", "make_verified", address.pk)
        address.refresh_from_db()
        assert address.verified is verified


def test_only_a_super_admin_takes_a_key_back_and_then_it_opens_nothing(alice: User, ada: User, sue: User) -> None:
    row, key = ApiKey.objects.issue(alice.pk, "lost laptop")
    for person, opens in ((ada, True), (sue, False)):
        act(person, "accounts_apikey", "revoke", row.pk)
        assert (key_of(f"Bearer {key}") is not None) is opens
    row.refresh_from_db()
    first = row.revoked_at
    act(sue, "accounts_apikey", "revoke", row.pk)
    row.refresh_from_db()
    assert row.revoked_at == first


@pytest.mark.django_db
def test_a_visitor_comes_into_admin_through_the_sign_in_page_that_counts() -> None:
    answer = Client().get("/admin/", follow=True)
    assert [path for path, _status in answer.redirect_chain] == [
        "/admin/login/?next=/admin/",
        "/accounts/login/?next=%2Fadmin%2F",
    ]
    assert answer.status_code == 200


def test_the_admins_own_form_signs_nobody_in(sue: User) -> None:
    sue.set_password("a-long-enough-password-9")
    sue.save(update_fields=["password"])
    client = Client()
    client.post("/admin/login/", {"username": sue.email, "password": "a-long-enough-password-9"})
    assert "_auth_user_id" not in client.session


def test_staff_are_let_in_and_others_are_not(alice: User, ada: User) -> None:
    assert signed_in(ada).get("/admin/").status_code == 200
    assert signed_in(alice).get("/admin/login/").status_code == 403


def test_every_rule_is_asked_somewhere() -> None:
    said = {name for name in vars(rules) if name.startswith(("may_", "has_"))}
    asked = set()
    for app in ("accounts", "config", "generations", "media_pipeline", "providers"):
        for path in (ROOT / app).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "rules":
                    asked.add(node.attr)
    assert said - asked == set()
