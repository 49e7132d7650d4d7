"""With Valkey stopped passwords, sign-ups and letters are as limited as with it."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import requests

from tests.system import RunningSystem

pytestmark = pytest.mark.system
LIMIT = 10
# At the web process itself, each as from an address of its own: the other tests' address must not be used up.
DOORS: dict[str, tuple[str, dict[str, str]]] = {
    "/accounts/login/": ("198.51.100.1", {"login": "nobody@example.com", "password": "wrong-password-1"}),
    "/accounts/signup/": ("198.51.100.2", {"email": "no address", "password1": "a-long-password-1"}),
    "/accounts/password/reset/": ("198.51.100.3", {"email": "nobody@example.com"}),
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
@pytest.mark.parametrize("path", DOORS)
def test_one_too_many_is_refused(system: RunningSystem, path: str) -> None:
    address, form = DOORS[path]
    codes = [knock(system, path, address, form).status_code for _number in range(LIMIT + 1)]
    assert codes[0] != 429
    assert codes[-1] == 429


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
