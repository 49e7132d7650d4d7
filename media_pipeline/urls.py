"""Addresses of stored files; included at the root."""

from django.urls import path

from media_pipeline import views

urlpatterns = [path("media/<uuid:asset_id>/<str:variant>", views.media, name="media")]
