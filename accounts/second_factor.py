"""The second factor of staff: whether this session has shown it, how lately, and how it is taken away."""

import time

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

from accounts import rules
from accounts.models import User


def is_demanded_of(person: User) -> bool:
    """Of staff, where the studio can be reached from other machines."""
    return bool(settings.STAFF_SECOND_FACTOR) and rules.may_enter_admin(person)


def is_set_up(person: User) -> bool:
    """Whether there is an app to ask; recovery codes alone are no factor of their own."""
    return bool(Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists())


def shown_at(request: HttpRequest, person: User) -> float | None:
    """When this session last showed a factor that is still theirs (Unix time); None if never.

    The row is looked up each time, so that a factor that was taken away opens nothing any more.
    """
    shown = {record["id"]: record["at"] for record in _shown(request, person)}
    alive = Authenticator.objects.filter(user=person, pk__in=shown).values_list("pk", flat=True) if shown else ()
    return max((shown[pk] for pk in alive), default=None)


def is_recent(at: float, seconds: float) -> bool:
    return time.time() - at < seconds


def take_away(person: User) -> int:
    """Forgets app and recovery codes; how many rows there were."""
    gone, _by_model = Authenticator.objects.filter(user=person).delete()
    return int(gone)


def _shown(request: HttpRequest, person: User) -> list[dict[str, float]]:
    """In order, so that of one factor the latest counts."""
    return [record for record in get_authentication_records(request, person) if record["method"] == "mfa"]
