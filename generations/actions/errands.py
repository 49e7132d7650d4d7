"""What a person does with all that a search finds, or takes back: batch after batch, each a transaction of its own.

How far it has come stands in a signed note, which the page hands back for the next stretch: nothing is kept on the
server, a request lasts a few seconds however many there are, and one that is broken off has done what it says.
"""

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from django.core import signing
from django.utils import timezone

from accounts.models import User
from generations import paging
from generations.actions import arranging
from generations.actions.acts import ACTS
from generations.library import finding
from generations.library.search import Search
from generations.models import Item
from generations.models.item import ItemQuerySet

BATCH = 500
STRETCH_SECONDS = 4.0
# Long enough for any library; what is put into the trash by an older note would have lost days of its time there.
GOOD_FOR_SECONDS = 3600
SALT = "generations.errands"
UNDO = "undo"


@dataclass(frozen=True, kw_only=True, slots=True)
class Errand:
    """what: one of the acts of the library, or UNDO. moment: of a trashing, by which it is undone; of what, for UNDO.

    until: works that are newer than the page on which somebody chose all of them are left alone.
    """

    what: str
    moment: str
    until: str = ""
    query: str = ""
    is_similar: bool = False
    name: str = ""
    total: int = 0
    done: int = 0
    cursor: str | None = ""

    @property
    def is_over(self) -> bool:
        return self.cursor is None

    def note(self, user: User) -> str:
        return signing.dumps([user.pk, asdict(self)], salt=SALT)

    @classmethod
    def read(cls, user: User, note: str) -> Self:
        """Raises arranging.NothingChosen for what is no note of this person's, or an old one."""
        try:
            owner, fields = signing.loads(note, salt=SALT, max_age=GOOD_FOR_SECONDS)
        except signing.BadSignature as error:
            raise arranging.NothingChosen from error
        if owner != user.pk:
            raise arranging.NothingChosen
        return cls(**fields)


def for_all(user: User, what: str, search: Search, until: datetime, **more: Any) -> Errand:
    """Nothing of it is done yet. more: is_similar, name. Raises NothingChosen when nothing is found."""
    moment, until_text = timezone.now().isoformat(), until.isoformat()
    return _counted(user, Errand(what=what, moment=moment, until=until_text, query=search.text, **more))


def to_undo(user: User, moment: datetime) -> Errand:
    """Everything that was put into the trash at this moment. Raises NothingChosen when nothing of it is there."""
    return _counted(user, Errand(what=UNDO, moment=moment.isoformat()))


def rows_of(user: User, errand: Errand) -> ItemQuerySet:
    if errand.what == UNDO:
        return Item.objects.for_user(user).trashed().filter(trashed_at=datetime.fromisoformat(errand.moment))
    found = finding.select(user, Search(errand.query), is_similar=errand.is_similar)
    return found.filter(created_at__lte=datetime.fromisoformat(errand.until))


def carry_on(user: User, errand: Errand) -> Errand:
    """Does the next stretch: at least one batch, and as many as there is time for. Raises NoName."""
    ends = time.monotonic() + STRETCH_SECONDS
    while not errand.is_over:
        page = paging.page(rows_of(user, errand).only("created_at"), errand.cursor or "", BATCH)
        if page.rows:
            _act(user, errand, [item.pk for item in page.rows])
        errand = replace(errand, done=errand.done + len(page.rows), cursor=page.next_cursor)
        if time.monotonic() > ends:
            break
    return errand


def _act(user: User, errand: Errand, ids: Sequence[UUID]) -> None:
    if errand.what == "trash":
        # All batches at one moment, by which they come back together.
        arranging.trash(user, ids, datetime.fromisoformat(errand.moment))
    else:
        ACTS["restore" if errand.what == UNDO else errand.what](user, ids, errand.name)


def _counted(user: User, errand: Errand) -> Errand:
    total = rows_of(user, errand).count()
    if not total:
        raise arranging.NothingChosen
    return replace(errand, total=total)
