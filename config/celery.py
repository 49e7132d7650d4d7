"""The Celery application and everything that runs by itself.

A message is a hint: it may be lost, doubled or late, and nothing breaks (ARCHITECTURE.md, "Invariants").
Hence early acknowledgement, no ETA, no retries, no results; waiting lives in the database.
"""

import os

from celery import Celery
from celery.schedules import crontab
from celery.signals import task_prerun
from django.db import close_old_connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("dotbase")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@task_prerun.connect
def keep_a_living_connection(**_signal: object) -> None:
    """As Django does for a request: one that is too old or broke is closed, one that lay there is tried first."""
    close_old_connections()


app.conf.beat_schedule = {
    # Left-overs that pulse has not met: overdue rows, the inbox, expired keys. As often as the seeds asked, and sooner.
    "sweep": {"task": "generations.tasks.sweep", "schedule": 60.0, "options": {"queue": "default", "expires": 50}},
    # What ended and nobody was told of, letters that wait; pulse does it every second.
    "notify": {
        "task": "notifications.tasks.sweep",
        "schedule": 60.0,
        "options": {"queue": "default", "expires": 50},
    },
    # Files without a row and rows of long ago; cheap, so hourly.
    "clean-up": {
        "task": "generations.tasks.clean_up",
        "schedule": crontab(minute=17),
        "options": {"queue": "default", "expires": 3000},
    },
    # What is said of how long work takes; reads at most some hundred rows of each model.
    "measure-times": {
        "task": "generations.tasks.measure_times",
        "schedule": crontab(minute=47),
        "options": {"queue": "default", "expires": 3000},
    },
    # Whether the money still adds up; reads everything, so at night.
    "check-ledger": {
        "task": "generations.tasks.check_ledger",
        "schedule": crontab(hour=3, minute=41),
        "options": {"queue": "default", "expires": 3 * 3600},
    },
    # Proof that beat itself is alive, read by /api/health and the operator's page.
    "beat-heartbeat": {
        "task": "generations.tasks.record_heartbeat",
        "schedule": 15.0,
        "kwargs": {"name": "beat"},
        "options": {"queue": "default", "expires": 15},
    },
}
