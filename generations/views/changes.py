"""What a socket would send, for pages that can have none: a proxy in between lets no socket through."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.models import User
from generations import feed
from generations.live import messages
from generations.views.people import signed_in


@never_cache
@signed_in
@require_GET
def changes(request: HttpRequest, user: User) -> HttpResponse:
    """The next batch after the page's number; nothing (204) while there is none."""
    said = messages.read_query(request.GET)
    if said is None:
        return HttpResponse(status=HTTPStatus.BAD_REQUEST)
    frame = feed.read(user.pk, said["have"], messages.page_of(said))
    return HttpResponse(status=HTTPStatus.NO_CONTENT) if frame is None else JsonResponse(frame)
