"""The main job in one process: a real call, real files, a hold that becomes a charge."""

from django.db.models.functions import Now
from PIL import Image

from accounts import credits
from accounts.models import User
from generations.models import Attempt, Event, Generation, Output
from media_pipeline import storage
from media_pipeline.models import Asset
from tests.generations.conftest import Ask, Sandbox, drive, step


def size_of(asset: Asset, variant: str = "original") -> tuple[int, int]:
    file = asset.file(variant)
    assert file is not None
    with Image.open(storage.path_of(file.key)) as image:
        return image.size


def test_a_wish_becomes_a_picture_and_is_charged_once(alice: User, sandbox: Sandbox, ask: Ask) -> None:
    generation = ask(alice, "a lighthouse at dawn, number one", aspect_ratio="16:9")
    assert credits.balance_of(alice.pk) == credits.Balance(available=99_700, held=300)
    assert step(generation).stage == "running"
    assert drive(generation).stage == "completed"
    assert credits.balance_of(alice.pk) == credits.Balance(available=99_700, held=0)
    (output,) = Output.objects.filter(generation=generation)
    assert output.asset is not None
    assert (output.asset.width, output.asset.height) == (1344, 768)
    assert size_of(output.asset) == (1344, 768)
    assert size_of(output.asset, "320")[0] == 320
    assert len(sandbox.journal("dawn%2C%20number%20one")) == 1
    kinds = list(Event.objects.filter(generation=generation).order_by("id").values_list("kind", flat=True))
    # Whether a poll saw it at work is the sandbox's pace, the rest is the law.
    assert [kind for kind in kinds if kind != "started"] == [
        "queued", "submitting", "accepted", "polled", "saving", "kept", "completed"
    ]  # fmt: skip


def test_a_list_of_pictures_and_a_single_string_both_arrive(alice: User, sandbox: Sandbox, ask: Ask) -> None:
    several = drive(ask(alice, "three boats", num_outputs=3))
    single = drive(ask(alice, "one boat", model="flux-1.1-pro"))
    assert [len(row.assets) for row in (several, single)] == [3, 1]
    assert credits.balance_of(alice.pk) == credits.Balance(available=100_000 - 900 - 4000)


def test_a_refused_prompt_costs_nothing(alice: User, sandbox: Sandbox, ask: Ask) -> None:
    generation = drive(ask(alice, "a crowd [[refuse]]"))
    assert (generation.stage, generation.error_code) == ("failed", "content_refused")
    assert credits.balance_of(alice.pk) == credits.Balance(available=100_000)


def test_success_without_a_file_is_a_failure(alice: User, sandbox: Sandbox, ask: Ask) -> None:
    for directive in ("empty", "null"):
        generation = drive(ask(alice, f"nothing [[{directive}]]"))
        assert (generation.stage, generation.error_code) == ("failed", "no_output")
    assert credits.balance_of(alice.pk) == credits.Balance(available=100_000)


def test_an_unknown_answer_is_adopted_and_never_sent_again(alice: User, sandbox: Sandbox, ask: Ask) -> None:
    for directive in ("accept-500", "accept-cut"):
        generation = step(ask(alice, f"a mill {directive} [[{directive}]]"))
        assert generation.stage == "unconfirmed"
        assert Attempt.objects.get(generation=generation).external_id is None
        assert drive(generation).stage == "completed"
        assert len(sandbox.journal(f"mill%20{directive}")) == 1
    assert credits.balance_of(alice.pk) == credits.Balance(available=99_400)


def test_a_busy_provider_puts_the_wish_back_in_line(alice: User, sandbox: Sandbox, ask: Ask) -> None:
    generation = step(ask(alice, "a busy street [[429]]"))
    assert (generation.stage, generation.slot) == ("queued", None)
    assert Attempt.objects.get(generation=generation).state == "refused"
    assert credits.balance_of(alice.pk).held == 300


def test_a_refused_account_is_waited_for_and_ends_it_uncharged(alice: User, sandbox: Sandbox, ask: Ask) -> None:
    for directive in ("401", "402"):
        generation = step(ask(alice, f"a bill [[{directive}]]", model="flux-1.1-pro"))
        assert (generation.stage, generation.waits_for) == ("queued", "provider")
        assert credits.balance_of(alice.pk).held == 4000
        Generation.objects.filter(pk=generation.pk).update(deadline_at=Now())
        ended = step(generation)
        assert (ended.stage, ended.error_code) == ("failed", "provider_unavailable")
    assert credits.balance_of(alice.pk) == credits.Balance(available=100_000)


def test_a_model_with_another_route_takes_it_at_once(alice: User, sandbox: Sandbox, ask: Ask) -> None:
    generation = step(ask(alice, "a detour [[429]]"))
    assert (generation.stage, generation.waits_for) == ("queued", "")
    step(generation)
    attempts = list(Attempt.objects.filter(generation=generation).order_by("number").values_list("provider", "state"))
    assert attempts == [("replicate", "refused"), ("fal", "refused")]
    generation.refresh_from_db()
    assert (generation.stage, generation.waits_for) == ("queued", "provider")


def test_settings_that_only_one_route_has_never_take_another(alice: User, sandbox: Sandbox, ask: Ask) -> None:
    """fal makes this model at one megapixel only: a detour would bring back a larger picture than was asked for."""
    generation = step(ask(alice, "no detour [[429]]", megapixels="0.25"))
    assert (generation.stage, generation.waits_for) == ("queued", "provider")
    step(generation)
    attempts = Attempt.objects.filter(generation=generation).values_list("provider", "state")
    assert list(attempts) == [("replicate", "refused")] * 2


def test_a_provider_that_stays_busy_is_named_when_patience_ends(alice: User, sandbox: Sandbox, ask: Ask) -> None:
    generation = step(ask(alice, "a busy market [[429]]"))
    Generation.objects.filter(pk=generation.pk).update(deadline_at=Now())
    assert step(generation).error_code == "provider_busy"
    assert credits.balance_of(alice.pk) == credits.Balance(available=100_000)
