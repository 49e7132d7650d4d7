"""Words, icons and ways of notifications for templates."""

from django import template

from notifications import texts
from notifications.models import Kind, Notification

ICONS = {
    Kind.COMPLETED: "check",
    Kind.FAILED: "x",
    Kind.LATE: "history",
    Kind.REFUNDED: "undo-2",
    Kind.ARCHIVE: "download",
    Kind.CREDITS_LOW: "coins",
    Kind.CHANNEL_OFF: "triangle-alert",
}
register = template.Library()


@register.filter
def notice_title(notification: Notification) -> str:
    return texts.title_of(notification)


@register.filter
def notice_body(notification: Notification) -> str:
    return texts.body_of(notification)


@register.filter
def notice_icon(notification: Notification) -> str:
    return ICONS[Kind(notification.kind)]
