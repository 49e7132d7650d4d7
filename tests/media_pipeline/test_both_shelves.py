"""A folder and a bucket behave the same: one suite, asked through the door to stored files, with Django as the proxy.

What the proxies make of both is in test_through_the_proxy.
"""

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.ids import uuid7
from accounts.models import User
from media_pipeline import links, storage
from media_pipeline.ingest import keep
from media_pipeline.models import Asset
from tests.media_pipeline.parcel import CONTENT, alices, assert_nothing, body, link
from tests.media_pipeline.servers import ScriptedServer, answer

__all__ = ["alices", "link"]


@pytest.fixture(params=["folder", "bucket"], autouse=True)
def shelf(request: pytest.FixtureRequest, media_root: Path) -> str:
    if request.param == "bucket":
        request.getfixturevalue("bucket_name")
    return str(request.param)


@pytest.fixture
def asset(alice: User, sandbox: ScriptedServer, shelf: str) -> Asset:
    sandbox.routes["/out"] = answer(CONTENT)
    return Asset.objects.record(uuid7(), alice.pk, keep(f"{sandbox.origin}/out", key=f"{uuid7()}-0"))


def test_the_owner_gets_the_bytes_with_what_they_are_and_keeps_them_harmless(
    alices: Client, asset: Asset, link: str
) -> None:
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
    }
    assert {name: response.get(name) for name in expected} == expected
    assert body(response) == CONTENT
    thumbnail = alices.get(links.sign(asset.pk, "320", asset.user_id))
    assert (thumbnail["Content-Type"], body(thumbnail)[8:12]) == ("image/webp", b"WEBP")
    assert alices.get(f"{link}&download=1")["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("wanted", "status", "part"),
    [
        ("bytes=10-19", 206, slice(10, 20)),
        ("bytes=-10", 206, slice(-10, None)),
        ("bytes=1000-", 206, slice(1000, None)),
        ("bytes=0-1,5-6", 200, slice(None)),
        ("bytes=5-4", 200, slice(None)),
        ("bytes=99999999-", 416, slice(0, 0)),
    ],
)
def test_parts_can_be_had(wanted: str, status: int, part: slice, alices: Client, link: str) -> None:
    response = alices.get(link, headers={"Range": wanted})
    assert (response.status_code, body(response)) == (status, CONTENT[part])
    other = alices.get(link, headers={"Range": wanted, "If-Range": '"older"'})
    assert (other.status_code, body(other)) == (200, CONTENT)


def test_who_has_it_is_told_so_and_head_has_no_body(alices: Client, asset: Asset, link: str) -> None:
    same = alices.get(link, headers={"If-None-Match": f'"{asset.sha256}"'})
    assert (same.status_code, same.content, same["ETag"]) == (304, b"", f'"{asset.sha256}"')
    head = alices.head(link)
    assert (head.status_code, head.content, head["Content-Length"]) == (200, b"", str(len(CONTENT)))


def test_nobody_else_gets_anything_nor_does_a_link_that_is_over_or_altered(
    *, client: Client, asset: Asset, link: str, carol: User, alice: User
) -> None:
    assert_nothing(client.get(link))
    client.force_login(carol)
    assert_nothing(client.get(link))
    assert_nothing(client.get(links.sign(asset.pk, "original", carol.pk)))
    client.force_login(alice)
    assert_nothing(client.get(links.sign(asset.pk, "original", alice.pk, timezone.now() - timedelta(hours=48))))
    assert_nothing(client.get(link[:-1] + ("A" if link[-1] != "A" else "B")))
    assert_nothing(client.get(link.replace("/original?", "/640?")))


@pytest.mark.parametrize("lie", ["text/html", "image/svg+xml", "application/pdf"])
def test_a_type_that_is_not_in_our_table_goes_out_as_plain_bytes(
    lie: str, alices: Client, asset: Asset, link: str
) -> None:
    Asset.objects.filter(pk=asset.pk).update(content_type=lie)
    response = alices.get(link)
    assert response["Content-Type"] == "application/octet-stream"
    response.close()


def test_a_file_that_is_lost_opens_nothing(alices: Client, asset: Asset, link: str) -> None:
    storage.remove(asset.key)
    assert_nothing(alices.get(link))


@pytest.mark.parametrize("proxy", ["caddy", "nginx"])
def test_behind_a_proxy_the_page_never_learns_where_it_lies(
    *, proxy: str, shelf: str, alices: Client, asset: Asset, link: str, settings: Settings
) -> None:
    settings.MEDIA_REDIRECT = proxy
    response = alices.get(link, headers={"Range": "bytes=0-9"})
    assert (response.status_code, response.content) == (200, b"")
    address = response["X-Accel-Redirect"]
    if shelf == "folder":
        assert address == f"/_media/{asset.key}"
        return
    where, _, query = address.partition("?")
    assert where == f"/_bucket/part/{settings.MEDIA_BUCKET}/{settings.MEDIA_BUCKET_PREFIX}/{asset.key}"
    for said in ("X-Amz-Expires=300", "response-content-type=image%2Fpng", "response-content-disposition=inline"):
        assert said in query
    assert "127.0.0.1" not in address
    stale = alices.get(link, headers={"Range": "bytes=0-9", "If-Range": '"older"'})
    assert stale["X-Accel-Redirect"].startswith("/_bucket/whole/")
