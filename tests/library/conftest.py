"""A library of rows without files, for what is searched, counted and arranged; and one with files."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.ids import uuid7
from accounts.models import User
from generations.library.shelving import shelve
from generations.models import Generation, Item, Output
from media_pipeline.models import Asset

Put = Callable[..., Item]


@pytest.fixture
def put() -> Put:
    """A finished generation on somebody's shelf."""

    def put_one(user: User, prompt: str, *, kind: str = "image", at: datetime | None = None, **fields: Any) -> Item:
        moment = at or timezone.now()
        generation = Generation.objects.create(
            user=user, stage="completed", status="completed", model=fields.pop("model", "flux-schnell"),
            model_name="FLUX Schnell", task=f"text-to-{kind}", provider=fields.pop("provider", "replicate"),
            prompt=prompt, frame_width=1024, frame_height=1024, expected_seconds=3, cost_millicredits=0,
            created_at=moment, completed_at=moment + timedelta(seconds=3), viewed_at=moment, deadline_at=moment,
        )  # fmt: skip
        pk = uuid7()
        asset = Asset.objects.create(
            pk=pk, user=user, key=f"originals/00/{pk}.webp", sha256="0" * 64, size_bytes=1, width=1024, height=768,
            content_type="video/mp4" if kind == "video" else "image/webp", thumbnails={"320": f"thumbs/00/{pk}.webp"},
        )  # fmt: skip
        Output.objects.create(pk=pk, generation=generation, index=0, state="stored", asset=asset)
        shelve([generation.pk])
        if fields:
            Item.objects.filter(pk=generation.pk).update(**fields)
        return Item.objects.get(pk=generation.pk)

    return put_one


@pytest.fixture
def hers(alice: User) -> Client:
    client = Client()
    client.force_login(alice)
    return client
