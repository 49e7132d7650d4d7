"""Works side by side."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.models import User
from generations import comparison, refusals
from generations.models import Generation
from generations.views import refusing
from generations.views.people import signed_in


@never_cache
@signed_in
@require_GET
def compare(request: HttpRequest, user: User) -> HttpResponse:
    """`?ids=` names them, in this order. One that is not the person's makes the whole page absent."""
    ids = _ids(request.GET.getlist("ids"))
    try:
        comparison.require_number(len(ids))
    except comparison.WrongNumber as error:
        return refusing.page(request, refusals.refusal_of(error), reverse("library"))
    found = {row.pk: row for row in Generation.objects.for_user(user).filter(pk__in=ids).with_outputs()}
    if len(found) < len(ids):
        raise Http404
    works = [found[pk] for pk in ids]
    shown = [(name, work, next(iter(work.assets), None)) for name, work in zip("ABCD", works, strict=False)]
    is_sliding = len(works) == comparison.LEAST and all(asset and not asset.is_video for _n, _w, asset in shown)
    context = {"works": shown, "rows": comparison.rows_of(works), "is_sliding": is_sliding}
    return render(request, "generations/compare.html", context)


def _ids(given: list[str]) -> list[UUID]:
    """Each once. What is no id is nobody's."""
    try:
        return list(dict.fromkeys(UUID(text) for text in ",".join(given).split(",") if text))
    except ValueError as error:
        raise Http404 from error
