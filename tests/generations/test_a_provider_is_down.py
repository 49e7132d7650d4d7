"""A provider that is wholly down: who has another way takes it, who has none waits, says so, and goes on by itself."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse

from accounts import credits
from accounts.models import User
from config.local import ports
from config.local.waiting import until
from generations import tasks
from generations.models import Attempt, Generation, Stage
from providers.models import ProviderHealth
from providers.pool import memory
from tests.pool import add, face, fault_of_token, replicate
from tests.studio import Ask, Sandbox, drive, step
from tests.system import RunningSystem
from tests.visitor import Visitor

__all__ = ["replicate"]
MakePerson = Callable[..., User]
# One that fal has, too, and one that it has not.
SHARED, ALONE = "flux-schnell", "flux-1.1-pro"
SECRET = "r8_down_today"


@pytest.fixture
def two_providers(replicate: Sandbox, settings: Any, db: None) -> Sandbox:
    """Replicate and fal as the real ones, with a token for many jobs each."""
    face(replicate, settings, "fal")
    add(SECRET, max_in_flight=50)
    add("key:secret", provider="fal", max_in_flight=50)
    return replicate


def move_replicate(settings: Any, address: str) -> None:
    own = {**settings.PROVIDERS["replicate"], "base_url": address}
    settings.PROVIDERS = {**settings.PROVIDERS, "replicate": own}


def attempts_of(wish: Generation) -> list[tuple[str, str]]:
    rows = Attempt.objects.filter(generation=wish).order_by("number")
    return list(rows.values_list("provider", "state"))


def end_pauses() -> None:
    """The breaker's time is over: whoever comes next tries."""
    ProviderHealth.objects.update(open_until=Now(), trial_until=None)
    memory.forget()


def look(wish: Generation) -> Generation:
    """One look when it is due, as pulse has it done."""
    Generation.objects.filter(pk=wish.pk, stage=Stage.QUEUED).update(next_action_at=Now())
    tasks.advance_now(wish.pk)
    wish.refresh_from_db()
    return wish


def test_where_nobody_answers_the_other_route_finishes_and_the_rest_wait_until_it_is_back(
    two_providers: Sandbox, make_person: MakePerson, ask: Ask, program: Callable[[User], Any], settings: Any
) -> None:
    address = settings.PROVIDERS["replicate"]["base_url"]
    move_replicate(settings, f"http://127.0.0.1:{ports.choose()}/v1")
    people = [make_person(f"person{number}") for number in range(3)]
    shared = [ask(person, f"shared {turn}", seed=turn) for person in people for turn in range(4)]
    alone = [ask(person, "alone", model=ALONE) for person in people]
    for wish in shared:
        assert drive(wish).stage == Stage.COMPLETED
    for wish in alone:
        for _ in range(8):
            look(wish)
        assert (wish.stage, wish.waits_for, wish.place_in_line, wish.slot) == ("queued", "provider", None, None)
    assert set(attempts_of(alone[0])) == {("replicate", "refused")}

    # Ten failures are enough: those who came later did not try in vain, and every try has its row.
    assert {tuple(attempts_of(wish)) for wish in shared} == {
        (("replicate", "refused"), ("fal", "closed")),
        (("fal", "closed"),),
    }
    assert ProviderHealth.objects.filter(provider="replicate", open_until__gt=Now()).exists()
    assert {one["provider"] for one in two_providers.journal("shared")} == {"fal"}
    owner, waiting = people[0], alone[0]
    row = program(owner).get(f"/api/generations/{waiting.pk}").json()
    assert (row["status"], row["waits_for"], row["place_in_line"]) == ("pending", "provider", None)
    assert credits.balance_of(owner.pk).held == waiting.cost_millicredits
    browser = Client()
    browser.force_login(owner)
    for page in (reverse("history"), reverse("result", args=[waiting.pk])):
        assert "Waiting until Replicate answers again" in browser.get(page).content.decode()
        russian = browser.get(page, headers={"Accept-Language": "ru"}).content.decode()
        assert "Ждёт, пока Replicate снова ответит" in russian

    move_replicate(settings, address)
    end_pauses()
    for wish in alone:
        before = len(attempts_of(wish))
        assert drive(wish).stage == Stage.COMPLETED
        assert attempts_of(wish)[before:] == [("replicate", "closed")]
    assert len(two_providers.journal("alone")) == len(alone)
    assert credits.balance_of(owner.pk).held == 0


