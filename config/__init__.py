"""Wiring of the project: settings, URLs, processes. Nothing imports from here but the entry points."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
