"""The draft of the composer: sent by the page after a pause, there again wherever one signs in."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.models import User
from generations.actions import drafting
from generations.models import Draft
from generations.models.draft import Room
from generations.trays import FIELD, SPARE
from generations.views import carrying, composer
from generations.views.people import signed_in, to_sign_in

FIELDS = ("prompt", "model", "goal", "count", "also")


@require_POST
def draft(request: HttpRequest, room: str) -> HttpResponse:
    """204 when it was kept. Nobody waits for the answer, and nobody is led away from what they write."""
    if not isinstance(request.user, User):
        return HttpResponse(status=401) if request.htmx else to_sign_in(request)  # type: ignore[attr-defined]
    try:
        key, taken = request.POST.get("idempotency_key", ""), taken_of(request.POST)
        drafting.keep(request.user, _known(room), _content(request.POST), key, taken=taken)
    except drafting.NotKeepable:
        return HttpResponse(status=400)
    return HttpResponse(status=204)


@signed_in
@require_POST
def forget(request: HttpRequest, user: User, room: str) -> HttpResponse:
    """An empty composer again."""
    drafting.forget(user, _known(room))
    return redirect(room)


@signed_in
@require_POST
def back(request: HttpRequest, user: User, room: str) -> HttpResponse:
    """What was taken from an earlier result is undone."""
    if taken := taken_of(request.POST):
        drafting.give_back(user, _known(room), taken)
    return redirect(_known(room))


def taken_of(given: QueryDict) -> UUID | None:
    """The page that took an earlier result into its composer, if the form stands on one."""
    try:
        return UUID(given.get("taken", ""))
    except ValueError:
        return None


def restored(user: User, room: str) -> tuple[carrying.Carried, Draft] | None:
    """What the person had written in this room, as far as it can still be asked for."""
    found = Draft.objects.for_user(user).filter(room=room).first()
    if found is None:
        return None
    given = QueryDict(mutable=True)
    for name, values in found.content.items():
        given.setlist(name, values)
    given["room"] = room
    model = composer.model_for(given.get("model", ""), given.get("goal", ""))
    return carrying.carried(user, model, model, given), found


def _content(given: QueryDict) -> dict[str, list[str]]:
    """The fields that the model's form has; a switch that is off is said, as browsers leave it out."""
    model = composer.chosen_model(given.get("model", ""))
    names = {
        *FIELDS,
        *(one.name for one in model.parameters),
        *(field + slot.name for slot in model.slots for field in (FIELD, SPARE)),
    }
    content = {name: [str(one) for one in given.getlist(name)] for name in sorted(names) if name in given}
    off = {one.name: ["false"] for one in model.parameters if one.kind == "boolean" and one.name not in given}
    return content | off


def _known(room: str) -> str:
    if room not in Room.values:
        raise Http404
    return room
