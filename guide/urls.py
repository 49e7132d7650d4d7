"""Addresses of the guide."""

from django.urls import path

from guide import styleguide, views

urlpatterns = [
    path("docs/", views.home, name="docs"),
    path("docs/search/", views.search, name="docs-search"),
    path("docs/models/<str:model_id>/", views.model, name="docs-model"),
    path("docs/<slug:slug>/", views.chapter, name="docs-page"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
]
