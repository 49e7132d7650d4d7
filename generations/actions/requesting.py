"""Asking for a generation: one transaction, no foreign call."""

import hashlib
import json
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Count
from django.db.models.functions import Now

from accounts import credits
from accounts.models import User
from generations import lifecycle, quotes, tasks
from generations.models import Generation, IdempotencyKey, Stage
from generations.models.event import Kind
from generations.places import limit_of
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
    with transaction.atomic(durable=True):
        owner = User.objects.locked(user.pk)
        if wish.idempotency_key and (earlier := _earlier(owner, wish.idempotency_key, fingerprint)):
            return Answer(earlier, is_replay=True)
        if model not in catalogue.available():
            raise ModelUnavailable(model.id)
        _check_line(owner)
        generation = _write(owner, model, prompt, _with_seed(model, cleaned), wish)
        if wish.idempotency_key:
            IdempotencyKey.objects.create(
                user=owner, key=wish.idempotency_key, fingerprint=fingerprint, generation=generation
            )
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


def _earlier(owner: User, key: str, fingerprint: str) -> Generation | None:
    row = IdempotencyKey.objects.select_related("generation").filter(user=owner, key=key).first()
    if row is None:
        return None
    if row.fingerprint != fingerprint:
        raise KeyReused
    return row.generation


def _check_line(owner: User) -> None:
    rows = Generation.objects.for_user(owner).open()
    counts = rows.aggregate(open=Count("pk"), active=Count("slot"))
    active, waiting = counts["active"], counts["open"] - counts["active"]
    if active + waiting >= limit_of(owner) + settings.MAX_WAITING_GENERATIONS:
        raise TooManyActive(active, waiting)


def _with_seed(model: Model, cleaned: dict[str, Any]) -> dict[str, Any]:
    """A seed is always ours: it repeats a picture, and it tells our job from others in the provider's list."""
    if model.has_seed and cleaned.get("seed") is None:
        return cleaned | {"seed": secrets.randbelow(MAX_SEED + 1)}
    return cleaned


def _write(owner: User, model: Model, prompt: str, params: dict[str, Any], wish: Wish) -> Generation:
    quote = quotes.quote(model, params)
    width, height = model.frame(params)
    generation = Generation.objects.create(
        user=owner,
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
        next_action_at=Now(),
        hinted_at=Now(),
        deadline_at=Now() + timedelta(seconds=settings.QUEUE_PATIENCE_SECONDS),
    )
    if quote.millicredits:
        credits.hold(user_id=owner.pk, millicredits=quote.millicredits, reference=generation.ledger_reference)
    lifecycle.record(generation.pk, owner.pk, Kind.QUEUED)
    return generation


def _fingerprint(model_id: str, prompt: str, cleaned: Mapping[str, Any], retry_of: UUID | None) -> str:
    """A retry is another request than the first asking, though it says the same."""
    body = json.dumps([model_id, prompt, dict(cleaned), str(retry_of or "")], sort_keys=True)
    return hashlib.sha256(body.encode()).hexdigest()
