"""What stands in the composer when its page is opened: what the address says, else the draft, else nothing."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from generations import fitting, goals, trays
from generations.actions import changing
from generations.forms import GenerationForm
from generations.models import Generation
from generations.views import composer, drafts

# An address with one of these says itself what stands in the composer.
SAID = {"from", "model", "goal", "prompt"}
# What is taken of an earlier generation, and how that is said. The first two leave the rest of the composer as it is.
TAKES: dict[str, str | Promise] = {
    "prompt": _("Prompt loaded."),
    "seed": _("Seed loaded."),
    "settings": _("Settings loaded, your words kept."),
    "all": _("Settings loaded, seed included."),
    "": _("Settings loaded."),
}
ONE_THING = frozenset({"prompt", "seed"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Begun:
    """A fresh form, and what the page says of it."""

    form: GenerationForm
    shown: dict[str, Any] = field(default_factory=dict)


def begin(request: HttpRequest, user: User, goal: str) -> Begun:
    """goal: the page's own, if any."""
    room, given = goal or "create", request.GET
    brings_files = any(name.startswith(trays.FIELD) for name in given)
    if not (SAID & set(given) or brings_files):
        return _as_left(user, goal, room)
    source, take = _source(given.get("from", ""), user), given.get("take", "")
    if source is None:
        begun = _said(user, given, goal, room)
        return _taken(begun, _("File loaded.")) if brings_files else begun
    if take == "prompt" and "model" in given:
        return _taken(_said(user, given, goal, room, words=source.prompt), TAKES[take])
    if take in ONE_THING:
        return _one_thing(user, source, room, take)
    return _taken(_again(user, source, room, take), TAKES.get(take, TAKES[""]))


def _as_left(user: User, goal: str, room: str) -> Begun:
    """The draft, or nothing."""
    found = drafts.restored(user, room)
    if found is None:
        return _said(user, QueryDict(), goal, room)
    carried, draft = found
    return Begun(form=carried.form, shown={"draft": draft, "changed": carried.changed, "left_out": carried.left_out})


def _said(user: User, given: QueryDict, goal: str, room: str, *, words: str = "") -> Begun:
    """What the address says, and nothing else."""
    goal, named = given.get("goal", goal), trays.named(given)
    model = composer.model_for(given.get("model", ""), goal, named)
    files = trays.moved(model, goals.goal_for(model, goal), named)
    initial = {"idempotency_key": str(uuid4()), "prompt": words or given.get("prompt", "")[:4000]}
    form = composer.form_of(user, model, initial=initial, goal=goal, inputs=files.inputs, spare=files.spare, room=room)
    return Begun(form=form, shown={"left_out": files.left_out})


def _again(user: User, source: Generation, room: str, take: str) -> Begun:
    """An earlier generation's words, settings and files; its seed only if all is asked for.

    With "settings" the words stay those that stand in the composer.
    """
    model = composer.model_for(source.model, "")
    goal = goals.goal_for(model, task=source.task)
    seed = source.params.get("seed") if take == "all" else None
    words = _as_left(user, "", room).form.initial["prompt"] if take == "settings" else source.prompt
    initial = {**source.params, "prompt": words, "seed": seed, "idempotency_key": str(uuid4())}
    files = trays.moved(model, goal, changing.files_of(source))
    lying = {"inputs": files.inputs, "spare": files.spare}
    form = composer.form_of(user, model, initial=initial, goal=goal.name, room=room, **lying)
    return Begun(form=form, shown={"left_out": files.left_out})


def _one_thing(user: User, source: Generation, room: str, take: str) -> Begun:
    """An earlier generation's words or seed among what stands in the composer anyway."""
    begun = _as_left(user, "", room)
    form, shown = begun.form, {name: value for name, value in begun.shown.items() if name != "draft"}
    value: str | int | None
    if take == "prompt":
        label, value = str(form.fields["prompt"].label), source.prompt
        fits = bool(value and form.model.prompt_max_length)
    else:
        seed = next((one for one in form.model.parameters if one.name == "seed"), None)
        label, value = seed.label if seed else gettext("Seed"), source.seed
        fits = value is not None and seed is not None and seed.accepts(value)
    if fits:
        form.initial[take] = value
        return _taken(Begun(form=form, shown=shown), TAKES[take])
    changed = [*shown.get("changed", ()), fitting.left_out(label)]
    return Begun(form=form, shown=shown | {"changed": changed})


def _taken(begun: Begun, told: str | Promise) -> Begun:
    """told: what was put in the place of what stood there. The id is of this page, so that it can be undone."""
    return Begun(form=begun.form, shown=begun.shown | {"told": told, "taken": uuid4()})


def _source(given: str, user: User) -> Generation | None:
    try:
        pk = UUID(given)
    except ValueError:
        return None
    return Generation.objects.for_user(user).filter(pk=pk).first()
