"""What stood in one composer put into another: after a change of model, and from a draft."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.models import User
from generations import fitting, goals, trays
from generations.forms import GenerationForm
from generations.views import composer
from generations.views.people import signed_in
from providers import catalogue
from providers.catalogue import Model


@dataclass(frozen=True, kw_only=True, slots=True)
class Carried:
    """A fresh form with what fitted. changed: what did not, in words. left_out: how many files."""

    form: GenerationForm
    changed: Sequence[str]
    left_out: int


def carried(user: User, model: Model, former: Model, given: QueryDict) -> Carried:
    """The fields of a form that was made for the former model as they can stand in one for this."""
    goal, said = given.get("goal", ""), _said(former, given)
    kept = fitting.kept_values(model, former, said)
    files = trays.moved(model, goals.goal_for(model, goal), trays.named(given), trays.named(given, trays.SPARE))
    also = [one for one in given.getlist("also") if one != model.id]
    initial: dict[str, Any] = {"prompt": given.get("prompt", ""), "idempotency_key": str(uuid4()), "also": also}
    lying = {"inputs": files.inputs, "spare": files.spare}
    form = composer.form_of(user, model, initial=kept | initial, goal=goal, room=composer.room_of(given), **lying)
    count = str(given.get("count", ""))
    asked = int(count) if count.isdecimal() else 1
    form.initial["count"] = min(max(asked, 1), form.most)
    changed = [*fitting.changes(model, former, said, kept), *_gone(form, also)]
    if asked > form.most:
        changed.append(fitting.became(str(form.fields["count"].label), asked, form.most))
    return Carried(form=form, changed=changed, left_out=files.left_out)


def _said(former: Model, given: QueryDict) -> dict[str, Any]:
    """The fields of a form as text. Of a switch that is off browsers say nothing, so it is said here."""
    off = {one.name: "false" for one in former.parameters if one.kind == "boolean"} if "from_model" in given else {}
    return off | given.dict()


def _gone(form: GenerationForm, also: Sequence[str]) -> list[str]:
    """Further models that cannot go along any more."""
    gone = set(also) - {one.id for one in form.further}
    return [fitting.left_out(one.name) for one in catalogue.all_models() if one.id in gone]


@signed_in
@require_GET
def switched(request: HttpRequest, user: User) -> HttpResponse:
    """The composer for another model or goal, with what fits of what stood in it."""
    model = composer.model_for(request.GET.get("model", ""), request.GET.get("goal", ""))
    former = composer.chosen_model(request.GET.get("from_model", model.id))
    found = carried(user, model, former, request.GET)
    shown = {"changed": found.changed, "left_out": found.left_out}
    return render(request, "generations/_composer.html", composer.context(user, found.form) | shown)
