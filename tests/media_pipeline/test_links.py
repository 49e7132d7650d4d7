"""Signed links: for one person, one file, one variant, one to two days."""

import string
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from pytest_django import Settings

from media_pipeline import links

ASSET = UUID("0199aa00-0000-7000-8000-000000000001")
OTHER = UUID("0199aa00-0000-7000-8000-000000000002")
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ALPHABET = string.ascii_letters + string.digits + "-_"


def query_of(link: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}


def test_a_link_names_the_file_and_the_variant_and_is_valid() -> None:
    link = links.sign(ASSET, "320", 7, NOON)
    assert urlsplit(link).path == f"/media/{ASSET}/320"
    assert links.is_valid(ASSET, "320", 7, query_of(link), NOON)


def test_programs_get_it_with_the_public_address(settings: Settings) -> None:
    settings.PUBLIC_URL = "https://studio.example.org"
    link = links.absolute(ASSET, "original", 7, NOON)
    assert link == "https://studio.example.org" + links.sign(ASSET, "original", 7, NOON)


def test_a_link_stays_the_same_all_day_and_changes_at_midnight() -> None:
    midnight = datetime(2026, 11, 23, tzinfo=UTC)
    of_the_day = {links.sign(ASSET, "320", 7, midnight + timedelta(minutes=10 * step)) for step in range(144)}
    assert len(of_the_day) == 1
    assert links.sign(ASSET, "320", 7, midnight + timedelta(days=1)) not in of_the_day


@pytest.mark.parametrize("hour", [0, 12, 23])
def test_a_link_is_good_for_one_day_at_least_and_two_at_most(hour: int) -> None:
    made_at = datetime(2026, 11, 23, hour, 59, 59, tzinfo=UTC)
    query = query_of(links.sign(ASSET, "320", 7, made_at))
    assert links.is_valid(ASSET, "320", 7, query, made_at + timedelta(hours=24))
    assert not links.is_valid(ASSET, "320", 7, query, made_at + timedelta(hours=48))
    end = datetime(2026, 11, 25, tzinfo=UTC)
    assert links.is_valid(ASSET, "320", 7, query, end - timedelta(microseconds=1))
    assert not links.is_valid(ASSET, "320", 7, query, end)


def test_a_link_is_for_one_person_one_file_and_one_variant() -> None:
    query = query_of(links.sign(ASSET, "320", 7, NOON))
    assert not links.is_valid(OTHER, "320", 7, query, NOON)
    assert not links.is_valid(ASSET, "640", 7, query, NOON)
    assert not links.is_valid(ASSET, "original", 7, query, NOON)
    assert not links.is_valid(ASSET, "320", 8, query, NOON)
    assert not links.is_valid(ASSET, "320", 77, query, NOON)


def test_every_other_character_at_every_place_of_the_signature_is_refused() -> None:
    query = query_of(links.sign(ASSET, "320", 7, NOON))
    signature = query["sig"]
    assert len(signature) == 32
    for place, genuine in enumerate(signature):
        for other in ALPHABET.replace(genuine, ""):
            forged = signature[:place] + other + signature[place + 1 :]
            assert not links.is_valid(ASSET, "320", 7, query | {"sig": forged}, NOON)


@pytest.mark.parametrize(
    "change",
    [
        lambda sig: "",
        lambda sig: sig[:-1],
        lambda sig: sig + "=",
        lambda sig: sig + "A",
        lambda sig: sig.swapcase(),
        lambda sig: f" {sig}",
        lambda sig: f"{sig}\n",
        lambda sig: "ö" * 32,
        lambda sig: "\0" * 32,
        lambda sig: "\ud800" * 4,
        lambda sig: sig * 1000,
    ],
)
def test_a_signature_of_another_shape_is_refused(change: object) -> None:
    query = query_of(links.sign(ASSET, "320", 7, NOON))
    assert callable(change)
    assert not links.is_valid(ASSET, "320", 7, query | {"sig": change(query["sig"])}, NOON)


def test_the_end_cannot_be_moved_or_written_otherwise() -> None:
    query = query_of(links.sign(ASSET, "320", 7, NOON))
    end = query["exp"]
    later = str(int(end) + 86_400)
    for forged in (
        later,
        f"0{end}",
        f"+{end}",
        f"{end} ",
        f"{end}.0",
        "",
        "-1",
        "9" * 5000,
        "abc",
        "٣",
        f"1_{end}",
        "1e99",
    ):
        assert not links.is_valid(ASSET, "320", 7, query | {"exp": forged}, NOON)
    assert not links.is_valid(ASSET, "320", 7, {"sig": query["sig"]}, NOON)
    assert not links.is_valid(ASSET, "320", 7, {"exp": end}, NOON)


def test_a_new_secret_ends_old_links_unless_the_old_one_is_a_fallback(settings: Settings) -> None:
    query = query_of(links.sign(ASSET, "320", 7, NOON))
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another-secret-of-the-studio-that-is-long-enough-to-be-one"
    assert not links.is_valid(ASSET, "320", 7, query, NOON)
    settings.SECRET_KEY_FALLBACKS = [old]
    assert links.is_valid(ASSET, "320", 7, query, NOON)
    assert links.sign(ASSET, "320", 7, NOON) != f"/media/{ASSET}/320?exp={query['exp']}&sig={query['sig']}"


def test_an_unknown_variant_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="no variant"):
        links.sign(ASSET, "1280", 7, NOON)
