"""The main job through each provider and with files: pictures from words, from pictures, and videos."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models.functions import Now

from accounts import credits
from accounts.models import User
from config.local.waiting import until
from generations.actions.requesting import ModelUnavailable, Wish, request_generation
from generations.models import Attempt, Generation, HandedOver, Output
from generations.steps import claims, routing, submitting, sweeping
from media_pipeline import intake
from media_pipeline.models import Asset
from providers import catalogue, registry, tokens
from providers.catalogue import Model
from providers.models import ProviderHealth, TokenDay
from tests.bucket import Buckets
from tests.generations.conftest import Ask, Sandbox, drive, step
from tests.media_pipeline import pictures
from tests.pool import add, replicate
from tests.threads import at_once

__all__ = ["replicate"]
# Whose pictures come from words.
REMOTE = sorted(name for name in registry.ADAPTERS if not tokens.works_here(name))


def first(provider: str, task: str) -> Model:
    """The model this provider stands first for, cheapest first."""
    models = [
        model
        for model in catalogue.available()
        if task in model.tasks and model.routes_for(task)[0].provider == provider
    ]
    return min(models, key=lambda model: model.quote_millicredits(model.clean({})))


def uploaded(person: User, width: int = 320, height: int = 240) -> Asset:
    file = SimpleUploadedFile("a.png", pictures.encoded("PNG", width, height), "image/png")
    (asset,) = intake.take_in([file], user_id=person.pk)
    return asset


def asked(person: User, model: Model, prompt: str, **inputs: Any) -> Generation:
    wish = Wish(model_id=model.id, prompt=prompt if model.prompt_max_length else "", inputs=inputs)
    return request_generation(person, wish).generation


@pytest.mark.parametrize("provider", REMOTE)
def test_words_become_a_picture_through_each_provider(provider: str, alice: User, sandbox: Sandbox, ask: Ask) -> None:
    model = first(provider, "text-to-image")
    generation = drive(ask(alice, f"a quiet bay through {provider}", model=model.id))
    assert (generation.stage, generation.provider) == ("completed", provider)
    assert generation.assets[0].content_type.startswith("image/")
    assert len(sandbox.journal(f"bay%20through%20{provider}")) == 1
    assert credits.balance_of(alice.pk).held == 0


@pytest.mark.parametrize("provider", [name for name in REMOTE if name != "replicate"])
def test_words_become_a_video(provider: str, make_person: Any, db: None, sandbox: Sandbox, ask: Ask) -> None:
    rich = make_person("rich", given_credits=10_000)
    generation = drive(ask(rich, f"waves through {provider}", model=first(provider, "text-to-video").id), seconds=60)
    assert generation.stage == "completed", generation.error_code
    (asset,) = generation.assets
    assert asset.is_video
    assert (asset.duration_seconds or 0) > 1
    assert asset.file("640") is not None


@pytest.mark.parametrize("provider", REMOTE)
def test_a_picture_is_handed_over_and_worked_on(provider: str, alice: User, sandbox: Sandbox) -> None:
    picture = uploaded(alice)
    model = first(provider, "image-edit")
    generation = drive(asked(alice, model, f"the same in winter by {provider}", image=[picture.pk]))
    assert (generation.stage, generation.task, generation.error_code) == ("completed", "image-edit", "")
    attempt = Attempt.objects.get(generation=generation)
    assert attempt.sent_at is not None
    assert "base64" not in str(attempt.request)


@pytest.mark.parametrize(
    ("directive", "code"),
    [("refuse", "content_refused"), ("refuse=IMAGE_SAFETY", "content_refused"), ("empty", "no_output")],
)
def test_a_block_that_google_answers_with_200_costs_nothing(
    directive: str, code: str, alice: User, sandbox: Sandbox, ask: Ask
) -> None:
    before = credits.balance_of(alice.pk)
    generation = step(ask(alice, f"a crowd [[{directive}]]", model=first("google", "text-to-image").id))
    assert (generation.stage, generation.error_code) == ("failed", code)
    assert credits.balance_of(alice.pk) == before
    assert Attempt.objects.filter(generation=generation).count() == 1


def test_a_picture_that_google_may_have_made_is_not_asked_for_again(alice: User, sandbox: Sandbox, ask: Ask) -> None:
    """503 after the work: there is no job to ask after, so waiting for it would be in vain."""
    generation = step(ask(alice, "a lost reply [[accept-500]]", model=first("google", "text-to-image").id))
    assert (generation.stage, generation.error_code) == ("failed", "submission_unconfirmed")
    assert step(generation).stage == "failed"
    assert len(sandbox.journal("a%20lost%20reply")) == 1
    assert credits.balance_of(alice.pk) == credits.Balance(available=100_000)


def test_without_room_for_the_answer_a_picture_is_not_asked_for(
    alice: User, sandbox: Sandbox, ask: Ask, settings: Any
) -> None:
    least, settings.MEDIA_MIN_FREE_BYTES = settings.MEDIA_MIN_FREE_BYTES, 10**18
    generation = step(ask(alice, "a full disk", model=first("google", "text-to-image").id))
    assert (generation.stage, sandbox.journal("a%20full%20disk")) == ("queued", [])
    settings.MEDIA_MIN_FREE_BYTES = least
    assert drive(generation).stage == "completed"
    assert len(sandbox.journal("a%20full%20disk")) == 1


@pytest.mark.usefixtures("committed")
def test_a_picture_that_is_paid_for_is_held_until_the_bucket_is_back(
    make_person: Any, sandbox: Sandbox, ask: Ask, buckets: Buckets, bucket_name: str
) -> None:
    generation = ask(make_person("alice"), "a bucket that is away", model=first("google", "text-to-image").id)
    buckets.client.delete_bucket(Bucket=bucket_name)

    def come_back() -> str:
        assert until(lambda: sandbox.journal("bucket%20that%20is%20away"), 20)
        return buckets.make(bucket_name)

    at_once(lambda number: come_back() if number else step(generation), 2)
    assert drive(generation).stage == "completed"
    assert len(sandbox.journal("bucket%20that%20is%20away")) == 1


def test_what_a_provider_keeps_is_not_uploaded_twice(alice: User, sandbox: Sandbox) -> None:
    picture = uploaded(alice)
    model = first("fal", "image-edit")
    for season in ("spring", "autumn"):
        assert drive(asked(alice, model, f"in {season}", image=[picture.pk])).stage == "completed"
    kept = HandedOver.objects.filter(asset=picture)
    assert kept.count() == 1
    assert sweeping.forget_old()["handed_over"] == 0
    kept.update(expires_at=Now() - timedelta(seconds=1))
    assert sweeping.forget_old()["handed_over"] == 1


def test_an_attempt_that_died_while_it_handed_over_files_goes_back_in_line(alice: User, sandbox: Sandbox) -> None:
    generation = asked(alice, first("fal", "image-edit"), "never sent", image=[uploaded(alice).pk])
    claimed = claims.claim(generation.pk)
    assert claimed is not None
    opened = submitting.open_attempt(claimed, routing.ways(claimed))
    assert isinstance(opened, submitting.Opened)
    attempt = opened.attempt
    assert attempt.sent_at is None
    assert step(generation).stage == "queued"
    assert Attempt.objects.get(pk=attempt.pk).state == "refused"
    assert drive(generation).stage == "completed"
    assert len(sandbox.journal("never%20sent")) == 1


@pytest.mark.usefixtures("committed")
def test_a_file_that_cannot_be_read_here_is_no_fault_of_the_provider(
    make_person: Any, replicate: Sandbox, buckets: Buckets, bucket_name: str
) -> None:
    (token,) = add("r8_not_to_blame", max_in_flight=50)
    person = make_person("alice")
    picture = uploaded(person)
    wish = asked(person, first("replicate", "image-edit"), "a file that is away", image=[picture.pk])
    for key in buckets.keys(bucket_name):
        buckets.client.delete_object(Bucket=bucket_name, Key=key)
    buckets.client.delete_bucket(Bucket=bucket_name)
    assert step(wish).stage == "queued"
    assert Attempt.objects.get().state == "refused"
    buckets.make(bucket_name)
    Generation.objects.update(next_action_at=Now())
    wish = drive(wish)
    assert (wish.stage, wish.error_code) == ("failed", "input_refused")
    assert replicate.journal("a%20file%20that%20is%20away") == []
    assert not ProviderHealth.objects.exists()
    assert not TokenDay.objects.filter(token=token, errors__gt=0).exists()


def test_another_persons_file_is_not_there(alice: User, carol: User, sandbox: Sandbox) -> None:
    model = first("fal", "image-edit")
    with pytest.raises(catalogue.ParameterErrors) as refused:
        asked(alice, model, "not mine", image=[uploaded(carol).pk])
    assert list(refused.value.fields) == ["inputs.image"]
    assert not Generation.objects.filter(user=alice).exists()
    assert not Output.objects.exists()


def test_what_only_a_provider_without_a_token_can_do_is_not_taken(alice: User, settings: Any) -> None:
    settings.EMBEDDED = False
    add("id:secret", provider="higgsfield")
    model = catalogue.get("z-image-turbo")
    assert asked(alice, model, "from words").provider == "fal"
    with pytest.raises(ModelUnavailable):
        asked(alice, model, "from a picture", image=[uploaded(alice).pk])
    assert Generation.objects.count() == 1
