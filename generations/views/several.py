"""The same wish on several models at once: which can go along, what each would cost, and why one cannot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from generations import quotes, trays
from generations.actions import files
from generations.actions.prompts import PromptRefused, clean_prompt
from generations.forms import GenerationForm
from generations.trays import Tray
from generations.views import blocked
from providers import catalogue
from providers.catalogue import Model


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One model of the wish. lost: settings it does not take, as they are called. problem: why it cannot, or ""."""

    model: Model
    count: int
    quote: quotes.Quote
    lost: Sequence[str] = ()
    problem: str | Promise = ""

    @property
    def millicredits(self) -> int:
        return self.quote.millicredits * self.count


def lines(form: GenerationForm, held: Sequence[Tray]) -> list[Line]:
    """Every model that the form names with what it would cost as set now; none for one model alone."""
    if not form.further:
        return []
    chosen = form.params() if form.is_bound and form.is_valid() else {}
    return [_line(form, model, chosen, held) for model in (form.model, *form.further)]


def choices(form: GenerationForm, held: Sequence[Tray]) -> list[Line]:
    """Models that could go along with these files, each as it is set at first, and those that were chosen."""
    counts = {tray.slot.name: len(tray.assets) or int(tray.is_needed) for tray in held}
    fitting = [model for model in form.companions if model in form.further or _takes(model, counts)]
    return [Line(model=model, count=1, quote=quotes.quote(model, model.clean({}))) for model in fitting]


def _line(form: GenerationForm, model: Model, chosen: Mapping[str, Any], held: Sequence[Tray]) -> Line:
    params = dict(chosen) if model is form.model else model.fitting(chosen)
    given = {tray.slot.name: tray.assets for tray in held}
    measures = files.frame_of(given), files.seconds_of(given)
    problem: str | Promise = ""
    try:
        quote = quotes.quote(model, model.clean(params), *measures, trays.task_of(model, held))
        problem = _problem(form, model, held)
    except catalogue.ParameterErrors as error:
        quote, problem = quotes.quote(model, model.clean({}), *measures), blocked.reason_of(error)
    lost = [one.label for one in form.model.parameters if one.name not in params and one.is_chosen(chosen)]
    return Line(model=model, count=form.count, quote=quote, lost=lost, problem=problem)


def _problem(form: GenerationForm, model: Model, held: Sequence[Tray]) -> str | Promise:
    """What is already sure to be refused. What is still to be written or added is no problem yet."""
    counts = {tray.slot.name: len(tray.assets) for tray in held if tray.assets}
    missing = {tray.slot.name: 1 for tray in held if tray.is_needed and not tray.assets}
    if model is not form.model and not _takes(model, counts | missing):
        return _("It cannot be made with these files.")
    words = str(form["prompt"].value() or "")
    try:
        if words.strip():
            clean_prompt(words, model)
    except PromptRefused as error:
        return blocked.reason_of(error)
    return ""


def _takes(model: Model, counts: Mapping[str, int]) -> bool:
    try:
        model.choose_task(counts)
    except catalogue.ParameterErrors:
        return False
    return True
