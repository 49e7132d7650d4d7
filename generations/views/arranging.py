"""Forms of the library. Each answers with the works as they are now, or leads back to where the form stood."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import User
from generations import comparison, refusals
from generations.actions import arranging, errands, exporting
from generations.actions.acts import ACTS, NAMED
from generations.actions.errands import Errand
from generations.library.search import Search
from generations.views import exports, refusing, toasts
from generations.views.people import signed_in

MOST = exporting.MOST_WORKS
EXPECTED = (
    arranging.NothingChosen, arranging.NoName, exporting.TooManyExports, exporting.TooManyWorks, comparison.WrongNumber,
)  # fmt: skip


@signed_in
@require_POST
def act(request: HttpRequest, user: User) -> HttpResponse:
    """`do` says what; a button on one tile says it for that tile as `favourite:<id>`; `all` means all that q finds.

    `undo:<moment>` takes a trashing back, `go:<note>` goes on with what was begun.
    """
    what, _colon, one = request.POST.get("do", "").partition(":")
    is_all = request.POST.get("all") == "1" and not one
    try:
        if what in {errands.UNDO, "go"}:
            return _go_on(request, user, _begun(user, what, one))
        if what not in {*ACTS, "pack", "compare"}:
            raise arranging.NothingChosen
        if is_all and what in ACTS:
            return _go_on(request, user, _asked(request, user, what))
        ids = _first(request, user, what) if is_all else _ids([one] if one else request.POST.getlist("ids"))
        return _with_few(request, user, what, ids)
    except EXPECTED as error:
        return refusing.page(request, refusals.refusal_of(error), toasts.back(request))


@signed_in
@require_POST
def searches(request: HttpRequest, user: User) -> HttpResponse:
    """Keeps the search, or forgets it."""
    query = Search(request.POST.get("q", "")).text
    if request.POST.get("do") == "forget":
        arranging.forget_search(user, query)
        messages.success(request, _("The search is forgotten. What it finds is as it was."))
    elif query:
        arranging.save_search(user, query)
        messages.success(request, _("The search is kept. It stands among the filters, under “Kept searches”."))
    return redirect(toasts.back(request))


def _with_few(request: HttpRequest, user: User, what: str, ids: list[UUID]) -> HttpResponse:
    """What fits into one transaction. Raises EXPECTED."""
    if not ids:
        raise arranging.NothingChosen
    if what == "compare":
        return _compare(request, ids)
    if len(ids) > MOST:
        raise exporting.TooManyWorks
    if what == "pack":
        return exports.ask(request, user, ids)
    if what == "trash":
        at = timezone.now()
        count = arranging.trash(user, ids, at)
        return toasts.changed(request, user, ids, toasts.put_away(count, at) if count else None)
    if what == "restore":
        count = arranging.restore(user, ids)
        return toasts.changed(request, user, ids, toasts.had_back(count) if count else None)
    name = _name(request, what)
    changed = ACTS[what](user, ids, name)
    toast = toasts.named(what, changed, name) if what in NAMED and changed else None
    if toast and what == "uncollect":
        return toasts.told(request, toast)
    return toasts.changed(request, user, ids, toast)


def _go_on(request: HttpRequest, user: User, errand: Errand) -> HttpResponse:
    few = list(errands.rows_of(user, errand).values_list("pk", flat=True)[: toasts.FEW + 1])
    errand = errands.carry_on(user, errand)
    toast = toasts.of_errand(user, errand)
    if errand.what == errands.UNDO and len(few) <= toasts.FEW:
        return toasts.changed(request, user, few, toast)
    return toasts.told(request, toast)


def _begun(user: User, what: str, one: str) -> Errand:
    """Raises NothingChosen."""
    return Errand.read(user, one) if what == "go" else errands.to_undo(user, _moment(one))


def _asked(request: HttpRequest, user: User, what: str) -> Errand:
    """All that the page's search finds, but for what has come since. Raises NothingChosen."""
    search, is_similar = Search(request.POST.get("q", "")), request.POST.get("similar") == "1"
    until = _moment(request.POST.get("until", ""))
    return errands.for_all(user, what, search, until, is_similar=is_similar, name=_name(request, what))


def _name(request: HttpRequest, what: str) -> str:
    """What was written; what is taken out is taken out of the collection one looks at."""
    return request.POST.get("here" if what == "uncollect" else "name", "")


def _moment(text: str) -> datetime:
    """Raises NothingChosen."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise arranging.NothingChosen from error
    if moment.tzinfo is None:
        raise arranging.NothingChosen
    return moment


def _first(request: HttpRequest, user: User, what: str) -> list[UUID]:
    """One more than there may be, so that it is seen."""
    rows = errands.rows_of(user, _asked(request, user, what))
    return list(rows.newest_first().values_list("pk", flat=True)[: MOST + 1])


def _compare(request: HttpRequest, ids: list[UUID]) -> HttpResponse:
    """Leads to the page with what was chosen. Raises comparison.WrongNumber."""
    comparison.require_number(len(ids))
    return toasts.leading(request, f"{reverse('compare')}?ids={','.join(map(str, ids))}")


def _ids(given: list[str]) -> list[UUID]:
    """What is no id of anything is left out; several may come in one field."""
    found = []
    for text in ",".join(given).split(",")[: MOST + 1]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
