"""Words, icons and ways of notifications for templates."""

from django import template
from django.utils.formats import date_format
from django.utils.timezone import localdate, localtime

from media_pipeline import links
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


@register.filter
def notice_picture(notification: Notification) -> str:
    """The address of what came of it, small; empty where nothing came."""
    asset = getattr(notification, "picture", None)
    return links.sign(asset, "320", notification.user_id) if asset else ""


@register.filter
def notice_time(notification: Notification) -> str:
    """The hour of what is of today, the day of what is older."""
    when = localtime(notification.created_at)
    return date_format(when, "H:i" if when.date() == localdate() else "j E")
