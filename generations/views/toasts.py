"""How forms of the library answer: works as they are now, and a line that says what was done and takes it back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.encoding import iri_to_uri
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from generations.actions import arranging, errands
from generations.actions.acts import NAMED
from generations.actions.errands import Errand
from generations.formats import number_text
from generations.models import Item

# So many works are put in their places; for more the page is loaded again.
FEW = 60


@dataclass(frozen=True, slots=True)
class Toast:
    """do: what its button posts to the library, "" for none. leads_to_archives: a link to them is on it."""

    text: str
    do: str = ""
    leads_to_archives: bool = False

    @property
    def is_going(self) -> bool:
        return self.do.startswith("go:")


def put_away(count: int, at: datetime) -> Toast:
    text = ngettext(
        "%(count)s work is in the trash now and can be had back.",
        "%(count)s works are in the trash now and can be had back.",
        count,
    )
    return Toast(text % {"count": number_text(count)}, f"{errands.UNDO}:{at.isoformat()}")


def named(what: str, count: int, name: str) -> Toast:
    """Of an act that needs a name, which has been found good."""
    if what == "tag":
        text = ngettext(
            "%(count)s work has the tag “%(name)s” now.", "%(count)s works have the tag “%(name)s” now.", count
        )
    elif what == "untag":
        text = ngettext(
            "%(count)s work no longer has the tag “%(name)s”.",
            "%(count)s works no longer have the tag “%(name)s”.",
            count,
        )
    elif what == "uncollect":
        text = ngettext(
            "%(count)s work is no longer in the collection “%(name)s”.",
            "%(count)s works are no longer in the collection “%(name)s”.",
            count,
        )
    else:
        text = ngettext(
            "%(count)s work is in the collection “%(name)s” now.",
            "%(count)s works are in the collection “%(name)s” now.",
            count,
        )
    kept = arranging.tag_name(name) if what in {"tag", "untag"} else arranging.collection_name(name)
    return Toast(text % {"count": number_text(count), "name": kept})


def had_back(count: int) -> Toast:
    text = ngettext("%(count)s work is back.", "%(count)s works are back.", count)
    return Toast(text % {"count": number_text(count)})


def packing(count: int) -> Toast:
    text = ngettext(
        "%(count)s work is being packed. The archive will stand under “Archives”.",
        "%(count)s works are being packed. The archive will stand under “Archives”.",
        count,
    )
    return Toast(text % {"count": number_text(count)}, leads_to_archives=True)


def of_errand(user: User, errand: Errand) -> Toast:
    """What has been done, and how to go on or back."""
    if not errand.is_over:
        done, total = number_text(errand.done), number_text(errand.total)
        text = _("%(done)s of %(total)s works are done. The rest is as it was.")
        return Toast(text % {"done": done, "total": total}, f"go:{errand.note(user)}")
    if errand.what == "trash":
        return put_away(errand.done, datetime.fromisoformat(errand.moment))
    if errand.what in NAMED:
        return named(errand.what, errand.done, errand.name)
    if errand.what in {errands.UNDO, "restore"}:
        return had_back(errand.done)
    text = ngettext("%(count)s work was changed.", "%(count)s works were changed.", errand.done)
    return Toast(text % {"count": number_text(errand.done)})


def changed(request: HttpRequest, user: User, ids: Sequence[UUID], toast: Toast | None = None) -> HttpResponse:
    """A few works in their places; without a script the page they stood on."""
    if not request.htmx:  # type: ignore[attr-defined]
        if toast:
            messages.success(request, toast.text, extra_tags=toast.do)
        there = back(request)
        return redirect(f"{there}#item-{ids[0]}" if len(ids) == 1 else there)
    rows = list(Item.objects.for_user(user).filter(pk__in=ids, purged_at__isnull=True).with_files())
    context = {"rows": rows, "one": rows[0] if len(rows) == 1 else None, "toast": toast, "there": back(request)}
    response = render(request, "library/_changed.html", context)
    response["X-Live-Fragment"] = "1"
    return response


def told(request: HttpRequest, toast: Toast) -> HttpResponse:
    """Many works: while there are more of them, the line alone; at the end the page anew, with the line on it."""
    if request.htmx and toast.is_going:  # type: ignore[attr-defined]
        response = render(request, "library/_changed.html", {"toast": toast, "there": back(request)})
        response["X-Live-Fragment"] = "1"
        return response
    messages.success(request, toast.text, extra_tags=toast.do)
    return leading(request, back(request))


def leading(request: HttpRequest, there: str) -> HttpResponse:
    """To another page, with a script or without."""
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse(status=204, headers={"HX-Redirect": there})
    return redirect(there)


def back(request: HttpRequest) -> str:
    """To where the form stood, as an address that a header may hold."""
    there = request.POST.get("next", "")
    return iri_to_uri(there) if url_has_allowed_host_and_scheme(there, allowed_hosts=None) else reverse("library")
