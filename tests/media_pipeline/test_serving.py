"""The door to stored files: who gets in, what stands on the parcel, what a browser may ask for."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.ids import uuid7
from accounts.models import ApiKey, User
from media_pipeline import links, storage
from media_pipeline.ingest import keep
from media_pipeline.models import Asset
from tests.media_pipeline import pictures
from tests.media_pipeline.parcel import CONTENT, alices, assert_nothing, asset, body, keep_once, link
from tests.media_pipeline.servers import ScriptedServer, answer

__all__ = ["alices", "asset", "keep_once", "link"]


def test_its_person_gets_the_picture_byte_for_byte(alices: Client, link: str) -> None:
    response = alices.get(link)
    assert response.status_code == 200
    assert body(response) == CONTENT


def test_the_parcel_says_what_it_is_and_keeps_it_harmless(alices: Client, asset: Asset, link: str) -> None:
    response = alices.get(link)
    expected = {
        "Content-Type": "image/png",
        "Content-Length": str(len(CONTENT)),
        "Cache-Control": "private, max-age=86400, immutable",
        "ETag": f'"{asset.sha256}"',
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Content-Disposition": f'inline; filename="base-{asset.created_at:%Y-%m-%d}-{asset.id.hex[-8:]}.png"',
        "Accept-Ranges": "bytes",
        "X-Frame-Options": "DENY",
    }
    assert {name: response.get(name) for name in expected} == expected
    assert "Content-Encoding" not in response


def test_every_variant_has_its_own_bytes_name_and_validator(alices: Client, asset: Asset) -> None:
    seen = set()
    for variant in ("original", "320", "640"):
        response = alices.get(links.sign(asset.pk, variant, asset.user_id))
        assert body(response)
        assert response["Content-Type"] == ("image/png" if variant == "original" else "image/webp")
        seen |= {response["ETag"], response["Content-Disposition"]}
    assert len(seen) == 6


def test_a_download_is_the_same_file_as_an_attachment(alices: Client, link: str) -> None:
    response = alices.get(f"{link}&download=1")
    assert response["Content-Disposition"].startswith('attachment; filename="base-')
    assert body(response) == CONTENT


def test_a_program_gets_it_with_its_persons_key(
    client: Client, alice: User, link: str, program: Callable[[User], Client], bob: User
) -> None:
    assert body(program(alice).get(link)) == CONTENT
    assert_nothing(program(bob).get(link))
    _row, key = ApiKey.objects.issue(alice.pk, "old")
    ApiKey.objects.filter(name="old").update(revoked_at=timezone.now())
    assert_nothing(client.get(link, headers={"Authorization": f"Bearer {key}"}))
    assert_nothing(client.get(f"{link}&key={key}"))


def test_nobody_else_gets_it_not_even_an_admin(
    *, client: Client, asset: Asset, link: str, bob: User, carol: User, ada: User, sue: User
) -> None:
    assert_nothing(client.get(link))
    for stranger in (bob, carol, ada, sue):
        client.force_login(stranger)
        assert_nothing(client.get(link))
        # Nor with a link that is genuine in itself, but for somebody who owns no such file.
        assert_nothing(client.get(links.sign(asset.pk, "original", stranger.pk)))


def test_a_person_who_may_no_longer_sign_in_gets_nothing(alices: Client, alice: User, link: str) -> None:
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert_nothing(alices.get(link))


def test_a_link_that_is_over_opens_nothing(alices: Client, asset: Asset) -> None:
    now = timezone.now()
    assert body(alices.get(links.sign(asset.pk, "original", asset.user_id, now - timedelta(hours=23, minutes=59))))
    assert_nothing(alices.get(links.sign(asset.pk, "original", asset.user_id, now - timedelta(hours=48))))


@pytest.mark.parametrize("kind", [str.isupper, str.islower, str.isdigit])
def test_a_changed_character_opens_nothing(kind: Callable[[str], bool], alices: Client, link: str) -> None:
    start = link.index("sig=") + 4
    place = next((index for index in range(start, len(link)) if kind(link[index])), start)
    other = chr(ord(link[place]) ^ 1)
    assert_nothing(alices.get(link[:place] + other + link[place + 1 :]))


@pytest.mark.parametrize(
    "change",
    [
        lambda link: link.split("?")[0],
        lambda link: link.split("&")[0],
        lambda link: link.replace("/original?", "/640?"),
        lambda link: link.replace("/original?", "/thumb?"),
        lambda link: link.replace("/original?", "/ORIGINAL?"),
        lambda link: link.replace("exp=", "exp=9"),
        lambda link: f"{link}&sig=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        lambda link: link.replace("sig=", "sig=%00"),
        lambda link: link.replace("sig=", "sig=%ff%fe"),
    ],
)
def test_a_link_with_something_missing_or_changed_opens_nothing(
    change: Callable[[str], str], alices: Client, link: str
) -> None:
    assert_nothing(alices.get(change(link)))


def test_an_id_that_is_no_id_or_nobodys_opens_nothing(alices: Client, alice: User, asset: Asset, link: str) -> None:
    assert_nothing(alices.get(links.sign(uuid7(), "original", alice.pk)))
    for wrong in (str(asset.pk).upper(), f"{{{asset.pk}}}", "1", "../../etc/passwd", str(asset.pk)[:-1]):
        assert alices.get(link.replace(str(asset.pk), wrong)).status_code == 404


def test_a_file_lost_from_the_disk_opens_nothing(alices: Client, asset: Asset, link: str) -> None:
    storage.path_of(asset.key).unlink()
    assert_nothing(alices.get(link))


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_it_can_only_be_read(method: str, alices: Client, link: str) -> None:
    response = getattr(alices, method)(link)
    assert response.status_code in {403, 405}


def test_head_says_the_same_without_the_body(alices: Client, link: str) -> None:
    whole, head = alices.get(link), alices.head(link)
    assert head.status_code == 200
    assert head.content == b""
    for name in ("Content-Length", "Content-Type", "ETag", "Cache-Control", "Content-Security-Policy"):
        assert head[name] == whole[name]
    whole.close()


def test_who_may_not_see_it_does_not_learn_that_it_is_unchanged(client: Client, asset: Asset, link: str) -> None:
    assert_nothing(client.get(link, headers={"If-None-Match": f'"{asset.sha256}"'}))


@pytest.mark.parametrize("proxy", ["caddy", "nginx"])
def test_behind_a_proxy_the_proxy_sends_the_bytes(
    *, proxy: str, alices: Client, client: Client, asset: Asset, link: str, settings: Settings
) -> None:
    settings.MEDIA_REDIRECT = proxy
    response = alices.get(f"{link}&download=1")
    assert response.status_code == 200
    assert response.content == b""
    assert response["X-Accel-Redirect"] == f"/_media/{asset.key}"
    assert response["Content-Type"] == "image/png"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Content-Disposition"].startswith("attachment")
    client.logout()
    assert_nothing(client.get(link))


def test_a_type_in_the_row_that_is_not_in_our_table_goes_out_as_plain_bytes(
    alices: Client, asset: Asset, link: str
) -> None:
    Asset.objects.filter(pk=asset.pk).update(content_type="text/html")
    response = alices.get(link)
    assert response["Content-Type"] == "application/octet-stream"
    response.close()


def test_one_picture_costs_three_queries(
    alices: Client, link: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(3):  # session, person, asset
        alices.get(link).close()


def test_a_kept_file_is_recorded_once_and_with_its_latest_facts(
    alice: User, bob: User, asset: Asset, sandbox: ScriptedServer, media_root: Path
) -> None:
    sandbox.routes["/out"] = answer(pictures.encoded("PNG", 30, 20))
    kept = keep(f"{sandbox.origin}/out", key=f"{asset.pk}-0")
    again = Asset.objects.record(UUID(str(asset.pk)), alice.pk, kept)
    assert Asset.objects.for_user(alice).count() == 1
    assert (again.width, again.sha256, again.created_at) == (30, kept.sha256, asset.created_at)
    assert Asset.objects.for_user(bob).count() == 0
