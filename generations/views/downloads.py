"""A work's file as it leaves the studio: saying nothing, or with what it was made with inside, when asked for."""

import json
from uuid import UUID

import structlog
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import User
from generations import refusals
from generations.models import Generation
from generations.recipes import recipes_of
from generations.views import refusing
from generations.views.people import signed_in
from media_pipeline import copies, slots, storage
from media_pipeline.errors import MediaError
from media_pipeline.models import ORIGINAL
from media_pipeline.serving import GUARDS

logger = structlog.get_logger(__name__)


@never_cache
@signed_in
@require_safe
def download(request: HttpRequest, user: User, generation_id: UUID, number: int) -> HttpResponseBase:
    """The numbered file, counted from 1. `?facts=1` asks for the facts inside."""
    generation = get_object_or_404(Generation.objects.for_user(user).with_outputs(), pk=generation_id)
    file = next((asset.file(ORIGINAL) for asset in generation.assets[number - 1 : number]), None) if number else None
    if file is None:
        raise Http404
    (recipe,) = recipes_of([generation])
    note = json.dumps(recipe.facts, ensure_ascii=False) if request.GET.get("facts") == "1" else ""
    try:
        copy = copies.copy_of(file, note)
    except FileNotFoundError as error:
        logger.error("stored_file_missing", key=file.key)
        raise Http404 from error
    except (slots.NoFreeSlot, storage.DiskFull, storage.StorageAway) as error:
        return refusing.page(request, refusals.refusal_of(error))
    except MediaError as error:
        logger.error("stored_file_unreadable", key=file.key, why=str(error))
        raise Http404 from error
    guards = {name: value for name, value in GUARDS.items() if name != "Cache-Control"}
    return FileResponse(
        copy.body, as_attachment=True, filename=copy.filename, content_type=copy.content_type, headers=guards
    )
