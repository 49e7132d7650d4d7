"""What stands in the composer when its page is opened: what the address says, else the draft, else nothing."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest

from accounts.models import User
from generations import goals, trays
from generations.actions import changing
from generations.forms import GenerationForm
from generations.models import Generation
from generations.views import composer, drafts

# An address with one of these says itself what stands in the composer.
SAID = {"from", "model", "goal", "prompt"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Begun:
    """A fresh form, and what the page says of it."""

    form: GenerationForm
    shown: dict[str, Any] = field(default_factory=dict)


def begin(request: HttpRequest, user: User, goal: str) -> Begun:
    """goal: the page's own, if any."""
    room = goal or "create"
    is_said = SAID & set(request.GET) or any(name.startswith(trays.FIELD) for name in request.GET)
    if not is_said and (found := drafts.restored(user, room)):
        carried, draft = found
        shown = {"draft": draft, "changed": carried.changed, "left_out": carried.left_out}
        return Begun(form=carried.form, shown=shown)
    source = _source(request.GET.get("from", ""), user)
    if source and request.GET.get("take") != "prompt":
        return _again(user, source, room, request.GET.get("take", ""))
    goal = request.GET.get("goal", goal)
    model = composer.model_for(request.GET.get("model", ""), goal)
    words = source.prompt if source else request.GET.get("prompt", "")[:4000]
    inputs, left_out = trays.moved(model, goals.goal_for(model, goal), trays.named(request.GET))
    initial = {"idempotency_key": str(uuid4()), "prompt": words}
    form = composer.form_of(user, model, initial=initial, goal=goal, inputs=inputs, room=room)
    return Begun(form=form, shown={"left_out": left_out})


def _again(user: User, source: Generation, room: str, take: str) -> Begun:
    """An earlier generation's words, settings and files; its seed only if all is asked for.

    With "settings" the words stay those that stand in the composer.
    """
    model = composer.model_for(source.model, "")
    goal = goals.goal_for(model, task=source.task)
    seed = source.params.get("seed") if take == "all" else None
    words = _own_words(user, room) if take == "settings" else source.prompt
    initial = {**source.params, "prompt": words, "seed": seed, "idempotency_key": str(uuid4())}
    inputs, left_out = trays.moved(model, goal, changing.files_of(source))
    form = composer.form_of(user, model, initial=initial, goal=goal.name, inputs=inputs, room=room)
    return Begun(form=form, shown={"left_out": left_out, "is_taken": True})


def _own_words(user: User, room: str) -> str:
    found = drafts.restored(user, room)
    return str(found[0].form.initial.get("prompt", "")) if found else ""


def _source(given: str, user: User) -> Generation | None:
    try:
        pk = UUID(given)
    except ValueError:
        return None
    return Generation.objects.for_user(user).filter(pk=pk).first()
