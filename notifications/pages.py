"""The person's open pages, told that what stands behind the bell has changed."""

from django.db.models import F

from accounts.models import User
from generations import notices


def tell(person: User) -> None:
    """person: locked by the caller's transaction. A change like any other, and one that the bell is read anew for."""
    User.objects.filter(pk=person.pk).update(seq=F("seq") + 1, notified_seq=F("seq") + 1)
    notices.announce_on_commit(person.pk, person.seq + 1)
