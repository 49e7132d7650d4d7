"""The named cast: alice owns, bob is her teammate, carol is a stranger, ada is admin, sue is super admin."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client, override_settings

from accounts import credits
from accounts.ids import uuid7
from accounts.models import ApiKey, User
from accounts.rules import Role
from generations import timings
from providers.pool import memory
from tests.studio import ask, installed, sandbox, sandbox_server

__all__ = ["ask", "installed", "sandbox", "sandbox_server"]

MakePerson = Callable[..., User]


@pytest.fixture(scope="session", autouse=True)
def _passwords_take_no_time() -> Iterator[None]:
    """Django's own hashing takes half a second of a core, by design. The running system keeps it."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(autouse=True)
def _no_memory_of_other_tests() -> None:
    """A process remembers the pool and the usual times for a minute; each test has rows of its own."""
    memory.forget()
    timings.forget()


@pytest.fixture
def make_person() -> MakePerson:
    """A person with 100 credits, or as many as said."""

    def make(
        name: str, *, role: str = Role.USER, given_credits: int = 100, password: str | None = None, **fields: Any
    ) -> User:
        with transaction.atomic():
            user = User.objects.create_user(f"{name}-{uuid7().hex[-8:]}@example.com", password, role=role, **fields)
            if given_credits:
                credits.grant(user_id=user.pk, millicredits=given_credits * credits.MILLI, reference=f"test:{user.pk}")
        return user

    return make


@pytest.fixture
def alice(db: None, make_person: MakePerson) -> User:
    return make_person("alice")


@pytest.fixture
def bob(db: None, make_person: MakePerson) -> User:
    return make_person("bob")


@pytest.fixture
def carol(db: None, make_person: MakePerson) -> User:
    return make_person("carol")


@pytest.fixture
def ada(db: None, make_person: MakePerson) -> User:
    return make_person("ada", role=Role.ADMIN)


@pytest.fixture
def sue(db: None, make_person: MakePerson) -> User:
    return make_person("sue", role=Role.SUPER_ADMIN)


class ApiClient(Client):
    """A program with a person's key."""

    def __init__(self, user: User, **defaults: Any) -> None:
        _row, key = ApiKey.objects.issue(user.pk, "test")
        super().__init__(headers={"Authorization": f"Bearer {key}"}, **defaults)

    def send(self, path: str, body: Any, **kwargs: Any) -> Any:
        return self.post(path, body, content_type="application/json", **kwargs)


@pytest.fixture
def program() -> Callable[[User], ApiClient]:
    return ApiClient
