"""The composer: for which model, with which files, at what price. Its fragments change nothing."""

from collections.abc import Collection
from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_POST

from accounts.credits import balance_of
from accounts.models import User
from generations import framing, goals, quotes, trays
from generations.actions import files
from generations.forms import MOST_COMPANIONS, GenerationForm
from generations.models.draft import Room
from generations.places import limit_of, places_of
from generations.views import several
from generations.views.people import signed_in
from media_pipeline import intake
from providers import catalogue
from providers.catalogue import Model

# Of one wish from the page; programs may ask for more.
MOST = 4


def chosen_model(model_id: str) -> Model:
    """The named model if this page can ask for it, else the first on offer (so that any page can be rendered)."""
    named = next((model for model in catalogue.all_models() if model.id == model_id and goals.is_served(model)), None)
    return named or next(iter(offered()), catalogue.all_models()[0])


def offered() -> list[Model]:
    """What this page can ask for now. Programs may ask for the rest."""
    return [model for model in catalogue.available() if goals.is_served(model)]


def model_for(model_id: str, goal_name: str, slots: Collection[str] = ()) -> Model:
    """The named model, unless it is of no use for the named goal: then the first that is.

    slots: of files that are to go along. Among those that are not named, one with a place for them comes first.
    """
    model, goal = chosen_model(model_id), goals.named(goal_name)
    if goal is None or (goal.takes(model) and model_id):
        return model
    fitting = [one for one in offered() if goal.takes(one)]
    roomy = (one for one in fitting if {slot.name for slot in one.slots}.issuperset(slots))
    return next(roomy, fitting[0] if fitting else model)


def form_of(user: User, model: Model, *given: QueryDict, goal: str, **more: Any) -> GenerationForm:
    """A form with all that the page knows of the person and the goal."""
    return GenerationForm(model, *given, goal=goal, most=most_at_once(user, model), **more)


def posted(request: HttpRequest, user: User) -> GenerationForm:
    """The form as it was sent."""
    model = chosen_model(request.POST.get("model", ""))
    inputs, spare = trays.named(request.POST), trays.named(request.POST, trays.SPARE)
    goal, room = request.POST.get("goal", ""), room_of(request.POST)
    return form_of(user, model, request.POST, goal=goal, inputs=inputs, spare=spare, room=room)


def room_of(given: QueryDict) -> str:
    """The page that the form stands on."""
    named = given.get("room", "")
    return named if named in Room.values else Room.CREATE.value


def most_at_once(user: User, model: Model) -> int:
    """A model that makes several pictures of one wish is asked once; of another, as many as have room in the line."""
    if model.price.times:
        return 1
    return min(MOST, settings.BATCH_MAX_ITEMS, limit_of(user) + settings.MAX_WAITING_GENERATIONS)


def context(user: User, form: GenerationForm) -> dict[str, Any]:
    """Form, models, files, price and how many places are free."""
    held = trays.trays_of(user, form.model, form.goal, form.inputs, form.spare)
    cleaned = cleaned_of(form)
    given = {tray.slot.name: tray.assets for tray in held}
    source = files.frame_of(given)
    quote = quotes.quote(form.model, cleaned, source, files.seconds_of(given), trays.task_of(form.model, held))
    lines = several.lines(form, held)
    total = sum(line.millicredits for line in lines) if lines else quote.millicredits * form.count
    balance = balance_of(user.pk)
    return {
        "form": form,
        "model": form.model,
        "goal": form.goal,
        "goals": goals.GOALS,
        "framing": framing.framing_of(form.model, form.goal, cleaned, source),
        "usual": quotes.quote(form.model, form.model.clean({})),
        "trays": held,
        "most_spare": trays.MOST_SPARE,
        "kinds": ("image", "video"),
        "heaviest_bytes": settings.UPLOAD_MAX_BYTES,
        "heaviest_megabytes": settings.UPLOAD_MAX_BYTES // intake.MEBIBYTE,
        "quote": quote,
        "count": form.count,
        "lines": lines,
        "time": max((line.quote.time for line in lines), key=lambda time: time.usual_seconds, default=quote.time),
        "is_blocked": any(line.problem for line in lines),
        # Called by the template that lists them, and by no other.
        "choices": partial(several.choices, form, held),
        "most_companions": MOST_COMPANIONS,
        "total": total,
        "balance": balance,
        "enough": balance.available >= total,
        "places": places_of(user),
    }


def cleaned_of(form: GenerationForm) -> dict[str, Any]:
    """The settings that stand in the form; the defaults while those are not possible."""
    params: dict[str, Any] = {}
    if form.is_bound and form.is_valid():
        params = form.params()
    elif not form.is_bound:
        params = {name: value for name, value in form.initial.items() if name in form.model_names}
        params = {name: value for name, value in params.items() if value not in {None, ""}}
    try:
        return form.model.clean(params)
    except catalogue.ParameterErrors:
        return form.model.clean({})


@signed_in
@require_POST
def quote(request: HttpRequest, user: User) -> HttpResponse:
    """The Generate button for what stands in the form now."""
    return render(request, "generations/_generate.html", context(user, posted(request, user)))
