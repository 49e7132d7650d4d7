"""What stood in one composer put into another: after a change of model, and from a draft."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.models import User
from generations import goals, trays
from generations.forms import GenerationForm, kept_values, lost_labels
from generations.views import composer
from generations.views.people import signed_in
from providers import catalogue
from providers.catalogue import Model


@dataclass(frozen=True, kw_only=True, slots=True)
class Carried:
    """A fresh form with what fitted. changed: what did not, as it is called. left_out: how many files."""

    form: GenerationForm
    changed: Sequence[str]
    left_out: int


def carried(user: User, model: Model, former: Model, given: QueryDict) -> Carried:
    """The fields of a form that was made for the former model as they can stand in one for this."""
    goal, said = given.get("goal", ""), given.dict()
    kept = kept_values(model, said)
    inputs, left_out = trays.moved(model, goals.goal_for(model, goal), trays.named(given))
    also = [one for one in given.getlist("also") if one != model.id]
    initial: dict[str, Any] = {"prompt": given.get("prompt", ""), "idempotency_key": str(uuid4()), "also": also}
    form = composer.form_of(user, model, initial=kept | initial, goal=goal, inputs=inputs, room=composer.room_of(given))
    count = str(given.get("count", ""))
    asked = int(count) if count.isdecimal() else 1
    form.initial["count"] = min(max(asked, 1), form.most)
    changed = [*lost_labels(former, said, kept), *_gone(form, also)]
    if asked > form.most:
        changed.append(str(form.fields["count"].label))
    return Carried(form=form, changed=changed, left_out=left_out)


def _gone(form: GenerationForm, also: Sequence[str]) -> list[str]:
    """Names of further models that cannot go along any more."""
    gone = set(also) - {one.id for one in form.further}
    return [one.name for one in catalogue.all_models() if one.id in gone]


@signed_in
@require_GET
def switched(request: HttpRequest, user: User) -> HttpResponse:
    """The composer for another model or goal, with what fits of what stood in it."""
    model = composer.model_for(request.GET.get("model", ""), request.GET.get("goal", ""))
    former = composer.chosen_model(request.GET.get("from_model", model.id))
    found = carried(user, model, former, request.GET)
    shown = {"changed": found.changed, "left_out": found.left_out}
    return render(request, "generations/_composer.html", composer.context(user, found.form) | shown)
