"""Addresses for programs, as the replaced system named them."""

from django.urls import path, re_path

from generations.api import base, batches, cleanup, line, models_view, schema, uploads, views

urlpatterns = [
    path("generations/create", views.CreateView.as_view()),
    path("generations/list", views.ListView.as_view()),
    path("generations/<uuid:generation_id>", views.DetailView.as_view()),
    path("generations/<uuid:generation_id>/cancel", views.CancelView.as_view()),
    path("generations/<uuid:generation_id>/retry", views.RetryView.as_view()),
    path("generations/<uuid:generation_id>/viewed", views.ViewedView.as_view()),
    path("generations/<uuid:generation_id>/front", line.FrontView.as_view()),
    path("line", line.LineView.as_view()),
    path("line/pause", line.PauseView.as_view()),
    path("line/resume", line.ResumeView.as_view()),
    path("generations/quote", batches.QuoteView.as_view()),
    path("batches/<uuid:batch_id>", batches.BatchView.as_view()),
    path("batches/<uuid:batch_id>/cancel", batches.CancelBatchView.as_view()),
    path("models/list", models_view.ModelListView.as_view(), name="models-list"),
    path("upload", uploads.UploadView.as_view(), name="upload"),
    path("cron/cleanup", cleanup.CleanupView.as_view()),
    path("schema", schema.SchemaView.as_view(), name="schema"),
    re_path(r"", base.UnknownAddress.as_view()),
]
