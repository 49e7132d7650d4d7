"""Asking for a generation: checked here, written down in one transaction, no foreign call."""

import hashlib
import json
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from accounts import credits
from accounts.models import User
from generations import notices, quotes, tasks
from generations.actions import writing
from generations.models import Generation, IdempotencyKey, Stage
from generations.steps.hints import hint_for
from generations.storable import is_storable
from providers import catalogue
from providers.catalogue import Model

MAX_SEED = 2**31 - 1
# Letters, numbers, punctuation, symbols: marks, spaces and controls alone show nothing.
VISIBLE = "LNPS"


class ModelUnavailable(Exception):
    """The model exists but its provider is off."""


class PromptRefused(Exception):
    """The prompt is empty, too long or holds what no text may hold."""

    def __init__(self, reason: str, limit: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.limit = limit


class TooManyActive(Exception):
    """The person's places and their waiting line are full."""

    def __init__(self, active: int, waiting: int) -> None:
        super().__init__(f"{active} active, {waiting} waiting")
        self.active = active
        self.waiting = waiting


class KeyReused(Exception):
    """The idempotency key was used for another request."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """What a person asks for, already in our types but not yet validated against the model."""

    model_id: str
    prompt: str
    params: Mapping[str, Any] = field(default_factory=dict)
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
    fingerprint = _fingerprint(model.id, prompt, cleaned, wish.retry_of)
    if model not in catalogue.available():
        # What was asked for while it was on can still be asked about.
        earlier = _earlier(user, wish.idempotency_key)
        if earlier is None:
            raise ModelUnavailable(model.id)
        return _again(user, earlier.generation_id, earlier.fingerprint, fingerprint)
    generation = _row(user, model, prompt, _with_seed(model, cleaned), wish)
    outcome = writing.write(user, generation, wish.idempotency_key, fingerprint)
    if outcome.earlier_id:
        return _again(user, outcome.earlier_id, outcome.earlier_fingerprint, fingerprint)
    if outcome.seq is None:
        raise _refusal(generation, outcome)
    notices.announce_on_commit(user.pk, outcome.seq)
    if outcome.is_due:
        tasks.give_hints_on_commit([hint_for(generation.pk, Stage.QUEUED)])
    return Answer(generation)


def clean_prompt(prompt: str, model: Model) -> str:
    """The prompt as it is sent. Refuses what has no visible character, is too long, or the database cannot hold."""
    if not is_storable(prompt):
        raise PromptRefused("unreadable")
    if len(prompt) > model.prompt_max_length:
        raise PromptRefused("too_long", model.prompt_max_length)
    if not any(unicodedata.category(char)[0] in VISIBLE for char in prompt):
        raise PromptRefused("empty")
    return prompt.strip()


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


def _with_seed(model: Model, cleaned: dict[str, Any]) -> dict[str, Any]:
    """A seed is always ours: it repeats a picture, and it tells our job from others in the provider's list."""
    if model.has_seed and cleaned.get("seed") is None:
        return cleaned | {"seed": secrets.randbelow(MAX_SEED + 1)}
    return cleaned


def _row(user: User, model: Model, prompt: str, params: dict[str, Any], wish: Wish) -> Generation:
    quote = quotes.quote(model, params)
    width, height = model.frame(params)
    return Generation(
        user=user,
        model=model.id,
        model_name=model.name,
        task=model.tasks[0],
        provider=model.routes[0].provider,
        prompt=prompt,
        params=params,
        seed=params.get("seed"),
        frame_width=width,
        frame_height=height,
        expected_seconds=quote.expected_seconds,
        outputs_expected=quote.outputs,
        cost_millicredits=quote.millicredits,
        retry_of_id=wish.retry_of,
    )


def _fingerprint(model_id: str, prompt: str, cleaned: Mapping[str, Any], retry_of: UUID | None) -> str:
    """A retry is another request than the first asking, though it says the same."""
    body = json.dumps([model_id, prompt, dict(cleaned), str(retry_of or "")], sort_keys=True)
    return hashlib.sha256(body.encode()).hexdigest()
