"""The door to stored files: a valid link and the person it names, or nothing."""

from uuid import UUID

import structlog
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from accounts.authentication import reader_of
from media_pipeline import links
from media_pipeline.models import Asset
from media_pipeline.serving import serve

log = structlog.get_logger(__name__)


@require_safe
def media(request: HttpRequest, asset_id: UUID, variant: str) -> HttpResponseBase:
    """GET or HEAD of one variant. Every failure looks the same, so that a link tells a stranger nothing."""
    person = reader_of(request)
    if person is None or not links.is_valid(asset_id, variant, person.pk, request.GET):
        return _nothing()
    asset = Asset.objects.for_user(person).filter(pk=asset_id).first()
    file = asset.file(variant) if asset else None
    if file is None:
        return _nothing()
    response = serve(request, file)
    if response is None:
        log.error("stored_file_missing", asset_id=str(asset_id), key=file.key)
        return _nothing()
    return response


def _nothing() -> HttpResponse:
    # Not cached: the same address works as soon as its person has signed in.
    return HttpResponse("Not found", status=404, content_type="text/plain", headers={"Cache-Control": "no-store"})
