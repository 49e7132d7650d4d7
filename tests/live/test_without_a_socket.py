"""Pages that can have no socket ask for what it would have sent: the same batch, of their own rows, or nothing."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from generations import feed, jobs
from generations.live import messages
from tests.studio import Ask

CHANGES = "/changes/?have={}&page=create&lang=en&jobs={}&id=undefined"


@pytest.fixture
def hers(alice: User) -> Client:
    client = Client()
    client.force_login(alice)
    return client


@pytest.mark.parametrize("jobs", ["true", "false"])
def test_it_is_the_batch_that_a_socket_would_send(hers: Client, alice: User, ask: Ask, jobs: str) -> None:
    row = ask(alice, "a kite without a socket")
    answer = hers.get(CHANGES.format(0, jobs))
    assert answer.headers["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    frame = answer.json()
    read = feed.read(alice.pk, 0, feed.Page(kind="create", has_jobs=jobs == "true"))
    assert read is not None
    parts = [part["id"] for part in read["fragments"]]
    assert (frame["cursor"], [part["id"] for part in frame["fragments"]]) == (read["cursor"], parts)
    assert f"generation-{row.pk}" in parts
    assert (f"job-{row.pk}" in parts) is (jobs == "true")
    again = hers.get(CHANGES.format(frame["cursor"], jobs))
    assert (again.status_code, again.content) == (204, b"")


def test_a_stranger_hears_nothing_of_it(carol: User, alice: User, ask: Ask) -> None:
    row = ask(alice, "not for carol")
    User.objects.filter(pk=carol.pk).update(seq=1)
    theirs = Client()
    theirs.force_login(carol)
    answer = theirs.get(f"/changes/?have=0&page=result&id={row.pk}")
    assert answer.status_code == 200
    assert str(row.pk) not in answer.content.decode()


def test_a_number_that_cannot_be_begins_anew(hers: Client) -> None:
    assert hers.get(CHANGES.format(10**15, "false")).json() == {"reset": True}


@pytest.mark.parametrize("have", ["", "-1", "1.0", "true", "١", "9" * 19, "1 "])
def test_what_is_no_number_is_refused(hers: Client, have: str) -> None:
    assert hers.get("/changes/", {"have": have}).status_code == 400


def test_what_stands_in_the_address_is_the_page_it_says() -> None:
    narrowed = {"kind": "video", "model": "veo"}
    said = messages.read_query(
        {"have": "7", "jobs": "true", "page": "nonsense", "lang": "xx", "id": "undefined"} | narrowed
    )
    assert said is not None
    asked = jobs.Filter(kind="video", model="veo")
    assert (said["have"], messages.page_of(said)) == (7, feed.Page(kind="other", has_jobs=True, asked=asked))


def test_asking_in_vain_costs_who_one_is_and_nothing_more(
    hers: Client, alice: User, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(3):  # session, person, and the person's number as it is now
        assert hers.get(CHANGES.format(alice.seq, "false")).status_code == 204


def test_who_was_signed_out_is_led_away() -> None:
    assert Client().get(CHANGES.format(0, "false")).status_code == 302
