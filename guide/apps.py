"""The guide: pages that explain the studio or lead through it. It reads the other apps and nobody reads it."""

from django.apps import AppConfig


class GuideConfig(AppConfig):
    name = "guide"
