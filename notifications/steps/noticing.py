"""Endings become notifications, exactly once: what is news bears no mark yet, and is marked with the row that tells it.

The person's lock makes two lookers take turns; the unique keys would hold even without it (ADR 0035).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from accounts.credits import MILLI, balance_of
from accounts.models import User
from generations.models import Event, Export
from generations.models.event import Kind as What
from notifications import pages, quiet, wishes
from notifications.channels import registry
from notifications.models import Delivery, Kind, Notification

BATCH = 200
# What ended longer ago is no news any more: it is marked and not told.
NEWS_FOR = timedelta(days=1)
KIND_OF = {
    What.COMPLETED: Kind.COMPLETED,
    What.FAILED: Kind.FAILED,
    What.LATE: Kind.LATE,
    What.LATE_AND_PAID: Kind.LATE,
    What.REFUNDED: Kind.REFUNDED,
}


def notice() -> None:
    """All that is news now. What is to be sent is found by the look at the outbox."""
    for user_id in _people_with_news():
        notice_for(user_id)


def _people_with_news() -> list[int]:
    """At most BATCH endings at a time; the next look goes on."""
    of_generations = Event.objects.news().values_list("generation__user_id", flat=True)[:BATCH]
    return sorted({*of_generations, *Export.objects.news().values_list("user_id", flat=True)[:BATCH]})


def notice_for(user_id: int) -> None:
    """One person's news in one transaction."""
    with transaction.atomic(durable=True):
        person = User.objects.locked(user_id)
        events = list(
            Event.objects.news().filter(generation__user_id=user_id).select_related("generation").order_by("id")[:BATCH]
        )
        exports = list(Export.objects.news().filter(user_id=user_id).order_by("id")[:BATCH])
        Event.objects.filter(pk__in=[event.pk for event in events]).update(noticed_at=Now())
        Export.objects.filter(pk__in=[export.pk for export in exports]).update(noticed_at=Now())
        fresh = timezone.now() - NEWS_FOR
        news = [*(_of_event(event) for event in events if event.created_at > fresh), *map(_of_export, exports)]
        tell(person, [*news, *_of_credits(person, news)])


def _of_event(event: Event) -> Notification:
    return Notification(
        kind=KIND_OF[What(event.kind)],
        dedupe_key=f"event:{event.pk}",
        generation=event.generation,
        data={name: event.data[name] for name in ("millicredits",) if name in event.data},
    )


def _of_export(export: Export) -> Notification:
    data = {"export": str(export.pk), "state": str(export.state), "files": export.files}
    return Notification(kind=Kind.ARCHIVE, dedupe_key=f"export:{export.pk}", data=data)


def _of_credits(person: User, news: Iterable[Notification]) -> list[Notification]:
    """Looked at when work that costs something ends; told once a day."""
    if not any(one.generation and one.generation.cost_millicredits for one in news):
        return []
    left = balance_of(person.pk).available
    if left >= settings.CREDITS_LOW * MILLI:
        return []
    key = f"credits:{person.pk}:{timezone.now():%Y-%m-%d}"
    return [Notification(kind=Kind.CREDITS_LOW, dedupe_key=key, data={"millicredits": left})]


def tell(person: User, news: list[Notification]) -> None:
    """Writes down what the person wants to hear of, and by which ways. person: locked by the caller's transaction."""
    preference = wishes.preference_of(person)
    same = Notification.objects.filter(dedupe_key__in=[one.dedupe_key for one in news])
    known = set(same.values_list("dedupe_key", flat=True))
    told, deliveries = [], []
    later = quiet.quiet_until(preference, timezone.now())
    for one in news:
        wanted = wishes.wanted(preference, one.kind)
        if one.dedupe_key in known or not wanted:
            continue
        one.user, one.is_in_bell = person, wishes.BELL in wanted
        told.append(one)
        for name in wishes.ways_out(preference, person, one.kind):
            at = later or _gathered_at(name)
            when = {"next_action_at": at} if at else {}
            key = Delivery.key_of(one, name)
            deliveries.append(Delivery(notification=one, channel=name, dedupe_key=key, **when))
    Notification.objects.bulk_create(told)
    Delivery.objects.bulk_create(deliveries)
    if _read_elsewhere(person) or told:
        pages.tell(person)


def _gathered_at(channel: str) -> datetime | None:
    """When what has come by then leaves as one message; None for a channel that sends each at once."""
    if not registry.channels()[channel].gathers:
        return None
    return timezone.now() + timedelta(seconds=settings.NOTIFY_GATHER_SECONDS)


def _read_elsewhere(person: User) -> int:
    """Those whose result was opened since are read; so the unread stay few. How many they were."""
    return Notification.objects.for_user(person).in_bell().seen_elsewhere().update(read_at=Now())
