"""Alice with a key, and hands to prepare what she finds."""

from typing import Any

import pytest

from accounts.models import User
from tests.api.cases import Scene
from tests.conftest import ApiClient, MakePerson
from tests.studio import Ask


@pytest.fixture
def scene(alice: User, make_person: MakePerson, ask: Ask, settings: Any) -> Scene:
    """CSRF is checked as it is outside of tests."""
    client = ApiClient(alice, enforce_csrf_checks=True)
    return Scene(alice=alice, client=client, make_person=make_person, ask=ask, settings=settings)
