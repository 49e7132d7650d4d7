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
# Of use for one goal only, which is what they are drawn for.
DRAWN = frozenset({"mask"})
# What is no id names no file, and is refused like a file that is not there.
NOBODYS = UUID(int=0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Tray:
    """One slot of the model in the composer, with the person's files in order."""

    slot: Slot
    is_needed: bool
    assets: Sequence[Asset] = ()

    @property
    def is_full(self) -> bool:
        return len(self.assets) >= self.slot.maximum


def shown(model: Model, goal: Goal) -> list[Slot]:
    """The slots that the composer has a place for."""
    return [slot for slot in model.slots if slot.name not in DRAWN or slot.name in goal.needs(model)]


def named(given: QueryDict) -> dict[str, list[UUID]]:
    """Ids by slot, as a form sends them: one field "inputs.<slot>" for each file."""
    return {key.removeprefix(FIELD): [_id(one) for one in given.getlist(key)] for key in given if key.startswith(FIELD)}


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return NOBODYS


def trays_of(user: User, model: Model, goal: Goal, inputs: Named) -> list[Tray]:
    """Every place of the model with the person's own files in it. One query, and none without files."""
    wanted = {one for ids in inputs.values() for one in ids}
    found = Asset.objects.for_user(user).in_bulk(wanted) if wanted else {}
    needed = goal.needs(model)
    return [
        Tray(
            slot=slot,
            is_needed=slot.name in needed,
            assets=[found[one] for one in inputs.get(slot.name, ()) if one in found][: slot.maximum],
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


def moved(model: Model, goal: Goal, inputs: Named) -> tuple[dict[str, list[UUID]], int]:
    """Files of another model's composer as this one takes them, and for how many it has no place.

    A file stays in the slot of its name; where there is none, it goes to the first slot for its kind.
    """
    slots = shown(model, goal)
    taken = {slot.name: list(inputs.get(slot.name, ()))[: slot.maximum] for slot in slots}
    left_out = 0
    for name, ids in inputs.items():
        rest = list(ids)[len(taken.get(name, ())) :]
        kind = "video" if name == "video" else "image"
        home = next((slot for slot in slots if slot.kind == kind and not {name, slot.name} & DRAWN), None)
        room = home.maximum - len(taken[home.name]) if home else 0
        if home:
            taken[home.name] += rest[:room]
        left_out += len(rest[room:])
    return {name: ids for name, ids in taken.items() if ids}, left_out
