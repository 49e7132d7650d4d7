"""Alice in a browser of this process, and rows without work."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from generations.models import Event, Generation
from generations.models.generation import OPEN, STATUS_OF, Stage

Put = Callable[..., Generation]


@pytest.fixture
def hers(alice: User) -> Client:
    client = Client()
    client.force_login(alice)
    return client


@pytest.fixture
def put() -> Put:
    """A row as it would be at a stage."""

    def put_one(
        user: User, prompt: str, *, stage: Stage = Stage.COMPLETED, at: datetime | None = None, **fields: Any
    ) -> Generation:
        now = timezone.now()
        is_open = stage in OPEN
        columns: dict[str, Any] = {
            "model": "flux-schnell", "model_name": "FLUX Schnell", "provider": "replicate", "task": "text-to-image",
            "frame_width": 1, "frame_height": 1, "expected_seconds": 1, "cost_millicredits": 300,
            "slot": 1 if is_open and stage != Stage.QUEUED else None,
            "next_action_at": now + timedelta(hours=1) if is_open else None,
            "completed_at": None if is_open else now,
            "error_code": "timed_out" if stage == Stage.FAILED else "",
            "created_at": at or now,
        }  # fmt: skip
        row = Generation.objects.create(
            user=user, prompt=prompt, stage=stage, status=STATUS_OF[stage], deadline_at=now + timedelta(hours=2),
            **columns | fields,
        )  # fmt: skip
        Event.objects.create(generation=row, kind="queued")
        return row

    return put_one
