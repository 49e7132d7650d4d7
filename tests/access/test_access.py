"""Every role knocks at every door; the table is the one that is published, and the one the rules allow."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib import admin
from django.db import transaction
from django.http import SimpleCookie
from django.test import Client
from django.urls import get_resolver
from django.urls.resolvers import URLResolver

from accounts.models import User
from config.local.site import ROOT
from tests.access import belongings
from tests.access.doors import DOORS, NOT_DOORS, Door, Whom
from tests.access.rules import OPENS, RULES, WHO, table, word_for
from tests.conftest import ApiClient

PUBLISHED = ROOT / "docs/evidence/access.md"
# Whom changing, adding and deleting is for; looking is for admins. What is not named here is a super admin's to change.
CHANGED_BY_NOBODY = {
    "apikey", "ledgertransaction", "creditbalance", "tokenday", "generation", "attempt", "delivery", "unconfirmed",
    "timing", "logentry", "notification", "preference",
}  # fmt: skip
SEEN_BY_SUPER_ADMINS = {"logentry"}
DELETED_BY_NOBODY = CHANGED_BY_NOBODY | {"user", "token"}

Cast = dict[str, Client]


def addresses(resolver: Any, prefix: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        here = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern, here)
        else:
            yield here


def admin_doors(rows: dict[Any, Any]) -> Iterator[Door]:
    for model in admin.site._registry:
        name, app = model._meta.model_name or "", model._meta.app_label
        base, pk = f"admin/{app}/{name}/", rows[model].pk
        changes: Whom = "nobody" if name in CHANGED_BY_NOBODY else "super"
        deletes: Whom = "nobody" if name in DELETED_BY_NOBODY else "super"
        sees: Whom = "super" if name in SEEN_BY_SUPER_ADMINS else "admins"
        one = f"{base}<path:object_id>/"
        yield Door(sees, "GET", base)
        yield Door(sees, "GET", f"{one}change/", f"{base}{pk}/change/")
        yield Door(sees, "GET", f"{one}history/", f"{base}{pk}/history/")
        yield Door(changes, "GET", f"{base}add/")
        yield Door(changes, "POST", f"{one}change/", f"{base}{pk}/change/")
        yield Door(deletes, "POST", f"{one}delete/", f"{base}{pk}/delete/", {"post": "yes"})


@pytest.fixture
def cast(alice: User, carol: User, ada: User, sue: User) -> Cast:
    people = {"alice": alice, "carol": carol, "ada": ada, "sue": sue}
    clients: Cast = {"nobody": Client()}
    for name, person in people.items():
        clients[name] = Client()
        clients[name].force_login(person)
    return clients | {f"{name}'s key": ApiClient(people[name]) for name in ("alice", "carol")}


@pytest.fixture
def doors(alice: User, cast: Cast, settings: Any, tmp_path: Path) -> dict[str, Door]:
    """By name, with the addresses of alice's own things."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "media_pipeline.folder.Folder", "OPTIONS": {"location": tmp_path}},
    }
    names = belongings.give(alice)
    known = [Door(d.whom, d.method, d.route, d.address[1:].format_map(names), d.body, d.is_json) for d in DOORS]
    return {str(door): door for door in (*known, *admin_doors(belongings.rows_for_admin(alice)))}


def knock(client: Client, door: Door) -> str:
    """What was changed is changed back."""
    before, cookies = transaction.savepoint(), dict(client.cookies)
    send: dict[str, Any] = {"content_type": "application/json"} if door.is_json else {}
    is_post = door.method == "POST"
    answer = client.post(door.address, door.body, **send) if is_post else client.get(door.address)
    transaction.savepoint_rollback(before)
    client.cookies = SimpleCookie(cookies)
    return word_for(answer)


def kind_of(door: Door) -> str:
    first = door.route.partition("/")[0]
    return first if first in {"api", "admin"} else "page"


def test_only_the_allowed_doors_open_and_the_table_says_so(doors: dict[str, Door], cast: Cast) -> None:
    found = {name: tuple(knock(cast[who], door) for who in WHO) for name, door in doors.items()}
    expected = {name: RULES[door.whom, kind_of(door)] for name, door in doors.items()}
    assert {name: words for name, words in found.items() if words != expected[name]} == {}
    assert sum(words.count(OPENS) for words in found.values()) > len(DOORS)
    page = table(found)
    if not PUBLISHED.exists():
        PUBLISHED.write_text(page, encoding="utf-8")
    assert page == PUBLISHED.read_text(encoding="utf-8"), f"delete {PUBLISHED} and run this again to publish it anew"


def test_every_address_has_a_row_or_a_reason(doors: dict[str, Door]) -> None:
    known = {door.route for door in doors.values()} | set(NOT_DOORS)
    there = set(addresses(get_resolver()))
    rest = {route for route in there - known if not is_of_a_table(route)}
    assert rest == set()
    assert set(NOT_DOORS) <= there


def is_of_a_table(route: str) -> bool:
    """A page of the admin that stands in the table under its other address, or lists one app's tables."""
    return route.startswith("admin/") and (route.endswith("<path:object_id>/") or "(?P<app_label>" in route)
