"""With Valkey stopped passwords, sign-ups and letters are as limited as with it."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import requests

from tests.system import RunningSystem

pytestmark = pytest.mark.system
# Path, address, how many are let in, form. At the web process itself, each as from an address of its own: the other
# tests' address must not be used up. "{}" is the number of the knock.
DOORS: dict[str, tuple[str, str, int, dict[str, str]]] = {
    "a password": ("/accounts/login/", "198.51.100.1", 10, {"login": "nobody@example.com", "password": "wrong-one-1"}),
    "a sign-up": ("/accounts/signup/", "198.51.100.2", 10, {"email": "no address", "password1": "a-long-password-1"}),
    "a letter to one": ("/accounts/password/reset/", "198.51.100.3", 3, {"email": "nobody@example.com"}),
    "letters to many": ("/accounts/password/reset/", "198.51.100.4", 10, {"email": "nobody-{}@example.com"}),
}


@pytest.fixture
def _no_valkey(system: RunningSystem) -> Iterator[None]:
    system.stop("valkey")
    try:
        yield
    finally:
        system.start("valkey")
        system.wait_until(lambda: system.is_up("valkey"))


@pytest.mark.usefixtures("_no_valkey")
@pytest.mark.parametrize("door", DOORS)
def test_one_too_many_is_refused(system: RunningSystem, door: str) -> None:
    path, address, limit, form = DOORS[door]
    codes = []
    for number in range(limit + 1):
        filled = {name: value.format(number) for name, value in form.items()}
        codes.append(knock(system, path, address, filled).status_code)
    assert [code == 429 for code in codes] == [False] * limit + [True], codes


def knock(system: RunningSystem, path: str, address: str, form: dict[str, Any]) -> requests.Response:
    token = uuid4().hex
    return requests.post(
        f"{system.addresses['web']}{path}",
        data={**form, "csrfmiddlewaretoken": token},
        cookies={"csrftoken": token},
        headers={"X-Forwarded-For": address},
        timeout=30,
        allow_redirects=False,
    )
