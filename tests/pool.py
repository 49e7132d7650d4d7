"""Hands for tests of the token pool: tokens in it, and a Replicate that is the sandbox with real-looking tokens."""

import json
import urllib.request
from typing import Any

import pytest
from django.db import transaction

from accounts.ids import uuid7
from providers.credentials import Credential
from providers.models import Token
from providers.pool import enrolling, taking
from providers.pool.taking import Wait
from tests.studio import Sandbox

PROVIDER, ENDPOINT = "replicate", "black-forest-labs/flux-schnell"


def add(*secrets: str, provider: str = PROVIDER, **limits: Any) -> list[Token]:
    """Tokens in the pool, in this order."""
    enrolled = enrolling.enrol(provider, "\n".join(secrets), **limits)
    assert enrolled.refused == []
    return enrolled.tokens


def take(endpoint: str = ENDPOINT) -> Credential | Wait:
    """One place, for a holder nobody asks for again."""
    with transaction.atomic():
        return taking.take(PROVIDER, endpoint, uuid7())


def taken(endpoint: str = ENDPOINT) -> Credential:
    got = take(endpoint)
    assert isinstance(got, Credential), got
    return got


def waits(endpoint: str = ENDPOINT) -> Wait:
    got = take(endpoint)
    assert isinstance(got, Wait), got
    return got


def fault_of_token(sandbox: Sandbox, secret: str, fault: str | None, **more: Any) -> None:
    """From now on the sandbox answers this token so; None heals it."""
    body = json.dumps({"token": secret, "fault": fault, **more}).encode()
    request = urllib.request.Request(f"{sandbox.origin}/control/tokens", data=body, method="POST")
    with urllib.request.urlopen(request, timeout=5) as answer:
        assert answer.status == 201


@pytest.fixture
def replicate(sandbox: Sandbox, settings: Any) -> Sandbox:
    """The studio speaks to it as to the real one, with tokens of the pool."""
    face(sandbox, settings, "replicate")
    return sandbox


def face(sandbox: Sandbox, settings: Any, provider: str) -> None:
    """From here on the sandbox is this provider, for tokens of the pool."""
    known = settings.PROVIDERS[provider]
    options = {name: f"{sandbox.origin}{path}" for name, path in known.get("sandbox_options", {}).items()}
    own = {**known, "base_url": f"{sandbox.origin}{known['sandbox_path']}", "options": options}
    settings.PROVIDERS = {**settings.PROVIDERS, provider: own}
