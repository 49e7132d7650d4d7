"""Parts of a stored file, and what a browser has already."""

import pytest
from django.test import Client
from pytest_django import Settings

from media_pipeline.models import Asset
from tests.media_pipeline.parcel import CONTENT, alices, asset, body, keep_once, link

__all__ = ["alices", "asset", "keep_once", "link"]


@pytest.mark.parametrize(
    ("wanted", "part"),
    [
        ("bytes=0-0", slice(0, 1)),
        ("bytes=0-99", slice(0, 100)),
        ("bytes=100-199", slice(100, 200)),
        ("bytes=1000-", slice(1000, None)),
        ("bytes=-10", slice(-10, None)),
        ("bytes=-99999999", slice(None)),
        ("bytes=5-999999999", slice(5, None)),
    ],
)
def test_a_part_of_it_can_be_had(wanted: str, part: slice, alices: Client, link: str) -> None:
    response = alices.get(link, headers={"Range": wanted})
    expected = CONTENT[part]
    first = CONTENT.index(expected) if len(expected) > 1 else 0
    assert response.status_code == 206
    assert body(response) == expected
    assert response["Content-Length"] == str(len(expected))
    assert response["Content-Range"] == f"bytes {first}-{first + len(expected) - 1}/{len(CONTENT)}"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize("wanted", ["bytes=9999999-", f"bytes={len(CONTENT)}-", "bytes=-0"])
def test_a_part_that_does_not_exist_is_refused(wanted: str, alices: Client, link: str) -> None:
    response = alices.get(link, headers={"Range": wanted})
    assert response.status_code == 416
    assert response["Content-Range"] == f"bytes */{len(CONTENT)}"


@pytest.mark.parametrize(
    "wanted", ["bytes=5-4", "bytes=-", "bytes=a-b", "items=0-5", "bytes=0-1,5-6", "bytes=٠-٩", f"bytes=0-{'9' * 40}"]
)
def test_a_range_that_is_none_or_several_gets_the_whole(wanted: str, alices: Client, link: str) -> None:
    response = alices.get(link, headers={"Range": wanted})
    assert response.status_code == 200
    assert body(response) == CONTENT


def test_a_part_of_another_version_is_not_mixed_in(alices: Client, asset: Asset, link: str) -> None:
    same = alices.get(link, headers={"Range": "bytes=0-9", "If-Range": f'"{asset.sha256}"'})
    other = alices.get(link, headers={"Range": "bytes=0-9", "If-Range": '"older"'})
    assert (same.status_code, other.status_code) == (206, 200)
    assert (len(body(same)), len(body(other))) == (10, len(CONTENT))


@pytest.mark.parametrize("known", ['"{sha}"', 'W/"{sha}"', '"x", "{sha}"'])
@pytest.mark.parametrize("redirect", ["none", "caddy"])
def test_a_browser_that_has_it_is_told_so(
    *, known: str, redirect: str, alices: Client, asset: Asset, link: str, settings: Settings
) -> None:
    settings.MEDIA_REDIRECT = redirect
    response = alices.get(link, headers={"If-None-Match": known.format(sha=asset.sha256)})
    assert response.status_code == 304
    assert response.content == b""
    assert response["ETag"] == f'"{asset.sha256}"'
    assert response["Cache-Control"] == "private, max-age=86400, immutable"
    stale = alices.get(link, headers={"If-None-Match": '"older"'})
    assert stale.status_code == 200
    stale.close()
