"""Addresses of the Telegram channel."""

from django.urls import path

from notifications.telegram import views, webhooks

urlpatterns = [
    path("api/telegram/webhook", webhooks.webhook, name="telegram-webhook"),
    path("notifications/telegram/link/", views.link, name="telegram-link"),
    path("notifications/telegram/unlink/", views.unlink, name="telegram-unlink"),
]
