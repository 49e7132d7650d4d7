"""Several wishes as one: priced together, admitted whole or not at all, then each goes its own way."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts import credits
from accounts.models import User
from generations import tasks
from generations.actions import requesting
from generations.actions.preparing import Prepared, Wish, prepare
from generations.actions.prompts import PromptRefused
from generations.models import Batch, Generation, Stage
from generations.places import line_of
from generations.steps import settling
from providers import catalogue


class TooManyItems(Exception):
    """None, or more than BATCH_MAX_ITEMS."""


class ConfirmationNeeded(Exception):
    """It costs or makes so much that it has to be said twice. plan: what it would be."""

    def __init__(self, plan: "Plan") -> None:
        super().__init__(f"{len(plan.items)} items for {plan.millicredits} milli-credits")
        self.plan = plan


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One model of a batch. problem: why it cannot be, None when it can."""

    model_id: str
    count: int
    millicredits: int = 0
    expected_seconds: int = 0
    slow_seconds: int | None = None
    problem: Exception | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What a batch would cost, by model, and whether it may be: "ready", "confirm" or "blocked". Nothing is written."""

    state: str
    millicredits: int
    items: tuple[Item, ...]
    problem: Exception | None = None


def spread(wish: Wish, model_ids: Sequence[str], count: int) -> list[Wish]:
    """The wish once for each model and as often as asked. On several models, settings go where they fit.

    Raises catalogue.UnknownModel, TooManyItems.
    """
    if not 1 <= len(model_ids) * count <= settings.BATCH_MAX_ITEMS:
        raise TooManyItems
    wishes = []
    for model_id in model_ids:
        model = catalogue.get(model_id)
        params = dict(wish.params) if len(model_ids) == 1 else model.fitting(wish.params)
        wishes += [replace(wish, model_id=model_id, params=_nth(model, params, number)) for number in range(count)]
    return wishes


def plan(user: User, wishes: Sequence[Wish]) -> Plan:
    """Priced and held against line and balance as they are now; create decides with what is then."""
    counts = Counter(wish.model_id for wish in wishes)
    items = tuple(_item(user, next(one for one in wishes if one.model_id == name), counts[name]) for name in counts)
    total = sum(item.millicredits for item in items)
    problem = next((item.problem for item in items if item.problem), None) or _obstacle(user, len(wishes), total)
    state = "blocked" if problem else "confirm" if _is_much(len(wishes), total) else "ready"
    return Plan(state=state, millicredits=total, items=items, problem=problem)


def request_batch(user: User, wishes: Sequence[Wish], *, key: str, is_confirmed: bool) -> list[Generation]:
    """All of the wishes as rows of one batch, or none. The same key again answers with the same rows.

    Raises ConfirmationNeeded, and everything requesting.request_generation raises.
    """
    ready = [prepare(user, wish) for wish in wishes]
    fingerprint = hashlib.sha256("".join(one.fingerprint for one in ready).encode()).hexdigest()
    if off := next((one.model for one in ready if not one.is_available), None):
        raise requesting.ModelUnavailable(off.id)
    total = sum(one.generation.cost_millicredits for one in ready)
    if not is_confirmed and _is_much(len(ready), total):
        raise ConfirmationNeeded(plan(user, wishes))
    with transaction.atomic(durable=True):
        # The person's lock first, as everywhere: the rows of a batch stand together in the line.
        User.objects.locked(user.pk)
        batch = Batch.objects.create(user=user)
        first = _write(user, ready[0], batch, key, fingerprint)
        if first.is_replay:
            batch.delete()
            return _rows_of(user, first.generation)
        return [first.generation, *(_write(user, one, batch, "", "").generation for one in ready[1:])]


def cancel_waiting(batch: Batch) -> list[Generation]:
    """Those of it that still wait in line end now and are released; what was sent goes on."""
    with transaction.atomic(durable=True):
        User.objects.locked(batch.user_id)
        rows = Generation.objects.filter(batch=batch, stage=Stage.QUEUED).order_by("created_at", "id")
        hints = [hint for row in rows for hint in settling.settle_locked(row, Stage.CANCELLED)]
        tasks.give_hints_on_commit(hints)
    return rows_of(batch)


def _write(user: User, ready: Prepared, batch: Batch, key: str, fingerprint: str) -> requesting.Answer:
    ready.generation.batch = batch
    return requesting.write(user, ready, key, fingerprint)


def _rows_of(user: User, generation: Generation) -> list[Generation]:
    if generation.batch_id is None:
        return [generation]
    return rows_of(Batch.objects.for_user(user).get(pk=generation.batch_id))


def rows_of(batch: Batch) -> list[Generation]:
    """In the order they were asked for, with their files."""
    rows = Generation.objects.filter(batch=batch, user_id=batch.user_id)
    return list(rows.with_outputs().order_by("created_at", "id"))


def _nth(model: catalogue.Model, params: Mapping[str, Any], number: int) -> dict[str, Any]:
    """A seed that was asked for counts up, or all of them would be the same picture."""
    seed = params.get("seed")
    if number == 0 or not isinstance(seed, int) or isinstance(seed, bool):
        return dict(params)
    return {**params, "seed": model.later_seed(seed, number)}


def _item(user: User, wish: Wish, count: int) -> Item:
    try:
        ready = prepare(user, wish)
        if not ready.is_available:
            raise requesting.ModelUnavailable(wish.model_id)
    except (PromptRefused, catalogue.ParameterErrors, requesting.ModelUnavailable) as problem:
        return Item(model_id=wish.model_id, count=count, problem=problem)
    row = ready.generation
    return Item(
        model_id=wish.model_id,
        count=count,
        millicredits=row.cost_millicredits * count,
        expected_seconds=row.expected_seconds,
        slow_seconds=row.slow_seconds,
    )


def _obstacle(user: User, count: int, millicredits: int) -> Exception | None:
    line = line_of(user)
    if line.room < count:
        return requesting.TooManyActive(line.active, line.waiting)
    available = credits.balance_of(user.pk).available
    return credits.InsufficientCredit(millicredits, available) if available < millicredits else None


def _is_much(count: int, millicredits: int) -> bool:
    return count > settings.BATCH_CONFIRM_ITEMS or millicredits > settings.BATCH_CONFIRM_CREDITS * credits.MILLI
