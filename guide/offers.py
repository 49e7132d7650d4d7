"""A model as the guide tells of it: what each setting takes, what it costs, where it goes, and a call that works."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from generations import goals, quotes
from generations.formats import credits_text, number_text
from guide.reading import SOME_ID
from providers.catalogue import Model, Parameter
from providers.catalogue.price import Rate


@dataclass(frozen=True, slots=True)
class Offer:
    """usual: the price of the settings as they are at first."""

    model: Model
    usual: quotes.Quote

    @property
    def price(self) -> str:
        return per_unit(self.model.price.millicredits, self.model.price.unit)

    @property
    def rates(self) -> list[tuple[str, str]]:
        """What else it may cost: when, and how much."""
        unit = self.model.price.unit
        return [(self._when(rate), per_unit(rate.millicredits, unit)) for rate in self.model.price.rates]

    @property
    def settings(self) -> list[tuple[Parameter, str]]:
        return [(parameter, accepted(parameter)) for parameter in self.model.parameters]

    @property
    def example(self) -> str:
        """The body of a call for it, with everything that is needed and nothing else."""
        body: dict[str, Any] = {"model": self.model.id}
        if self.model.prompt_max_length:
            body["prompt"] = gettext("a lighthouse at dawn")
        if needed := sorted(self.model.needed_slots):
            body["inputs"] = {name: [SOME_ID] for name in needed}
        return json.dumps(body, ensure_ascii=False, indent=2)

    def _when(self, rate: Rate) -> str:
        labels = {parameter.name: parameter.label for parameter in self.model.parameters}
        return ", ".join(f"{labels.get(name, name)}: {value}" for name, value in rate.when.items())


# What has no place in the composer: rooms of their own ask for it.
ELSEWHERE = goals.Goal(name="elsewhere", label=_("In other rooms"), words="", icon="film", tasks=frozenset())


def grouped(offers: Sequence[Offer]) -> list[tuple[goals.Goal, list[Offer]]]:
    """By what they are for, as in the composer; an offer stands under each goal it is of use for."""
    groups = [(goal, [one for one in offers if goal.takes(one.model)]) for goal in goals.GOALS]
    rest = [one for one in offers if not any(goal.takes(one.model) for goal in goals.GOALS)]
    return [*groups, (ELSEWHERE, rest)]


def offer(model: Model) -> Offer:
    return Offer(model, quotes.quote(model, model.clean({})))


def per_unit(millicredits: int, unit: str) -> str:
    """A price in whole words."""
    sentences = {
        "image": gettext("%(amount)s cr for each picture"),
        "megapixel": gettext("%(amount)s cr for each megapixel that has begun"),
        "second": gettext("%(amount)s cr for each second"),
        "video": gettext("%(amount)s cr for a video"),
        "run": gettext("%(amount)s cr each time"),
    }
    return sentences[unit] % {"amount": credits_text(millicredits)}


def accepted(parameter: Parameter) -> str:
    """What a setting may be, without its name."""
    if parameter.kind == "choice":
        return ", ".join(_choices(parameter))
    if parameter.kind == "boolean":
        return gettext("on or off")
    if parameter.kind == "string":
        most = int(parameter.maximum or 0)
        return ngettext("text, up to %(most)s character", "text, up to %(most)s characters", most) % {
            "most": number_text(most)
        }
    values = {"low": _number(parameter.minimum), "high": _number(parameter.maximum)}
    if parameter.step:
        return gettext("%(low)s to %(high)s, in steps of %(step)s") % {**values, "step": parameter.step}
    return gettext("%(low)s to %(high)s") % values


def _choices(parameter: Parameter) -> Iterator[str]:
    for choice, words in parameter.options:
        yield choice if choice == words else f"{choice} ({words})"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.15g}"
