"""A made-up library comes quickly, looks like a real one and can be taken away again."""

import re
from datetime import timedelta
from html import unescape
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from accounts.models import User
from generations.models import Generation, Item, Output, Tally
from media_pipeline.models import Asset
from media_pipeline.sweeping import delete_orphans
from tests.library.conftest import Put


@pytest.fixture
def seed(settings: Any, tmp_path: Path, alice: User) -> Any:
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "media_pipeline.folder.Folder", "OPTIONS": {"location": tmp_path}},
    }

    def run(*arguments: str) -> str:
        said = StringIO()
        call_command("seed_library", "--email", alice.email, *arguments, stdout=said)
        return said.getvalue()

    return run


def test_a_library_is_filled_counted_shown_and_taken_away_again(
    seed: Any, alice: User, hers: Client, put: Put, tmp_path: Path
) -> None:
    own = put(alice, "made by herself")
    assert "40 of 40" in seed("--items", "40", "--files", "6")
    rows = Item.objects.for_user(alice).exclude(pk=own.pk)
    assert rows.count() == 40
    assert {row.kind for row in rows} == {"image", "video"}
    assert any(not row.prompt.isascii() for row in rows)
    assert any(row.prompt.isascii() for row in rows)
    oldest = rows.order_by("created_at")[0].created_at
    assert timedelta(days=350) < timezone.now() - oldest < timedelta(days=366)
    assert Tally.objects.get(user=alice, facet="all").count == 41
    # Each has a file of its own name; the bytes are shared.
    keys = Asset.objects.filter(user=alice).exclude(output__generation=own.pk).values_list("key", flat=True)
    assert len({(tmp_path / key).stat().st_ino for key in keys}) == 6
    page = hers.get("/library/").content.decode()
    shown = [unescape(link) for link in re.findall(r'<img id="image-[^"]+" src="(/media/[^"]+)', page)]
    assert [hers.get(link).status_code for link in shown] == [404, *[200] * (len(shown) - 1)]
    # What has an owner is nobody's orphan.
    assert delete_orphans(older_than_seconds=-60)["files"] == (0, 0)

    assert seed("--remove") == "40 removed\n"
    assert [str(item) for item in Item.objects.for_user(alice)] == [str(own.pk)]
    assert Generation.objects.for_user(alice).count() == Output.objects.count() == 1
    assert Tally.objects.get(user=alice, facet="all").count == 1
    assert not list((tmp_path / "originals").rglob("seed-*"))


def test_nobody_of_that_name_is_said(db: None) -> None:
    with pytest.raises(CommandError, match="Nobody signs in as"):
        call_command("seed_library", "--email", "nobody@example.com")
