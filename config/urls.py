"""All addresses."""

from django.contrib import admin
from django.urls import include, path

from config import health, models_page, operator
from config.metrics import metrics

urlpatterns = [
    path("api/health", health.health),
    path("api/health/live", health.live),
    path("api/health/ready", health.ready),
    path("metrics", metrics),
    path("operator/", operator.operator, name="operator"),
    path("admin/models/", models_page.models, name="admin_models"),
    path("admin/", admin.site.urls),
    path("", include("accounts.urls")),
    path("", include("media_pipeline.urls")),
    path("", include("notifications.urls")),
    path("", include("guide.urls")),
    path("", include("notifications.telegram.urls")),
    path("", include("generations.urls")),
]
handler400 = "config.errors.bad_request"
handler403 = "config.errors.forbidden"
# Django has no such handler; allauth asks for it where people sign in too often.
handler429 = "config.errors.too_many"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"
