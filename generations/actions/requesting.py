"""Asking for a generation: checked here, written down in one transaction, no foreign call."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from accounts import credits
from accounts.models import User
from generations import notices, quotes, tasks
from generations.actions import files, writing
from generations.actions.prompts import PromptRefused, clean_prompt
from generations.models import Generation, IdempotencyKey, Stage
from generations.steps.hints import hint_for
from providers import catalogue
from providers.catalogue import Model
from providers.catalogue.frames import Frame


class ModelUnavailable(Exception):
    """The model exists but its provider is off."""


class TooManyActive(Exception):
    """The person's places and their waiting line are full."""

    def __init__(self, active: int, waiting: int) -> None:
        super().__init__(f"{active} active, {waiting} waiting")
        self.active = active
        self.waiting = waiting


class KeyReused(Exception):
    """The idempotency key was used for another request."""


__all__ = ["Answer", "KeyReused", "ModelUnavailable", "PromptRefused", "TooManyActive", "Wish", "request_generation"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """What a person asks for, already in our types but not yet validated against the model."""

    model_id: str
    prompt: str
    params: Mapping[str, Any] = field(default_factory=dict)
    inputs: Mapping[str, Sequence[UUID]] = field(default_factory=dict)
    priority: int = 0
    retry_of: UUID | None = None
    idempotency_key: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    generation: Generation
    is_replay: bool = False


def request_generation(user: User, wish: Wish) -> Answer:
    """Writes the wish down with its hold, or raises and leaves nothing behind.

    Raises catalogue.UnknownModel, ModelUnavailable, PromptRefused, catalogue.ParameterErrors, TooManyActive,
    credits.InsufficientCredit, KeyReused.
    """
    model = catalogue.get(wish.model_id)
    prompt = clean_prompt(wish.prompt, model)
    cleaned = model.clean(wish.params)
    task, given = files.resolve(user, model, wish.inputs)
    fingerprint = _fingerprint(wish, prompt, cleaned)
    if model not in catalogue.available():
        # What was asked for while it was on can still be asked about.
        earlier = _earlier(user, wish.idempotency_key)
        if earlier is None:
            raise ModelUnavailable(model.id)
        return _again(user, earlier.generation_id, earlier.fingerprint, fingerprint)
    settings = model.fill_seed(cleaned)
    generation = row_of(user, model, wish, prompt=prompt, task=task, params=settings, source=files.frame_of(given))
    outcome = writing.write(user, generation, given, wish.idempotency_key, fingerprint)
    if outcome.earlier_id:
        return _again(user, outcome.earlier_id, outcome.earlier_fingerprint, fingerprint)
    if outcome.seq is None:
        raise _refusal(generation, outcome)
    notices.announce_on_commit(user.pk, outcome.seq)
    if outcome.is_due:
        tasks.give_hints_on_commit([hint_for(generation.pk, Stage.QUEUED)])
    return Answer(generation)


def _earlier(user: User, key: str) -> IdempotencyKey | None:
    return IdempotencyKey.objects.filter(user=user, key=key).first() if key else None


def _again(user: User, generation_id: UUID, asked_then: str | None, asked_now: str) -> Answer:
    if asked_then != asked_now:
        raise KeyReused
    return Answer(Generation.objects.for_user(user).get(pk=generation_id), is_replay=True)


def _refusal(generation: Generation, outcome: writing.Outcome) -> TooManyActive | credits.InsufficientCredit:
    if outcome.available is None:
        return TooManyActive(outcome.active, outcome.waiting)
    return credits.InsufficientCredit(generation.cost_millicredits, outcome.available)


def row_of(
    user: User, model: Model, wish: Wish, *, prompt: str, task: str, params: dict[str, Any], source: Frame | None
) -> Generation:
    """The row as it will be written. source: width and height of the file that is worked on."""
    quote = quotes.quote(model, params, source)
    width, height = model.frame(params, source)
    return Generation(
        user=user,
        model=model.id,
        model_name=model.name,
        task=task,
        provider=model.routes_for(task)[0].provider,
        prompt=prompt,
        params=params,
        seed=params.get("seed"),
        frame_width=width,
        frame_height=height,
        expected_seconds=quote.expected_seconds,
        outputs_expected=quote.outputs,
        cost_millicredits=quote.millicredits,
        priority=wish.priority,
        retry_of_id=wish.retry_of,
    )


def _fingerprint(wish: Wish, prompt: str, cleaned: Mapping[str, Any]) -> str:
    """A retry is another request than the first asking, though it says the same."""
    named = {slot: [str(one) for one in ids] for slot, ids in wish.inputs.items() if ids}
    body = [wish.model_id, prompt, dict(cleaned), named, wish.priority, str(wish.retry_of or "")]
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
