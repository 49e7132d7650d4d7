"""A model that is paid by the second of the video it changes: the quote and the hold count that video's seconds."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts import credits
from accounts.models import User
from media_pipeline.models import Asset
from tests.media_pipeline import films

# 18 credits a second of at most five.
MODEL, EACH, MOST = "gen4-aleph", 18, 5


@pytest.fixture
def mine(alice: User, client: Client) -> Client:
    credits.grant(user_id=alice.pk, millicredits=1_000_000, reference="test:videos")
    client.force_login(alice)
    return client


def video(client: Client, seconds: float) -> Asset:
    file = SimpleUploadedFile("a.mp4", films.encoded(seconds=seconds), "video/mp4")
    return Asset.objects.get(pk=client.post("/api/upload", {"files": [file]}).json()[0]["id"])


def wish(asset: Asset) -> dict[str, Any]:
    return {"model": MODEL, "prompt": "make it snow", "inputs": {"video": [str(asset.pk)]}}


@pytest.mark.parametrize("seconds", [1.0, 2.5])
def test_the_seconds_of_the_video_are_quoted_and_held(mine: Client, alice: User, seconds: float) -> None:
    asset = video(mine, seconds)
    assert asset.duration_seconds == pytest.approx(seconds, abs=0.15)
    price = pytest.approx(EACH * (asset.duration_seconds or 0), abs=0.001)
    quote = mine.post("/api/generations/quote", wish(asset), content_type="application/json").json()
    made = mine.post("/api/generations/create", wish(asset), content_type="application/json")
    assert quote["credits"] == price
    assert made.status_code == 201, made.json()
    assert credits.balance_of(alice.pk).held / credits.MILLI == price


@pytest.mark.parametrize("seconds", [MOST + 1.0, None])
def test_what_the_model_does_not_read_is_not_charged_and_an_unknown_length_is_the_longest(
    mine: Client, seconds: float | None
) -> None:
    asset = video(mine, seconds or 1)
    if seconds is None:
        Asset.objects.filter(pk=asset.pk).update(duration_seconds=None)
    quote = mine.post("/api/generations/quote", wish(asset), content_type="application/json").json()
    assert quote["credits"] == EACH * MOST


def test_the_button_counts_them_too(mine: Client) -> None:
    asset = video(mine, 2)
    form = {"model": MODEL, "prompt": "make it snow", "inputs.video": str(asset.pk), "count": 1}
    page = mine.post("/quote/", form).content.decode()
    assert f"{EACH * 2} cr" in page
