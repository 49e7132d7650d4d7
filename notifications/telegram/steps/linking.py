"""A chat becomes a person's, or stops being one that can be written to."""

from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from accounts.models import User
from notifications import pages, wishes
from notifications.models import Kind, Notification, Preference
from notifications.steps import noticing
from notifications.telegram.models import Chat, LinkCode

# What whoever links a chat wants to hear there, until they say otherwise.
AT_FIRST = (Kind.COMPLETED, Kind.FAILED, Kind.LATE)
CHANNEL = "telegram"


def link(nonce: str, chat_id: int, name: str, heard: UUID) -> User | None:
    """Whose chat it is now; None for a link that is unknown, used up or too old.

    heard: the update it came by, which may be heard twice. A chat that was another person's moves to this one: both
    proved that they hold it. The person's former chat is let go.
    """
    unused = Q(used_by__isnull=True, expires_at__gt=Now()) | Q(used_by=heard)
    with transaction.atomic(durable=True):
        code = LinkCode.objects.of(nonce).filter(unused).select_related("user").first()
        if code is None or not code.user.is_active:
            return None
        person = User.objects.locked(code.user_id)
        if not LinkCode.objects.filter(unused, pk=code.pk).update(used_by=heard):
            return None
        Chat.objects.filter(chat_id=chat_id).exclude(user=person).delete()
        values = {"chat_id": chat_id, "name": name[:64], "linked_at": Now(), "blocked_at": None, "noted_at": None}
        Chat.objects.update_or_create(user=person, defaults=values)
        _switch_on(person)
        pages.tell(person)
    return person


def unlink(user: User) -> None:
    """Nothing more is written there, its buttons do nothing, and links that wait lead nowhere."""
    with transaction.atomic(durable=True):
        User.objects.locked(user.pk)
        LinkCode.objects.filter(user=user, used_by__isnull=True).delete()
        Chat.objects.filter(user=user).delete()


def close(chat_id: int) -> None:
    """The person has blocked the bot: nothing is written there until they come back. A look tells them of it."""
    Chat.objects.working().filter(chat_id=chat_id).update(blocked_at=Now(), noted_at=None)


def reopen(chat_id: int) -> None:
    Chat.objects.filter(chat_id=chat_id).update(blocked_at=None, noted_at=None)


def note_closed() -> None:
    """Each chat that was closed is told of by the other ways its person wants; once a closing."""
    for user_id in Chat.objects.to_be_noted().values_list("user_id", flat=True)[:100]:
        with transaction.atomic(durable=True):
            person = User.objects.locked(user_id)
            chat = Chat.objects.to_be_noted().filter(user=person).first()
            if chat is None or chat.blocked_at is None:
                continue
            key = f"telegram:{user_id}:{chat.blocked_at:%Y%m%d%H%M%S}"
            row = Notification(kind=Kind.CHANNEL_OFF, dedupe_key=key, data={"channel": CHANNEL})
            noticing.tell(person, [row])
            Chat.objects.filter(pk=chat.pk).update(noted_at=Now())


def _switch_on(person: User) -> None:
    preference = wishes.preference_of(person)
    if any(CHANNEL in chosen for chosen in preference.channels.values()):
        return
    added = {kind: [*sorted(wishes.wanted(preference, kind)), CHANNEL] for kind in AT_FIRST}
    Preference.objects.update_or_create(user=person, defaults={"channels": preference.channels | added})
