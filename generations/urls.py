"""Addresses of pages, fragments and webhooks."""

from django.urls import include, path

from generations.views import choosing, composer, create, library
from generations.webhooks import webhook

urlpatterns = [
    path("", create.create, name="create"),
    path("inpaint/", create.create, {"goal": "inpaint"}, name="inpaint"),
    path("expand/", create.create, {"goal": "expand"}, name="expand"),
    path("composer/", composer.composer, name="composer"),
    path("models/", choosing.models, name="models"),
    path("quote/", composer.quote, name="quote"),
    path("history/", library.history, name="history"),
    path("result/<uuid:generation_id>/", library.result, name="result"),
    path("generations/<uuid:generation_id>/cancel/", library.cancel, name="generation-cancel"),
    path("generations/<uuid:generation_id>/retry/", library.retry, name="generation-retry"),
    path("generations/<uuid:generation_id>/viewed/", library.viewed, name="generation-viewed"),
    path("generations/<uuid:generation_id>/check/", library.check, name="generation-check"),
    path("api/webhook/<slug:provider>/<uuid:attempt>/<str:key>", webhook, name="webhook"),
    path("api/", include("generations.api.urls")),
]
