"""What a work was made with, in full: as lines that people read and compare, and as facts that programs read."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from generations import texts
from generations.models import Attempt, Generation, Input
from providers import catalogue

MILLI = 1000


@dataclass(frozen=True, slots=True)
class Line:
    """name: for programs. label and text: in the active language."""

    name: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Recipe:
    """inputs: ids of the files it was given, by slot. version: of the model at the provider, where it has one."""

    generation: Generation
    version: str
    inputs: Mapping[str, Sequence[UUID]]

    @property
    def lines(self) -> list[Line]:
        row = self.generation
        lines = [
            Line("prompt", _("Prompt"), row.prompt),
            Line("model", _("Model"), row.model_name),
            Line("version", _("Version"), self.version),
            Line("provider", _("Provider"), row.provider.capitalize()),
            Line("task", _("Task"), row.task),
            *self._settings(),
            Line("seed", _("Seed"), "" if row.seed is None else str(row.seed)),
            *(Line(f"inputs.{slot}", self._slot(slot), str(len(ids))) for slot, ids in self.inputs.items()),
            Line("size", _("Size"), " · ".join(f"{one.width} × {one.height}" for one in row.assets)),
            Line("cost", _("Cost"), texts.money_sentence(row)),
            Line("created_at", _("Created"), _moment(row.created_at)),
            Line("completed_at", _("Ended"), _moment(row.completed_at)),
            Line("seconds", _("Took"), self._took()),
        ]
        return [line for line in lines if line.text]

    @property
    def text(self) -> str:
        """A line each, to be copied."""
        return "\n".join(f"{line.label}: {line.text}" for line in self.lines)

    @property
    def facts(self) -> dict[str, Any]:
        """JSON-ready, the same in every language. Moments in UTC, cost in credits."""
        row = self.generation
        return {
            "id": str(row.pk),
            "prompt": row.prompt,
            "model": row.model,
            "model_name": row.model_name,
            "version": self.version or None,
            "provider": row.provider,
            "task": row.task,
            "settings": row.params,
            "seed": row.seed,
            "inputs": {slot: [str(one) for one in ids] for slot, ids in self.inputs.items()},
            "cost": round(row.cost_millicredits / MILLI, 3),
            "refunded": round(row.refunded_millicredits / MILLI, 3),
            "created_at": row.created_at.isoformat(),
            "completed_at": row.completed_at.isoformat() if row.completed_at else None,
        }

    @property
    def json(self) -> str:
        """The facts, to be copied."""
        return json.dumps(self.facts, ensure_ascii=False, indent=2)

    def _settings(self) -> list[Line]:
        """Named as the composer names them, while the model is on offer."""
        known = {one.name: one for one in self._parameters()}
        found = []
        for name, value in self.generation.params.items():
            if value is None or name == "seed":
                continue
            parameter = known.get(name)
            shown = dict(parameter.options).get(str(value)) if parameter else None
            found.append(Line(f"settings.{name}", parameter.label if parameter else name, shown or _value(value)))
        return found

    def _parameters(self) -> Sequence[Any]:
        try:
            return catalogue.get(self.generation.model).parameters
        except catalogue.UnknownModel:
            return ()

    def _slot(self, name: str) -> str:
        try:
            slots = catalogue.get(self.generation.model).slots
        except catalogue.UnknownModel:
            return name
        return next((str(slot.labels) for slot in slots if slot.name == name), name)

    def _took(self) -> str:
        row = self.generation
        if not row.is_final:
            return ""
        return _("%(seconds)s s") % {"seconds": formats.number_format(round(texts.elapsed_seconds(row), 1))}


def recipes_of(rows: Sequence[Generation]) -> list[Recipe]:
    """Two queries, however many."""
    versions: dict[UUID, str] = {}
    for generation_id, version in (
        Attempt.objects.filter(generation__in=rows).order_by("number").values_list("generation_id", "version")
    ):
        versions[generation_id] = version
    inputs: dict[UUID, dict[str, list[UUID]]] = {}
    for generation_id, slot, asset_id in (
        Input.objects.filter(generation__in=rows)
        .order_by("slot", "index")
        .values_list("generation_id", "slot", "asset_id")
    ):
        inputs.setdefault(generation_id, {}).setdefault(slot, []).append(asset_id)
    return [Recipe(row, versions.get(row.pk, ""), inputs.get(row.pk, {})) for row in rows]


def _value(value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return formats.number_format(value) if isinstance(value, float) else str(value)


def _moment(moment: Any) -> str:
    return str(formats.date_format(timezone.localtime(moment), "DATETIME_FORMAT")) if moment else ""
