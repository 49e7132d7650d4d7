"""A person's picture, worked on by the studio's own machine: the whole story, and what goes wrong on the way."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now

from accounts import credits
from accounts.models import LedgerTransaction, User
from config.local.waiting import until
from generations import feed, tasks
from generations.actions.changing import cancel_generation, check_again
from generations.actions.requesting import Wish, request_generation
from generations.models import Attempt, Event, Generation, Output
from generations.models.event import Kind
from generations.steps import advancing, claims, hints, polling, sweeping
from media_pipeline import slots
from media_pipeline.models import Asset
from providers import catalogue
from providers.local import running
from tests.bucket import Buckets
from tests.generations.conftest import drive, step
from tests.generations.test_other_providers import uploaded
from tests.threads import at_once

LONG = {"duration": "5", "fps": "30", "resolution": "1080p"}


def cropped(person: User, picture: Asset, **params: Any) -> Generation:
    wish = Wish(model_id="local-crop", prompt="", params=params, inputs={"image": [picture.pk]})
    return request_generation(person, wish).generation


def filmed(person: User, **params: Any) -> Generation:
    frames = {slot: [uploaded(person, 640, 360).pk] for slot in ("first_frame", "last_frame")}
    wish = Wish(model_id="local-cross-fade", prompt="", params=params, inputs=frames)
    return request_generation(person, wish).generation


def kinds(generation: Generation) -> list[str]:
    return list(Event.objects.filter(generation=generation).order_by("pk").values_list("kind", flat=True))


def test_a_picture_is_cropped_and_nothing_is_charged(alice: User) -> None:
    generation = cropped(alice, uploaded(alice), aspect_ratio="1:1", output_format="png")
    assert (generation.cost_millicredits, generation.frame_width, generation.frame_height) == (0, 240, 240)
    assert step(generation).stage == "running"
    attempt = Attempt.objects.get(generation=generation)
    assert (attempt.state, attempt.external_id, attempt.token_label) == ("accepted", str(attempt.pk), "machine")
    assert step(generation).stage == "saving"
    assert step(generation).stage == "completed"
    (asset,) = generation.assets
    assert (asset.width, asset.height, asset.content_type) == (240, 240, "image/png")
    assert LedgerTransaction.objects.filter(reference=generation.ledger_reference).count() == 0
    assert credits.balance_of(alice.pk) == credits.Balance(available=100_000, held=0)


def test_two_pictures_become_a_film(alice: User) -> None:
    generation = drive(filmed(alice, duration="1", fps="12", resolution="480p"), seconds=60)
    assert (generation.stage, generation.task) == ("completed", "first-last-frame")
    (asset,) = generation.assets
    assert asset.is_video
    assert (asset.width, asset.height, asset.duration_seconds) == (generation.frame_width, 480, 1.0)


def test_its_work_belongs_to_the_media_workers(alice: User) -> None:
    generation = cropped(alice, uploaded(alice))
    Generation.objects.filter(pk=generation.pk).update(next_action_at=Now())
    (hint,) = advancing.advance(generation.pk)
    assert (hint.generation_id, hint.queue) == (generation.pk, "media")
    generation.refresh_from_db()
    assert [one.queue for one in hints.hints_for(generation)] == ["media"]
    Generation.objects.filter(pk=generation.pk).update(hinted_at=None)
    assert [one.hint.queue for one in sweeping.overdue_hints() if one.hint.generation_id == generation.pk] == ["media"]


def test_a_busy_machine_is_waited_for_as_long_as_in_line(alice: User, settings: Any) -> None:
    generation = step(cropped(alice, uploaded(alice)))
    patience = timedelta(seconds=settings.QUEUE_PATIENCE_SECONDS)
    assert generation.deadline_at == generation.created_at + patience
    with slots.one("local", most=1):
        for _ in range(settings.MAX_TRIES_PER_STAGE + 2):
            assert step(generation).stage == "running"
    assert drive(generation).stage == "completed"


def test_media_work_goes_on_beside_it(alice: User) -> None:
    generation = step(step(cropped(alice, uploaded(alice))))
    assert generation.stage == "saving"
    with slots.one("local", most=1):
        assert step(generation).stage == "completed"


def test_whoever_does_it_may_die_at_any_moment(alice: User) -> None:
    """Its child is gone and its lease runs out: the next one does it from the beginning, and it ends once."""
    generation = step(filmed(alice, **LONG))
    Generation.objects.filter(pk=generation.pk).update(next_action_at=Now())
    claimed = claims.claim(generation.pk)
    attempt = Attempt.objects.get(generation=generation)
    assert claimed is not None
    update = polling.ask(claimed, attempt)
    assert update is not None
    assert update.state == "running"
    running.stop(str(attempt.pk))
    assert drive(generation, seconds=100).stage == "completed"
    assert Attempt.objects.filter(generation=generation).count() == 1
    assert Output.objects.filter(generation=generation).count() == 1
    assert kinds(generation).count(Kind.COMPLETED) == 1


def test_a_submit_whose_sender_died_is_sent_again_and_is_the_same_job(alice: User) -> None:
    generation = step(cropped(alice, uploaded(alice)))
    attempt = Attempt.objects.filter(generation=generation)
    attempt.update(state="posting", external_id=None, accepted_at=None, follow_up={})
    Generation.objects.filter(pk=generation.pk).update(stage="submitting")
    assert step(generation).stage == "unconfirmed"
    assert step(generation).stage == "running"
    assert attempt.get().external_id == str(attempt.get().pk)
    assert drive(generation).stage == "completed"


def test_past_its_deadline_it_ends_without_being_begun(alice: User) -> None:
    generation = step(cropped(alice, uploaded(alice)))
    Generation.objects.filter(pk=generation.pk).update(deadline_at=Now() - timedelta(seconds=1))
    assert step(generation).stage == "failed"
    assert generation.error_code == "timed_out"
    assert not Output.objects.filter(generation=generation).exists()


def test_what_is_too_large_is_refused_with_a_sentence(alice: User) -> None:
    picture = uploaded(alice, 4_200, 4_000)
    wish = Wish(model_id="local-enlarge", prompt="", params={"scale": "4"}, inputs={"image": [picture.pk]})
    generation = drive(request_generation(alice, wish).generation)
    assert (generation.stage, generation.error_code) == ("failed", "input_too_large")


def test_a_model_whose_work_is_switched_off_is_not_offered(alice: User, settings: Any) -> None:
    settings.LOCAL_WORK = False
    assert not catalogue.is_available(catalogue.get("local-crop"))


@pytest.mark.usefixtures("committed")
def test_work_that_is_under_way_is_cancelled_at_once(make_person: Any) -> None:
    generation = step(filmed(make_person("alice"), **LONG))
    Generation.objects.filter(pk=generation.pk).update(next_action_at=Now())
    check_again(generation)

    def has_begun() -> bool:
        return Event.objects.filter(generation=generation, kind=Kind.STARTED).exists()

    def cancel() -> None:
        assert until(has_begun, 20)
        cancel_generation(Generation.objects.get(pk=generation.pk))

    at_once(lambda number: tasks.advance_now(generation.pk) if number else cancel(), 2)
    generation.refresh_from_db()
    assert (generation.stage, generation.error_code) == ("cancelled", "")
    assert not Output.objects.filter(generation=generation).exists()


def test_a_page_hears_of_work_that_took_no_words(alice: User) -> None:
    generation = cropped(alice, uploaded(alice))
    frame = feed.read(alice.pk, 0, feed.Page(kind="create"))
    assert frame is not None
    assert frame["say"].startswith(f"{generation.model_name}: ")
    assert any(str(generation.pk) in fragment["html"] for fragment in frame["fragments"])


def test_without_room_for_its_result_it_waits_and_is_not_given_up(alice: User, settings: Any) -> None:
    generation = step(cropped(alice, uploaded(alice)))
    least, settings.MEDIA_MIN_FREE_BYTES = settings.MEDIA_MIN_FREE_BYTES, 10**18
    for _ in range(settings.MAX_TRIES_PER_STAGE + 2):
        assert step(generation).stage == "running"
    settings.MEDIA_MIN_FREE_BYTES = least
    assert drive(generation).stage == "completed"


@pytest.mark.usefixtures("committed")
def test_a_result_for_a_bucket_that_went_away_meanwhile_is_made_again(
    make_person: Any, buckets: Buckets, bucket_name: str
) -> None:
    generation = step(filmed(make_person("alice"), duration="2", fps="12", resolution="480p"))
    files = {key: buckets.content(bucket_name, key) for key in buckets.keys(bucket_name)}

    def go_away() -> None:
        assert until(lambda: str(Attempt.objects.get().pk) in running._runs, 20)
        for key in files:
            buckets.client.delete_object(Bucket=bucket_name, Key=key)
        buckets.client.delete_bucket(Bucket=bucket_name)

    at_once(lambda number: go_away() if number else step(generation), 2)
    generation.refresh_from_db()
    assert (generation.stage, generation.tries_in_stage, generation.lease_until) == ("running", 0, None)
    buckets.make(bucket_name)
    for key, content in files.items():
        buckets.client.put_object(Bucket=bucket_name, Key=key, Body=content)
    assert drive(generation, seconds=60).stage == "completed"
