"""An archive is packed in the background, whatever dies, and holds what was chosen under names that say what it is."""

import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from generations import tasks
from generations.actions import arranging, exporting
from generations.feed import Page, read
from generations.models import Export, Item
from generations.models.export import State
from generations.steps import packing
from media_pipeline import storage
from media_pipeline.models import Asset
from tests.library.conftest import Put

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _own_storage(settings: Any, tmp_path: Path) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "media_pipeline.folder.Folder", "OPTIONS": {"location": tmp_path}},
    }


@pytest.fixture(params=["folder", "bucket"])
def shelf(request: pytest.FixtureRequest) -> str:
    if request.param == "bucket":
        request.getfixturevalue("bucket_name")
    return str(request.param)


@pytest.fixture
def works(alice: User, put: Put) -> list[Item]:
    """A picture and a film, each with bytes of its own; and a picture whose file is gone."""
    items = [put(alice, "A red fox, in the snow!"), put(alice, "Рыжая лиса", kind="video"), put(alice, "lost")]
    for item in items[:2]:
        key = Asset.objects.get(output__generation=item.pk).key
        with storage.parts() as new_part:
            part = new_part()
            part.write_bytes(str(item.pk).encode())
            storage.place(part, key)
    return items


def ids(works: list[Item]) -> str:
    return ",".join(str(item.pk) for item in works)


@pytest.mark.usefixtures("shelf")
def test_what_was_chosen_is_packed_told_and_fetched_by_its_owner_alone(
    hers: Client, alice: User, bob: User, works: list[Item]
) -> None:
    answer = hers.post("/library/act/", {"do": "pack", "ids": ids(works)}, headers=HTMX)
    assert "3 works are being packed" in answer.content.decode()
    export = Export.objects.get()
    address = f"/library/exports/{export.pk}/"
    assert hers.get(address).status_code == 404
    before = alice.seq
    tasks.pack(export_id=str(export.pk))
    frame = read(alice.pk, before, Page(kind="library"))
    assert frame is not None
    assert any(f'href="{address}?download=1"' in fragment["html"] for fragment in frame["fragments"])

    answer = hers.get(f"{address}?download=1")
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    assert archive.testzip() is None
    day = works[0].created_at.date().isoformat()
    names = [
        f"{day} a-red-fox-in-the-snow {works[0].pk.hex[-8:]}-1.webp",
        f"{day} рыжая-лиса {works[1].pk.hex[-8:]}-1.webp",
    ]
    assert archive.namelist() == [*names, "metadata.json"]
    assert archive.read(names[0]) == str(works[0].pk).encode()
    facts = json.loads(archive.read("metadata.json"))
    assert [fact["files"] for fact in facts] == [[names[0]], [names[1]], []]
    assert facts[0]["prompt"] == "A red fox, in the snow!"

    his = Client()
    his.force_login(bob)
    assert his.get(address).status_code == 404
    assert Client().get(address).status_code == 302


def test_a_lost_hint_and_a_dead_packer_are_met_by_the_sweep(alice: User, works: list[Item]) -> None:
    export = exporting.request_export(alice, [works[0].pk])
    assert export
    assert tasks.sweep_now()["exports"] == 1
    # Somebody is at it, and dies.
    Export.objects.update(lease_until=timezone.now() + timedelta(minutes=5))
    packing.pack(export.pk)
    assert (tasks.sweep_now()["exports"], Export.objects.get().state) == (0, State.PENDING)
    Export.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert tasks.sweep_now()["exports"] == 1
    packing.pack(export.pk)
    done = Export.objects.get()
    assert (done.state, done.files) == (State.READY, 1)
    packing.pack(export.pk)
    assert Export.objects.get().tries == done.tries


def test_an_archive_that_killed_each_of_its_packers_is_given_up(alice: User, works: list[Item]) -> None:
    export = exporting.request_export(alice, [works[0].pk])
    assert export
    Export.objects.update(tries=packing.TRIES, lease_until=timezone.now() - timedelta(seconds=1))
    packing.pack(export.pk)
    given_up = Export.objects.get()
    assert (given_up.state, given_up.files, given_up.lease_until) == (State.FAILED, 0, None)
    assert not storage.path_of(export.key).exists()
    assert packing.waiting() == []


def test_an_archive_of_nothing_is_a_failure_that_says_so(hers: Client, alice: User, works: list[Item]) -> None:
    export = exporting.request_export(alice, [works[0].pk])
    assert export
    arranging.trash(alice, [works[0].pk])
    packing.pack(export.pk)
    assert Export.objects.get().state == State.FAILED
    assert "It cost nothing" in hers.get("/library/exports/").content.decode()


def test_nobody_packs_what_is_somebody_elses(bob: User, works: list[Item]) -> None:
    his = Client()
    his.force_login(bob)
    assert his.post("/library/act/", {"do": "pack", "ids": ids(works)}).status_code == 302
    assert not Export.objects.exists()


def test_three_at_once_are_enough(hers: Client, works: list[Item]) -> None:
    answers = [hers.post("/library/act/", {"do": "pack", "ids": ids(works)}, headers=HTMX) for _press in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert Export.objects.count() == 3


def test_an_archive_goes_after_its_hours(alice: User, works: list[Item], settings: Any) -> None:
    settings.EXPORT_HOURS = 2
    young, old = (exporting.request_export(alice, [works[0].pk]) for _each in range(2))
    assert young
    assert old
    for export in (young, old):
        packing.pack(export.pk)
    Export.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(hours=2, seconds=1))
    assert tasks.clean_up_now()["archives"] == 1
    assert storage.path_of(young.key).exists()
    assert not storage.path_of(old.key).exists()
    assert Export.objects.get() == young
