"""Forms of the library. Each answers with the tiles as they are now, or leads back to where the form stood."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.models import User
from generations import comparison, refusals
from generations.actions import arranging, exporting
from generations.library.search import Search
from generations.models import Item
from generations.views import exports, refusing
from generations.views.people import signed_in

MOST = 1000
ACTS: dict[str, Callable[[User, list[UUID], str], None]] = {
    "favourite": lambda user, ids, _name: arranging.favour(user, ids, is_favourite=True),
    "unfavourite": lambda user, ids, _name: arranging.favour(user, ids, is_favourite=False),
    "tag": arranging.tag,
    "untag": arranging.untag,
    "collect": arranging.collect,
    "trash": lambda user, ids, _name: arranging.trash(user, ids),
    "restore": lambda user, ids, _name: arranging.restore(user, ids),
}


@signed_in
@require_POST
def act(request: HttpRequest, user: User) -> HttpResponse:
    """`do` says what; a button on one tile says it for that tile as `favourite:<id>`."""
    what, _colon, one = request.POST.get("do", "").partition(":")
    ids = _ids([one] if one else request.POST.getlist("ids"))
    try:
        if what not in {*ACTS, "pack", "compare"} or not ids:
            raise arranging.NothingChosen
        if what == "pack":
            return exports.ask(request, user, ids)
        if what == "compare":
            return _compare(request, ids)
        ACTS[what](user, ids, request.POST.get("name", ""))
    except (arranging.NothingChosen, arranging.NoName, exporting.TooManyExports, comparison.WrongNumber) as error:
        return refusing.page(request, refusals.refusal_of(error))
    if not request.htmx:  # type: ignore[attr-defined]
        if what == "trash":
            messages.success(request, put_away(len(ids)))
        return redirect(_back(request))
    rows = Item.objects.for_user(user).filter(pk__in=ids, purged_at__isnull=True).with_files()
    response = render(request, "library/_changed.html", {"rows": rows, "is_undoable": what == "trash" and len(ids) > 1})
    response["X-Live-Fragment"] = "1"
    return response


@signed_in
@require_POST
def searches(request: HttpRequest, user: User) -> HttpResponse:
    """Keeps the search, or forgets it."""
    query = Search(request.POST.get("q", "")).text
    if request.POST.get("do") == "forget":
        arranging.forget_search(user, query)
    elif query:
        arranging.save_search(user, query)
    return redirect(_back(request))


def _compare(request: HttpRequest, ids: list[UUID]) -> HttpResponse:
    """Leads to the page with what was chosen. Raises comparison.WrongNumber."""
    comparison.require_number(len(ids))
    there = f"{reverse('compare')}?ids={','.join(map(str, ids))}"
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse(status=204, headers={"HX-Redirect": there})
    return redirect(there)


def put_away(count: int) -> str:
    text = ngettext(
        "%(count)d work is in the trash now and can be had back there.",
        "%(count)d works are in the trash now and can be had back there.",
        count,
    )
    return text % {"count": count}


def _ids(given: list[str]) -> list[UUID]:
    """What is no id of anything is left out; several may come in one field."""
    found = []
    for text in ",".join(given).split(",")[:MOST]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def _back(request: HttpRequest) -> str:
    there = request.POST.get("next", "")
    return there if url_has_allowed_host_and_scheme(there, allowed_hosts=None) else reverse("library")
