"""What people were told, and what became of each letter: read, and nothing else."""

from django.contrib import admin

from accounts.admin import ReadOnlyAdmin
from notifications.models import Delivery, Notification, Preference


class DeliveryInline(admin.TabularInline[Delivery, Notification]):
    model = Delivery
    extra = 0
    can_delete = False
    fields = ("channel", "state", "attempts", "reason", "next_action_at", "ended_at")
    readonly_fields = fields


@admin.register(Notification)
class NotificationAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "user", "kind", "read_at")
    list_filter = ("kind",)
    list_select_related = ("user",)
    search_fields = ("=id", "user__email", "=generation__id")
    exclude = ("generation",)
    ordering = ("-id",)
    show_full_result_count = False
    inlines = (DeliveryInline,)


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "channel", "state", "attempts", "reason", "next_action_at", "ended_at")
    list_filter = ("channel", "state")
    search_fields = ("=id", "=notification__id", "notification__user__email")
    ordering = ("-id",)
    show_full_result_count = False


@admin.register(Preference)
class PreferenceAdmin(ReadOnlyAdmin):
    list_display = ("user", "channels", "quiet_from", "quiet_until", "time_zone")
    list_select_related = ("user",)
    search_fields = ("user__email",)
    show_full_result_count = False
