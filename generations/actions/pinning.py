"""Models that a person wants at the top of the list: put there and taken away. Twice does no harm."""

from accounts.models import User
from generations.models import Pin
from providers import catalogue


def pin(user: User, model_id: str) -> None:
    """One statement, so that two tabs at once make one row. Raises catalogue.UnknownModel: there are no other pins."""
    model = catalogue.get(model_id)
    Pin.objects.bulk_create([Pin(user=user, model=model.id)], ignore_conflicts=True)


def unpin(user: User, model_id: str) -> None:
    """Also one that is offered no more."""
    Pin.objects.for_user(user).filter(model=model_id).delete()
