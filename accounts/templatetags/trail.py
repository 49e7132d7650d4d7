"""The audit trail's words for templates."""

from django import template
from django.contrib.admin.models import LogEntry

from accounts import telling

register = template.Library()


@register.filter
def what(entry: LogEntry) -> str:
    return telling.what_of(entry)


@register.filter
def reason(entry: LogEntry) -> str:
    return telling.reason_of(entry)
