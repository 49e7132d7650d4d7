"""The ground of the walks: a Replicate that does as it is told, in the place of the real one."""

from collections.abc import Iterator
from typing import Any

import pytest

from generations import notices, tasks
from tests.machines.replicate import Replicate
from tests.providers.signing import SECRET


@pytest.fixture
def replicate(settings: Any) -> Iterator[Replicate]:
    """The studio speaks to it, fetches its files and is found by its webhooks."""
    provider = Replicate()
    with provider.server:
        own = settings.PROVIDERS["replicate"] | {"base_url": provider.base_url, "webhook_secret": SECRET}
        settings.PROVIDERS = settings.PROVIDERS | {"replicate": own}
        settings.SANDBOX_URL, settings.EMBEDDED = provider.server.origin, True
        settings.PUBLIC_URL = "https://studio.example.org"
        settings.RATELIMIT_ENABLE = False
        yield provider
    for breaker in (notices.breaker, tasks.breaker):
        breaker.trip(0)
