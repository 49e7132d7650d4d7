"""Hands a wish's files to the provider before the job that needs them. Costs nothing, and may be done again.

What a provider keeps for a while is remembered, so that the same picture is not uploaded for each of ten variations.
"""

from collections import defaultdict
from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from generations.models import Attempt, Generation, HandedOver, Input
from media_pipeline import storage
from media_pipeline.models import Asset
from providers.contract import Adapter, InputFile, Uploaded
from providers.errors import Rejected, Transient

# Providers that name no time keep files for longer than this.
KEPT_AT_LEAST = timedelta(days=1)
# A reference must outlive the job's way to its worker.
SLACK = timedelta(minutes=10)
LONGEST_REFERENCE = HandedOver._meta.get_field("reference").max_length or 0


class FileAway(Transient):
    """A given file cannot be read here now."""


class FileGone(Rejected):
    """A given file is not here any more."""


# What the provider has no part in.
NOT_ASKED = (FileAway, FileGone)


def has_files(generation: Generation) -> bool:
    return Input.objects.filter(generation=generation).exists()


def hand_over(adapter: Adapter, generation: Generation, attempt: Attempt) -> dict[str, list[str]]:
    """References by slot, in order. Raises FileAway, FileGone, and what Adapter.upload raises."""
    references: dict[str, list[str]] = defaultdict(list)
    inputs = Input.objects.filter(generation=generation).select_related("asset").order_by("slot", "index")
    for one in inputs:
        references[one.slot].append(_reference(adapter, one.asset, attempt))
    return dict(references)


def _reference(adapter: Adapter, asset: Asset, attempt: Attempt) -> str:
    needed_until = attempt.fuse_at + SLACK
    there = HandedOver.objects.filter(asset=asset, provider=attempt.provider, token_label=attempt.token_label)
    known = there.filter(expires_at__gt=needed_until).values_list("reference", flat=True).first()
    if known is not None:
        return known
    try:
        with storage.lend(asset.key) as path:
            uploaded = adapter.upload(_file(asset, path))
    except (storage.StorageAway, storage.DiskFull) as error:
        raise FileAway(f"a given file cannot be read now: {error}") from error
    except FileNotFoundError as error:
        raise FileGone("a given file is gone") from error
    if not uploaded.reference.startswith("data:") and len(uploaded.reference) <= LONGEST_REFERENCE:
        _remember(asset, attempt, uploaded)
    return uploaded.reference


def _remember(asset: Asset, attempt: Attempt, uploaded: Uploaded) -> None:
    HandedOver.objects.update_or_create(
        asset=asset,
        provider=attempt.provider,
        token_label=attempt.token_label,
        defaults={
            "reference": uploaded.reference,
            "expires_at": uploaded.expires_at or timezone.now() + KEPT_AT_LEAST,
        },
    )


def _file(asset: Asset, path: Path) -> InputFile:
    return InputFile(
        path=path,
        key=asset.key,
        content_type=asset.content_type,
        size_bytes=asset.size_bytes,
        name=f"{asset.pk}{Path(asset.key).suffix}",
    )
