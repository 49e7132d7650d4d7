"""Addresses of pages, fragments and webhooks."""

from datetime import date

from django.urls import include, path, register_converter

from generations.views import (
    arranging,
    carrying,
    changes,
    choosing,
    comparing,
    composer,
    create,
    downloads,
    drafts,
    exports,
    keyframes,
    library,
    queue,
    remembered,
    shelf,
    staging,
    viewing,
)
from generations.webhooks import webhook


class DayConverter:
    """A day as 2026-05-01."""

    regex = r"\d{4}-\d\d-\d\d"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return value.isoformat()


register_converter(DayConverter, "date")
urlpatterns = [
    path("", create.create, name="create"),
    path("inpaint/", create.create, {"goal": "inpaint"}, name="inpaint"),
    path("expand/", create.create, {"goal": "expand"}, name="expand"),
    path("keyframes/", keyframes.boards, name="keyframes"),
    path("keyframes/<uuid:board_id>/", keyframes.board, name="keyframes-board"),
    path("composer/", carrying.switched, name="composer"),
    path("models/", choosing.models, name="models"),
    path("models/pins/", choosing.pin, name="models-pin"),
    path("draft/<slug:room>/", drafts.draft, name="draft"),
    path("draft/<slug:room>/forget/", drafts.forget, name="draft-forget"),
    path("draft/<slug:room>/back/", drafts.back, name="draft-back"),
    path("prompts/", remembered.prompts, name="prompts"),
    path("uploads/", remembered.uploads, name="uploads"),
    path("works/", remembered.works, name="works"),
    path("staging/", staging.strip, name="staging"),
    path("changes/", changes.changes, name="changes"),
    path("quote/", composer.quote, name="quote"),
    path("history/", library.history, name="history"),
    path("library/", shelf.shelf, name="library"),
    path("library/months/<date:month>/", shelf.month, name="library-month"),
    path("library/tiles/<date:month>/", shelf.tiles, name="library-tiles"),
    path("library/act/", arranging.act, name="library-act"),
    path("library/searches/", arranging.searches, name="library-searches"),
    path("library/exports/", exports.exports, name="library-exports"),
    path("library/exports/<uuid:export_id>/", exports.export, name="library-export"),
    path("library/trash/", shelf.trash, name="library-trash"),
    path("queue/", queue.queue, name="queue"),
    path("queue/pause/", queue.pause, name="queue-pause"),
    path("queue/resume/", queue.resume, name="queue-resume"),
    path("queue/cancel/", queue.cancel_all, name="queue-cancel"),
    path("result/<uuid:generation_id>/", library.result, name="result"),
    path("result/<uuid:generation_id>/files/<int:number>/", downloads.download, name="result-file"),
    path("compare/", comparing.compare, name="compare"),
    path("view/<uuid:generation_id>/", viewing.viewer, name="view"),
    path("generations/<uuid:generation_id>/cancel/", library.cancel, name="generation-cancel"),
    path("generations/<uuid:generation_id>/retry/", library.retry, name="generation-retry"),
    path("generations/<uuid:generation_id>/front/", queue.front, name="generation-front"),
    path("generations/<uuid:generation_id>/viewed/", library.viewed, name="generation-viewed"),
    path("generations/<uuid:generation_id>/check/", library.check, name="generation-check"),
    path("api/webhook/<slug:provider>/<uuid:attempt>/<str:key>", webhook, name="webhook"),
    path("api/", include("generations.api.urls")),
]
