"""Addresses of the guide."""

from django.urls import path

from guide import palette, styleguide, views

urlpatterns = [
    path("docs/", views.home, name="docs"),
    path("docs/search/", views.search, name="docs-search"),
    path("docs/models/<str:model_id>/", views.model, name="docs-model"),
    path("docs/<slug:slug>/", views.chapter, name="docs-page"),
    path("palette/", palette.palette, name="palette"),
    path("shortcuts/", palette.list_shortcuts, name="shortcuts"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
]
