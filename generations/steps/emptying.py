"""The trash of the library: what has been there for its days is deleted for good."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from generations.models import Input, Item, Output
from media_pipeline.models import Asset

AT_ONCE = 200


def purge(limit: int = AT_ONCE) -> int:
    """Deletes for good what has been in the trash for TRASH_DAYS. Files that another work was made from stay for it.

    The files themselves go with the sweep of files without a row.
    """
    before = Now() - timedelta(days=settings.TRASH_DAYS)
    with transaction.atomic(durable=True):
        due = Item.objects.filter(trashed_at__lt=before, purged_at__isnull=True).order_by("trashed_at")
        ids = list(due.select_for_update(skip_locked=True).values_list("pk", flat=True)[:limit])
        assets = list(Output.objects.filter(generation_id__in=ids, asset__isnull=False).values_list("asset", flat=True))
        Output.objects.filter(generation_id__in=ids).delete()
        Asset.objects.filter(pk__in=assets).exclude(pk__in=Input.objects.values("asset")).delete()
        Item.objects.filter(pk__in=ids).update(purged_at=Now(), tags=[])
    return len(ids)
