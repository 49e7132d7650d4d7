"""What a key is good for: every call of the API, knocked at with keys of each scope."""

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.test.client import MULTIPART_CONTENT
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pytest_django import DjangoAssertNumQueries
from rest_framework.permissions import IsAuthenticated
from rest_framework.views import APIView

from accounts.authentication import key_of
from accounts.models import ApiKey, User
from accounts.permissions import KeyHasScope
from accounts.scopes import ALL, Scope, UnknownScope, in_order
from generations.models import Batch
from media_pipeline.models import Asset
from tests.access import belongings
from tests.access.doors import DOORS, NOT_DOORS, Door
from tests.api.cases import CYRILLIC, everything, is_a_sentence
from tests.media_pipeline import pictures

READ, WRITE = Scope.READ, Scope.WRITE
OTHER = {READ: WRITE, WRITE: READ}
# A POST for the sake of its body.
READING_POSTS = {"api/generations/quote"}
UPLOAD = Door("each", "POST", "api/upload")
MEDIA = [door for door in DOORS if door.whom == "link"]
CALLS = [door for door in (*DOORS, UPLOAD) if door.route.startswith("api/") and door.whom in {"each", "owner"}]
PUBLIC = [door for door in DOORS if door.route.startswith("api/") and door.whom == "everyone"]
# Answered before anybody is asked for a key: the address is unknown, or the secret is another one.
OF_NO_PERSON = {
    "api/",
    "api/cron/cleanup",
    "api/telegram/webhook",
    "api/webhook/<slug:provider>/<uuid:attempt>/<str:key>",
}
EACH = pytest.mark.parametrize("door", CALLS, ids=str)


@pytest.fixture
def names(alice: User, settings: Any, tmp_path: Path) -> dict[str, str]:
    """Alice's own things, as the doors call them."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "media_pipeline.folder.Folder", "OPTIONS": {"location": tmp_path}},
    }
    return belongings.give(alice)


def program(alice: User, *scopes: Scope) -> Client:
    _row, key = ApiKey.objects.issue(alice.pk, "scoped", scopes)
    return Client(headers={"Authorization": f"Bearer {key}"})


def knock(client: Client, door: Door, names: dict[str, str], language: str = "en") -> Any:
    path, headers = door.address.format_map(names), {"Accept-Language": language}
    if door is UPLOAD:
        file = SimpleUploadedFile("a.png", pictures.encoded("PNG", 8, 8), "image/png")
        return client.post(path, {"files": file}, headers=headers)
    if door.method == "GET":
        return client.get(path, headers=headers)
    content_type = "application/json" if door.is_json else MULTIPART_CONTENT
    return client.post(path, door.body, content_type=content_type, headers=headers)


def needed(door: Door) -> Scope:
    return READ if door.method == "GET" or door.route in READING_POSTS else WRITE


def all_there_is() -> list[Any]:
    return [*everything(), *(list(model.objects.order_by("pk").values_list("pk")) for model in (Asset, Batch))]


@EACH
def test_a_key_without_the_scope_is_refused_and_nothing_is_changed(
    door: Door, alice: User, names: dict[str, str]
) -> None:
    client, before = program(alice, OTHER[needed(door)]), all_there_is()
    answer = knock(client, door, names)
    assert answer.status_code == 403, answer.content[:300]
    assert set(answer.json()) == {"error", "code"}
    assert answer.json()["code"] == "key_scope"
    said = answer.json()["error"]
    assert is_a_sentence(said)
    assert f"“{needed(door)}”" in said
    assert "Nothing was done or charged" in said
    assert not CYRILLIC.search(said)
    in_russian = knock(client, door, names, "ru").json()["error"]
    assert is_a_sentence(in_russian)
    assert f"«{needed(door)}»" in in_russian
    assert CYRILLIC.search(in_russian)
    assert all_there_is() == before


@EACH
def test_a_key_with_the_scope_alone_is_let_in(door: Door, alice: User, names: dict[str, str]) -> None:
    answer = knock(program(alice, needed(door)), door, names)
    assert 200 <= answer.status_code < 300, answer.content[:300]


@EACH
def test_a_full_key_and_a_session_open_every_call(door: Door, alice: User, names: dict[str, str]) -> None:
    signed_in = Client()
    signed_in.force_login(alice)
    for client in (program(alice, *ALL), signed_in):
        before = transaction.savepoint()
        assert 200 <= knock(client, door, names).status_code < 300
        transaction.savepoint_rollback(before)


@EACH
def test_the_document_names_the_scope_of_each_call(door: Door, db: None) -> None:
    path = door.route.replace("<uuid:", "{").replace(">", "}")
    operation = Client().get("/api/schema").json()["paths"][f"/{path}"][door.method.lower()]
    assert operation["security"] == [{"apiKey": [needed(door)]}, {"session": []}]
    assert "403" in operation["responses"]


@pytest.mark.parametrize("door", PUBLIC, ids=str)
def test_a_public_call_asks_for_no_scope(door: Door, alice: User) -> None:
    answers = [knock(program(alice, scope), door, {}).status_code for scope in ALL]
    assert answers == [knock(Client(), door, {}).status_code] * len(ALL)


@pytest.mark.parametrize("door", MEDIA, ids=str)
@pytest.mark.parametrize(("scopes", "status"), [((READ,), 200), ((WRITE,), 404), (ALL, 200)], ids=str)
def test_a_file_needs_a_key_that_may_read(
    door: Door, scopes: tuple[Scope, ...], status: int, alice: User, names: dict[str, str]
) -> None:
    answer = knock(program(alice, *scopes), door, names)
    answer.close()
    assert answer.status_code == status


def test_another_persons_row_is_not_told_from_none_by_the_refusal(
    alice: User, carol: User, names: dict[str, str]
) -> None:
    (cancel,) = (door for door in CALLS if door.route == "api/generations/<uuid:generation_id>/cancel")
    nobodys = replace(cancel, path=cancel.path.format(open="01a2073e-7a1a-7141-bc83-53673321c724"))
    for scope, status in ((READ, 403), (WRITE, 404)):
        client = program(carol, scope)
        answers = [knock(client, door, names) for door in (cancel, nobodys)]
        assert [answer.status_code for answer in answers] == [status] * 2
        assert answers[0].json() == answers[1].json()


def calls(resolver: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every address below api/ and what answers there."""
    for entry in resolver.url_patterns:
        here = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from calls(entry, here)
        elif isinstance(entry, URLPattern) and here.startswith("api/"):
            yield here, entry.callback


