"""Rows of the notifications app, one noun a module."""

from notifications.models.delivery import Delivery
from notifications.models.notification import Kind, Notification
from notifications.models.preference import Preference

__all__ = ["Delivery", "Kind", "Notification", "Preference"]
