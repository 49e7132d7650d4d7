"""What was made of the picture that is being worked on: earlier tries, and the picture it was made of itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from accounts.models import User
from generations.models import Generation, Input, Stage
from media_pipeline.models import Asset

SHOWN = 12
SLOT = "image"


@dataclass(frozen=True, slots=True)
class Try:
    """A result that can be gone on from."""

    generation: Generation
    asset: Asset


@dataclass(frozen=True, kw_only=True, slots=True)
class Strip:
    """source: the picture all of it is made of. chosen: the one that is worked on now, of these or the source."""

    source: Asset
    chosen: UUID
    tries: Sequence[Try]


def strip_of(user: User, chosen: UUID | None) -> Strip | None:
    """Of a picture that is a result itself, the tries beside it. None where there is nothing to choose from.

    At most four queries.
    """
    asset = Asset.objects.for_user(user).filter(pk=chosen).first() if chosen else None
    if asset is None or asset.is_video:
        return None
    source = _made_of(user, asset) or asset
    tries = _tries(user, source)
    return Strip(source=source, chosen=asset.pk, tries=tries) if tries else None


def _made_of(user: User, asset: Asset) -> Asset | None:
    made = Input.objects.filter(slot=SLOT, generation__user=user, generation__outputs__asset=asset)
    found = made.order_by("index").select_related("asset").first()
    return found.asset if found else None


def _tries(user: User, source: Asset) -> list[Try]:
    """Newest first."""
    worked_on = Input.objects.filter(asset=source, slot=SLOT, generation__user=user).values("generation")
    rows = Generation.objects.for_user(user).shown().filter(pk__in=worked_on, stage=Stage.COMPLETED)
    made = [(row, row.assets) for row in rows.newest_first().with_outputs()[:SHOWN]]
    return [Try(row, assets[0]) for row, assets in made if assets and not assets[0].is_video]
