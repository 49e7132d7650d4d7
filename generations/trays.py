"""The composer's places for files, and what lies in them. Whether the files do, actions.files says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from django.http import QueryDict
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from generations.goals import Goal
from media_pipeline.models import Asset
from providers.catalogue import Model, ParameterErrors, Slot

Named: TypeAlias = Mapping[str, Sequence[UUID]]
FIELD = "inputs."
# What is over the limit lies beside the others, so that nothing is lost, and is not sent.
SPARE = "spare."
MOST_SPARE = 8
# Of use for one goal only, which is what they are drawn for.
DRAWN = frozenset({"mask"})
# What is no id names no file, and is refused like a file that is not there.
NOBODYS = UUID(int=0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Tray:
    """One slot of the model in the composer, with the person's files in order. spare: over the limit, not sent."""

    slot: Slot
    is_needed: bool
    assets: Sequence[Asset] = ()
    spare: Sequence[Asset] = ()

    @property
    def is_full(self) -> bool:
        return len(self.assets) >= self.slot.maximum

    @property
    def count(self) -> int:
        return len(self.assets) + len(self.spare)


@dataclass(frozen=True, kw_only=True, slots=True)
class Moved:
    """Files by slot, as another composer takes them. left_out: for how many it has no place at all."""

    inputs: dict[str, list[UUID]]
    spare: dict[str, list[UUID]]
    left_out: int


def shown(model: Model, goal: Goal) -> list[Slot]:
    """The slots that the composer has a place for."""
    return [slot for slot in model.slots if slot.name not in DRAWN or slot.name in goal.needs(model)]


def named(given: QueryDict, field: str = FIELD) -> dict[str, list[UUID]]:
    """Ids by slot, as a form sends them: one field "inputs.<slot>" for each file, "spare.<slot>" over the limit."""
    return {key.removeprefix(field): [_id(one) for one in given.getlist(key)] for key in given if key.startswith(field)}


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return NOBODYS


def trays_of(user: User, model: Model, goal: Goal, inputs: Named, spare: Named) -> list[Tray]:
    """Every place of the model with the person's own files in it. One query, and none without files."""
    wanted = {one for ids in (*inputs.values(), *spare.values()) for one in ids}
    found = Asset.objects.for_user(user).in_bulk(wanted) if wanted else {}
    needed = goal.needs(model)
    return [
        Tray(
            slot=slot,
            is_needed=slot.name in needed,
            assets=[found[one] for one in inputs.get(slot.name, ()) if one in found][: slot.maximum],
            spare=[found[one] for one in spare.get(slot.name, ()) if one in found][:MOST_SPARE],
        )
        for slot in shown(model, goal)
    ]


def task_of(model: Model, held: Sequence[Tray]) -> str:
    """What the files make of it so far; "" while one is lacking or too many."""
    try:
        return model.choose_task({tray.slot.name: len(tray.assets) for tray in held})
    except ParameterErrors:
        return ""


def require(model: Model, goal: Goal, inputs: Named) -> None:
    """Raises ParameterErrors for what the goal cannot do without, though the model could do something else then."""
    needed = [slot for slot in shown(model, goal) if slot.name in goal.needs(model) and not inputs.get(slot.name)]
    if needed:
        sentence = _("{label} is needed.")
        raise ParameterErrors({f"inputs.{slot.name}": format_lazy(sentence, label=slot.labels) for slot in needed})


def moved(model: Model, goal: Goal, inputs: Named, spare: Named | None = None) -> Moved:
    """Files of another model's composer as this one takes them.

    A file stays in the slot of its name; where there is none, it goes to the first slot for its kind. What is more
    than the slot takes is spare.
    """
    slots = {slot.name: slot for slot in shown(model, goal)}
    lying: dict[str, list[UUID]] = {name: [] for name in slots}
    strays, left_out = [], 0
    for name, ids in (*inputs.items(), *(spare or {}).items()):
        if name in slots:
            lying[name] += ids
        else:
            strays.append((name, ids))
    for name, ids in strays:
        kind = "video" if name == "video" else "image"
        home = next((slot for slot in slots.values() if slot.kind == kind and not {name, slot.name} & DRAWN), None)
        if home:
            lying[home.name] += ids
        else:
            left_out += len(ids)
    taken = {name: ids[: slots[name].maximum] for name, ids in lying.items() if ids}
    over = {name: ids[slots[name].maximum :] for name, ids in lying.items() if len(ids) > slots[name].maximum}
    left_out += sum(len(ids[MOST_SPARE:]) for ids in over.values())
    return Moved(inputs=taken, spare={name: ids[:MOST_SPARE] for name, ids in over.items()}, left_out=left_out)