def test_what_was_answered_with_503_is_never_sent_elsewhere_and_who_comes_later_goes_round_it(
    two_providers: Sandbox, make_person: MakePerson, ask: Ask
) -> None:
    fault_of_token(two_providers, SECRET, "503")
    people = [make_person(f"person{number}") for number in range(4)]
    shared = [ask(person, f"unanswered {turn}", seed=turn) for person in people for turn in range(4)]
    alone = ask(people[0], "unanswered and alone", model=ALONE)
    sent = [step(wish) for wish in shared]
    lost = [wish for wish in sent if wish.stage == Stage.UNCONFIRMED]
    assert len(lost) == 10
    for wish in sent:
        if wish not in lost:
            assert drive(wish).stage == Stage.COMPLETED
            assert attempts_of(wish) == [("fal", "closed")]
    step(alone)
    assert attempts_of(alone) == [("replicate", "unknown")]

    fault_of_token(two_providers, SECRET, None)
    end_pauses()
    for wish in [*lost, alone]:
        for _ in range(3):
            assert step(wish).stage == Stage.UNCONFIRMED
        assert attempts_of(wish) == [("replicate", "unknown")]
        Generation.objects.filter(pk=wish.pk).update(deadline_at=Now())
        assert (step(wish).stage, wish.error_code) == ("failed", "submission_unconfirmed")
    assert {one["provider"] for one in two_providers.journal("unanswered")} == {"fal"}
    for person in people:
        assert credits.balance_of(person.pk).held == 0


def test_the_first_that_gets_through_wakes_the_others_two_by_two(
    two_providers: Sandbox, make_person: MakePerson, ask: Ask, settings: Any
) -> None:
    address = settings.PROVIDERS["replicate"]["base_url"]
    move_replicate(settings, f"http://127.0.0.1:{ports.choose()}/v1")
    wishes = [step(ask(make_person(f"person{number}"), "comes back", model=ALONE)) for number in range(6)]
    assert {wish.waits_for for wish in wishes} == {"provider"}
    resting = Generation.objects.filter(stage=Stage.QUEUED, next_action_at__gt=Now())
    assert resting.update(next_action_at=Now() + timedelta(minutes=6)) == 6

    move_replicate(settings, address)
    step(wishes[0])
    assert resting.count() == 3
    due = Generation.objects.due().filter(stage=Stage.QUEUED)
    assert list(due.order_by("created_at").values_list("pk", flat=True)) == [wish.pk for wish in wishes[1:3]]
    for wish in wishes[1:3]:
        assert drive(wish).stage == Stage.COMPLETED
    assert resting.count() == 0


@pytest.mark.system
@pytest.mark.timeout(300)
def test_in_the_running_system_it_waits_says_so_and_goes_on_by_itself(system: RunningSystem) -> None:
    alice = Visitor(system)
    system.stop("sandbox")
    try:
        wish = alice.ask("a shore nobody draws")
        assert until(lambda: alice.get(wish)["waits_for"] == "provider", 30)
        assert alice.get(wish)["status"] == "pending"
    finally:
        system.start("sandbox")
    system.wait_until(lambda: system.is_listening("sandbox"))
    alice.wait_for(wish, "completed", seconds=60)
    assert len(alice.journal("a shore nobody draws")) == 1
    rows = system.query("SELECT state FROM generations_attempt WHERE generation_id = %s ORDER BY number", wish)
    states = [str(state) for (state,) in rows]
    assert set(states[:-1]) == {"refused"}
    assert states[-1] == "closed"
