"""What a channel promises. Values in, an outcome out; it changes no delivery and opens no transaction.

What may have been sent is never sent again: a notification that does not come by letter stands in the bell all the
same, and one that comes twice teaches people to ignore both. So a channel says RETRY only if it knows that nothing was
sent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from django.utils.functional import Promise

from accounts.models import User
from notifications.models import Delivery


class Result(StrEnum):
    SENT = "sent"
    # Surely not sent, and later may be better: nobody answers, too many requests.
    RETRY = "retry"
    # Surely not sent, and it would be the same again: the address is wrong, the bot was blocked.
    REFUSED = "refused"
    # It may have been sent: the line was cut before the answer. Never tried again.
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Outcome:
    """reason: a short snake_case word of ours, for logs and operators. after_seconds: when the other side said."""

    result: Result
    reason: str = ""
    after_seconds: float | None = None


SENT = Outcome(Result.SENT)


class Channel(Protocol):
    """name: at most 12 characters, as in Delivery.channel. label: a column's head in the preferences.

    gathers: what comes within a short time leaves as one message; else each by itself, at once.
    panel: a template shown below the preferences with `person` in it, for what the channel needs of them; "" for none.
    """

    name: str
    label: str | Promise
    gathers: bool
    panel: str

    @property
    def is_offered(self) -> bool:
        """The studio has it set up at all; what it has not, the preferences do not mention."""
        ...

    def is_available(self, person: User) -> bool:
        """Something can be sent to them this way: the studio has it set up, and so has the person."""
        ...

    def deliver(self, deliveries: Sequence[Delivery]) -> Outcome:
        """Sends them as one message, once, within about ten seconds, in the language that is active.

        deliveries: of one person, oldest first; exactly one where the channel does not gather. Each comes with its
        notification, its user and its generation; notifications.texts.message_of has the words. The outcome is that of
        all. Errors that are expected are outcomes; any other counts as unknown, once the lease has passed.
        """
        ...
