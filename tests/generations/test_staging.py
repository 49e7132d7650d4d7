"""Earlier tries with a picture: seen by who made them, to be gone on from."""

from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from generations import staging
from generations.actions.requesting import Wish, request_generation
from generations.models import Generation
from media_pipeline.models import Asset
from tests.generations.conftest import Sandbox, drive
from tests.generations.test_other_providers import uploaded


def tried(person: User, source: Asset, prompt: str) -> Generation:
    wish = Wish(model_id="flux-kontext-pro", prompt=prompt, inputs={"image": [source.pk]})
    return drive(request_generation(person, wish).generation)


@pytest.fixture
def source(alice: User) -> Asset:
    return uploaded(alice)


def test_every_try_is_beside_the_source_and_a_result_leads_back_to_it(
    alice: User, source: Asset, sandbox: Sandbox, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    assert staging.strip_of(alice, source.pk) is None
    tries = [tried(alice, source, f"try {number}") for number in range(3)]
    other = tried(alice, uploaded(alice), "of another picture")
    with django_assert_num_queries(4):
        strip = staging.strip_of(alice, source.pk)
    assert strip is not None
    assert [one.generation for one in strip.tries] == tries[::-1]
    assert strip.chosen == strip.source.pk == source.pk
    # From a result on: the same strip, with the result chosen.
    chosen = tries[1].assets[0]
    again = staging.strip_of(alice, chosen.pk)
    assert again is not None
    assert (again.source, again.chosen) == (source, chosen.pk)
    assert other not in [one.generation for one in again.tries]


def test_a_stranger_sees_nothing_and_a_wrong_id_is_no_error(
    alice: User, carol: User, source: Asset, sandbox: Sandbox, client: Client
) -> None:
    tried(alice, source, "hers alone")
    client.force_login(carol)
    for named in (source.pk, uuid4(), "nonsense"):
        answer = client.get("/staging/", {"inputs.image": str(named)})
        assert answer.status_code == 200
        assert "hidden" in answer.content.decode()
        assert "staging-pick" not in answer.content.decode()


def test_a_link_puts_a_picture_into_the_composer(alice: User, carol: User, source: Asset, client: Client) -> None:
    address = f"/?goal=edit&model=flux-kontext-pro&inputs.image={source.pk}"
    client.force_login(alice)
    assert f'name="inputs.image" value="{source.pk}"' in client.get(address).content.decode()
    client.force_login(carol)
    assert str(source.pk) not in client.get(address).content.decode().split('id="trays"')[1].split("</form>")[0]
