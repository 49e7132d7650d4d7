"""Asking for a generation: checked here, written down in one transaction, no foreign call."""

from dataclasses import dataclass
from uuid import UUID

from accounts import credits
from accounts.models import User
from generations import notices
from generations.actions import writing
from generations.actions.preparing import Prepared, Wish, prepare
from generations.actions.prompts import PromptRefused
from generations.models import Generation, IdempotencyKey


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


@dataclass(frozen=True, slots=True)
class Answer:
    generation: Generation
    is_replay: bool = False


def request_generation(user: User, wish: Wish) -> Answer:
    """Writes the wish down with its hold, or raises and leaves nothing behind.

    Raises catalogue.UnknownModel, ModelUnavailable, PromptRefused, catalogue.ParameterErrors, TooManyActive,
    credits.InsufficientCredit, KeyReused.
    """
    ready = prepare(user, wish)
    if not ready.is_available:
        # What was asked for while it was on can still be asked about.
        earlier = _earlier(user, wish.idempotency_key)
        if earlier is None:
            raise ModelUnavailable(ready.model.id)
        return _again(user, earlier.generation_id, earlier.fingerprint, ready.fingerprint)
    return write(user, ready, wish.idempotency_key, ready.fingerprint)


def write(user: User, ready: Prepared, key: str, fingerprint: str) -> Answer:
    """Writes one prepared wish down, or answers with what was written under this key. Raises as above."""
    outcome = writing.write(user, ready.generation, ready.files, key, fingerprint)
    if outcome.earlier_id:
        return _again(user, outcome.earlier_id, outcome.earlier_fingerprint, fingerprint)
    if outcome.seq is None:
        raise _refusal(ready.generation, outcome)
    notices.announce_on_commit(user.pk, outcome.seq, is_due=outcome.is_due)
    return Answer(ready.generation)


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
