"""What the style guide shows: rows in every state, made in memory and kept nowhere. Pictures are the reader's own."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext, ngettext

from accounts.ids import uuid7
from accounts.models import User
from generations.failures import FAILURES
from generations.feed import line_context
from generations.formats import number_text
from generations.jobs import KINDS, STATES, Filter
from generations.models import Draft, Event, Export, Generation, Item, Output, Stage
from generations.models.event import Kind
from generations.models.generation import FINAL, STATUS_OF, Waiting
from generations.models.item import MOST_STARS
from generations.places import Line
from generations.views.toasts import Toast, put_away
from media_pipeline.models import Asset
from notifications.models import Kind as Told
from notifications.models import Notification

PICTURES, UNREAD, FAVOURED = 4, 2, 3
COUNTS = {"": "99+", "waiting": "1", "working": "2", "ended": "99+", "failed": "0"}
TOLD: dict[Kind, dict[str, Any]] = {Kind.REFUNDED: {"millicredits": 4_000}, Kind.CANCELLED: {"confirmed": True}}


def pictures_of(user: User) -> list[Asset]:
    """The newest files of the reader, for cards and tiles that need one."""
    rows = Item.objects.for_user(user).kept().newest_first().with_files()[:PICTURES]
    return [asset for row in rows for asset in row.generation.assets][:PICTURES]


def cards(user: User, pictures: list[Asset]) -> list[Generation]:
    """Each stage, what a row may wait for, each reason to fail, and results with one, several and lost files."""
    found = [generation(user, stage) for stage in Stage if stage not in FINAL]
    found += [generation(user, Stage.QUEUED, waits_for=Waiting.TOKEN, place_in_line=place) for place in (1, 2)]
    found += [generation(user, Stage.QUEUED, waits_for=reason) for reason in (Waiting.PROVIDER, Waiting.PAUSE)]
    found.append(generation(user, Stage.RUNNING, cancel_requested_at=timezone.now()))
    found.append(generation(user, Stage.CANCELLED))
    found += [generation(user, Stage.FAILED, error_code=code) for code in FAILURES]
    if pictures:
        found.append(generation(user, Stage.COMPLETED, pictures[:1]))
        found.append(generation(user, Stage.COMPLETED, pictures, params={"num_outputs": len(pictures)}))
        found.append(generation(user, Stage.COMPLETED, pictures[:1], params={"num_outputs": 2}))
        found.append(generation(user, Stage.FAILED, pictures[:1], error_code="timed_out"))
    return found


def tiles(user: User, pictures: list[Asset]) -> Iterator[Item]:
    """A work as it is, a favourite, one of several files with four stars, one just thrown away."""
    for files, fields in (
        (pictures[:1], {}),
        (pictures[:1], {"is_favourite": True}),
        (pictures, {"stars": 4}),
        (pictures[:1], {"trashed_at": timezone.now()}),
    ):
        yield Item(generation=generation(user, Stage.COMPLETED, files), user=user, **fields)


def marked(user: User) -> list[Item]:
    """Nothing given yet; each number of stars, of which three on a favourite; what is in the trash."""
    row = generation(user, Stage.COMPLETED)
    given: list[dict[str, Any]] = [
        {"stars": stars, "is_favourite": stars == FAVOURED} for stars in range(MOST_STARS + 1)
    ]
    return [Item(generation=row, user=user, **fields) for fields in [*given, {"trashed_at": timezone.now()}]]


def toasts() -> list[Toast]:
    """Said and done; to be taken back, of one and of many; to go on with."""
    now = timezone.now()
    done = ngettext("%(count)s work is back.", "%(count)s works are back.", 1) % {"count": number_text(1)}
    part = {"done": number_text(4_000), "total": number_text(12_000)}
    going = gettext("%(done)s of %(total)s works are done. The rest is as it was.") % part
    return [Toast(done), put_away(1, now), put_away(12_000, now), Toast(going, "go:")]


def events() -> list[Event]:
    return [Event(kind=kind, created_at=timezone.now(), data=TOLD.get(kind, {})) for kind in Kind]


def exports(user: User) -> list[Export]:
    now = timezone.now()
    facts: tuple[dict[str, Any], ...] = (
        {"state": "ready", "files": 12, "size_bytes": 34_000_000},
        {"state": "failed"},
        {"state": "queued"},
    )
    return [Export(user=user, generation_ids=[uuid7()], created_at=now, **fields) for fields in facts]


def notifications(user: User) -> list[Notification]:
    """One of each kind; the first two unread."""
    row, now = generation(user, Stage.FAILED, error_code="content_refused"), timezone.now()
    data = {"millicredits": 4_000, "files": 12}
    return [
        Notification(
            user=user, kind=kind, generation=row, data=data, created_at=now, read_at=None if number < UNREAD else now
        )
        for number, kind in enumerate(Told)
    ]


def draft(user: User) -> Draft:
    return Draft(user=user, content={}, updated_at=timezone.now())


def jobs(user: User, pictures: list[Asset]) -> dict[str, Any]:
    """A line that its person paused, the filters, and a row of each state."""
    return line_context(user) | {
        "line": Line(active=2, waiting=1, room=7),
        "paused_at": timezone.now(),
        "asked": Filter(kind="image"),
        "states": [(name, label, "", COUNTS[name]) for name, (label, _statuses) in STATES.items()],
        "kinds": KINDS.items(),
        "models": [("flux-schnell", "FLUX Schnell")],
        "rows": [
            generation(user, Stage.QUEUED, waits_for=Waiting.PAUSE),
            generation(user, Stage.RUNNING),
            generation(user, Stage.COMPLETED, pictures[:1]),
            generation(user, Stage.FAILED, error_code="content_refused"),
            generation(user, Stage.CANCELLED, task="text-to-video"),
        ],
    }


def generation(user: User, stage: Stage, files: list[Asset] | None = None, **fields: Any) -> Generation:
    now = timezone.now()
    usual: dict[str, Any] = {
        "model": "flux-schnell",
        "model_name": "FLUX Schnell",
        "provider": "replicate",
        "task": "text-to-image",
        "prompt": gettext("a lighthouse at dawn"),
        "frame_width": 1344,
        "frame_height": 768,
        "expected_seconds": 8,
        "cost_millicredits": 300,
        "created_at": now - timedelta(seconds=5),
        "completed_at": now if stage in FINAL else None,
    }
    row = Generation(user=user, stage=stage, status=STATUS_OF[stage], **(usual | fields))
    outputs = [Output(generation=row, index=number, asset=asset) for number, asset in enumerate(files or [])]
    told = [Event(generation=row, kind=kind, created_at=now, data=TOLD.get(kind, {})) for kind in _story(stage)]
    row._prefetched_objects_cache = {"outputs": outputs, "events": told}  # type: ignore[attr-defined]
    return row


def _story(stage: Stage) -> list[Kind]:
    """As its timeline tells it, in short."""
    begun = [Kind.QUEUED] if stage == Stage.QUEUED else [Kind.QUEUED, Kind.SUBMITTING]
    return [*begun, Kind(stage.value)] if stage in FINAL else begun
