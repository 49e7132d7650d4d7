"""Wishes that between them meet every edge of a generation's life, each from asking to its end."""

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.db import DatabaseError, InterfaceError, close_old_connections
from django.test import Client

from accounts.models import User
from config.local.waiting import until
from generations import callbacks, tasks
from generations.actions.changing import NotCancellable, cancel_generation
from generations.actions.requesting import Wish, request_generation
from generations.models import Attempt, Delivery, Generation, Stage
from providers import registry, tokens
from providers.contract import JobRef, JobUpdate
from tests.fuzz.speaking import MOUTHS
from tests.generations.test_other_providers import first, uploaded
from tests.generations.test_webhooks import Provider, address
from tests.machines import clock
from tests.studio import Sandbox, step

SECONDS_BETWEEN_LOOKS = 40
LOST = (DatabaseError, InterfaceError, OSError)
Story = Callable[["Teller"], Generation]


class Teller:
    """Does what people and workers do; when an answer is lost, does it again as they would."""

    def __init__(self, person: User, sandbox: Sandbox, tag: str) -> None:
        """tag: among the words of the wish, to find it in the sandbox's journal."""
        self.person, self.sandbox, self.tag = person, sandbox, tag

    def surely(self, work: Callable[[], Any]) -> Any:
        """Until it comes back with an answer."""
        found: list[Any] = []

        def tried() -> bool:
            close_old_connections()
            try:
                found.append(work())
            except LOST:
                return False
            return bool(found)

        assert until(tried, 20)
        return found[0]

    def ask(self, prompt: str, model: str = "flux-schnell", **inputs: Any) -> Generation:
        words = f"{prompt} {self.tag}" if prompt else ""
        wish = Wish(model_id=model, prompt=words, params={}, inputs=inputs, idempotency_key="once")
        generation: Generation = self.surely(lambda: request_generation(self.person, wish)).generation
        return generation

    def step(self, generation: Generation) -> Generation:
        done: Generation = self.surely(lambda: step(generation))
        return done

    def drive(self, generation: Generation) -> Generation:
        """To its end. Nobody waits for a fuse: while it may burn, time passes."""

        def has_ended() -> bool:
            self.step(generation)
            if generation.stage == Stage.UNCONFIRMED:
                clock.passes(SECONDS_BETWEEN_LOOKS, Generation, Attempt)
            return generation.is_final

        assert until(has_ended, 60), generation.stage
        return generation

    def hear(self, path: str, body: bytes, headers: dict[str, str]) -> None:
        """A provider repeats a delivery that was not answered."""
        client = Client(raise_request_exception=False)

        def is_taken() -> bool:
            close_old_connections()
            return client.post(path, body, content_type="application/json", headers=headers).status_code == 200

        assert until(is_taken, 20)
        self.surely(tasks.sweep_now)
        self.surely(_hear_all)


def _hear_all() -> bool:
    for pk in Delivery.objects.filter(processed_at=None).values_list("pk", flat=True):
        tasks.hear_now(pk)
    return True


def picture(teller: Teller) -> Generation:
    return teller.drive(teller.ask("a lake"))


def found_in_the_list(teller: Teller) -> Generation:
    return teller.drive(teller.ask("a lost lake [[accept-500]]"))


def asked_again_with_its_key(teller: Teller) -> Generation:
    model = first("higgsfield", "text-to-image").id
    return teller.drive(teller.ask("a doubled lake [[accept-500]]", model))


def answered_at_once(teller: Teller) -> Generation:
    return teller.drive(teller.ask("a lake at once", first("google", "text-to-image").id))


def with_a_file(teller: Teller) -> Generation:
    file = uploaded(teller.person).pk
    return teller.drive(teller.ask("a lake from a lake", first("fal", "image-edit").id, image=[file]))


def worked_on_here(teller: Teller) -> Generation:
    file = uploaded(teller.person).pk
    return teller.drive(teller.ask("", "local-crop", image=[file]))


def whose_file_is_gone(teller: Teller) -> Generation:
    return teller.drive(teller.ask("a lost lake [[gone]]"))


def cancelled(teller: Teller) -> Generation:
    generation = teller.step(teller.ask("a long lake [[slow=600]]"))

    def cancel() -> bool:
        with suppress(NotCancellable):  # it was, and nobody heard the answer
            cancel_generation(generation)
        return True

    teller.surely(cancel)
    return teller.drive(generation)


def refused(teller: Teller) -> Generation:
    return teller.drive(teller.ask("no lake [[422]]"))


def told_by_a_webhook(teller: Teller) -> Generation:
    provider, generation = Provider(teller.sandbox), teller.step(teller.ask("a lake that calls"))
    attempt = Attempt.objects.filter(generation=generation).latest("number")
    if attempt.external_id:
        body = provider.body(attempt, output=list(said_by_the_provider(attempt).output_urls))
        teller.hear(address(attempt), body, provider.headers(body))
    return teller.drive(generation)


def said_by_the_provider(attempt: Attempt) -> JobUpdate:
    """Its last word, asked for past the studio."""
    credential = tokens.by_label(attempt.provider, attempt.token_label)
    assert credential is not None
    adapter = registry.connect(attempt.provider, credential)
    job = JobRef(external_id=attempt.external_id or "", endpoint=attempt.endpoint, follow_up=attempt.follow_up)
    assert until(lambda: adapter.fetch(job).state.is_final, 30)
    return adapter.fetch(job)


def told_by_an_unsigned_webhook(teller: Teller) -> Generation:
    """What it says is a reason to ask, and no more."""
    mouth = MOUTHS["higgsfield-unsigned"]
    generation = teller.step(teller.ask("a lake that whispers", first("higgsfield", "text-to-image").id))
    attempt = Attempt.objects.filter(generation=generation).latest("number")
    if attempt.external_id:
        body = json.dumps(mouth.body(attempt.external_id, said_by_the_provider(attempt).output_urls)).encode()
        path = f"/api/webhook/higgsfield/{attempt.pk}/{callbacks.key_of(attempt.pk)}"
        teller.hear(path, body, mouth.sign(body))
    return teller.drive(generation)


STORIES: dict[str, Story] = {
    story.__name__: story
    for story in (
        picture,
        found_in_the_list,
        asked_again_with_its_key,
        answered_at_once,
        with_a_file,
        worked_on_here,
        whose_file_is_gone,
        cancelled,
        refused,
        told_by_a_webhook,
        told_by_an_unsigned_webhook,
    )
}