def test_no_address_is_forgotten() -> None:
    there = dict(calls(get_resolver()))
    assert set(there) == {door.route for door in (*CALLS, *PUBLIC)} | OF_NO_PERSON
    assert {route for route in NOT_DOORS if route.startswith("api/")} - OF_NO_PERSON == {UPLOAD.route}
    assert APIView.permission_classes == [IsAuthenticated, KeyHasScope]
    views = {route: getattr(answers, "cls", None) for route, answers in there.items()}
    asking = {route for route, view in views.items() if view and KeyHasScope in view.permission_classes}
    assert asking == {door.route for door in CALLS}


def test_a_key_is_never_good_for_everything_by_accident(alice: User) -> None:
    row, _key = ApiKey.objects.issue(alice.pk, "as always")
    row.refresh_from_db()
    assert row.scopes == ["read", "write"]
    kept = {"user": alice, "name": "by hand", "hint": "0", "digest": "0"}
    wrong: list[dict[str, Any]] = [{}, {"scopes": []}, {"scopes": ["admin"]}, {"scopes": ["read", "*"]}]
    for more in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            ApiKey.objects.create(**kept, **more)
    for scopes in ([], ["admin"], ["read", ""]):
        with pytest.raises(UnknownScope):
            ApiKey.objects.issue(alice.pk, "wrong", scopes)
    assert in_order(["write", "read", "write"]) == ["read", "write"]
    assert ApiKey.objects.for_user(alice).count() == 1


@pytest.mark.parametrize(
    ("given", "kept"),
    [((), ["read", "write"]), (("--scopes", "read"), ["read"]), (("--scopes", "write,read"), ["read", "write"])],
    ids=str,
)
def test_the_command_issues_a_key_of_the_scopes_named(given: tuple[str, ...], kept: list[str], alice: User) -> None:
    out = io.StringIO()
    call_command("issue_api_key", alice.email, *given, stdout=out)
    key = key_of(f"Bearer {out.getvalue().splitlines()[-1]}")
    assert key is not None
    assert key.scopes == kept


@pytest.mark.parametrize("given", ["", "admin", "read,", "read write", "READ", "read,*"])
def test_the_command_makes_no_key_of_unknown_scopes(given: str, alice: User) -> None:
    with pytest.raises(CommandError, match="read, write"):
        call_command("issue_api_key", alice.email, "--scopes", given)
    assert not ApiKey.objects.exists()


def test_the_admin_shows_what_a_key_is_good_for(alice: User, sue: User) -> None:
    row, _key = ApiKey.objects.issue(alice.pk, "reader", [READ])
    client = Client()
    client.force_login(sue)
    listed = client.get(reverse("admin:accounts_apikey_changelist")).content.decode()
    assert '<td class="field-scopes">read</td>' in listed
    page = client.get(reverse("admin:accounts_apikey_change", args=[row.pk])).content.decode()
    assert '<div class="readonly">read</div>' in page


def test_a_refusal_costs_one_query(alice: User, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    """The key with its person and scopes; that it was used is written once a minute."""
    client = program(alice, WRITE)
    client.get("/api/generations/list")
    with django_assert_num_queries(1):
        assert client.get("/api/generations/list").status_code == 403
