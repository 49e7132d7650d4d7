"""What a person made last with each model: one picture for each, for the list of models."""

from django.db.models import F

from accounts.models import User
from generations.models import Item
from media_pipeline.models import Asset

# Newest works that are looked at: a model used before all of them has no picture, and a large library costs no more.
WINDOW = 500
MODEL = "output__generation__item__model"


def by_model(user: User) -> dict[str, Asset]:
    """Model id → the first file of the newest work with it outside the trash. One query, however many models."""
    lately = Item.objects.for_user(user).kept().newest_first().values("pk")[:WINDOW]
    files = Asset.objects.for_user(user).filter(output__generation__in=lately).annotate(made_with=F(MODEL))
    newest_first = files.order_by(MODEL, "-output__generation__created_at", "-output__generation", "output__index")
    return {asset.made_with: asset for asset in newest_first.distinct(MODEL)}
