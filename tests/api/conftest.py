"""Alice with a key, a job of hers at the provider, and hands to prepare what else she finds."""

from typing import Any

import pytest

from accounts.models import User
from generations.models import Attempt, Generation
from tests.api.cases import Scene
from tests.conftest import ApiClient, MakePerson
from tests.generations.test_webhooks import Provider
from tests.studio import Ask, Sandbox, step


@pytest.fixture
def scene(alice: User, make_person: MakePerson, ask: Ask, settings: Any) -> Scene:
    """CSRF is checked as it is outside of tests."""
    client = ApiClient(alice, enforce_csrf_checks=True)
    return Scene(alice=alice, client=client, make_person=make_person, ask=ask, settings=settings)


@pytest.fixture
def provider(sandbox: Sandbox) -> Provider:
    """Signs as the sandbox does."""
    return Provider(sandbox)


@pytest.fixture
def running(alice: User, provider: Provider, ask: Ask) -> Generation:
    """Alice's job, accepted by the provider and slow there: a hundred pictures would take the machine."""
    return step(ask(alice, "hears [[slow=99999]]"))


@pytest.fixture
def attempt(running: Generation) -> Attempt:
    return Attempt.objects.get(generation=running)
