"""How long models' work takes, as measured: to read, with how much it was measured on."""

from django.contrib import admin

from accounts.admin import ReadOnlyAdmin
from generations.models import Timing


@admin.register(Timing)
class TimingAdmin(ReadOnlyAdmin):
    list_display = ("model", "kind", "p50_seconds", "p95_seconds", "samples", "measured_at")
    search_fields = ("=model",)
    ordering = ("model", "kind")
    show_full_result_count = False
