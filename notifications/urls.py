"""Addresses below /notifications/."""

from django.urls import path

from notifications.views import told, wanted

urlpatterns = [
    path("notifications/", told.told, name="notifications"),
    path("notifications/read/", told.read_all, name="notifications-read"),
    path("notifications/preferences/", wanted.wanted, name="notification-wishes"),
    path("notifications/<uuid:notification_id>/", told.opened, name="notification"),
    path("notifications/<uuid:notification_id>/read/", told.read, name="notification-read"),
]
