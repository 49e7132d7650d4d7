"""Letters: plain text and a link, through whatever Django's mail is set up with (in the demo, the console)."""

import smtplib
from collections.abc import Sequence
from email.utils import parseaddr

from django.conf import settings
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from notifications.channels.contract import SENT, Outcome, Result
from notifications.letters import letter_of
from notifications.models import Delivery

RETRY_FROM, RETRY_UNTIL = 400, 500


class Email:
    name = "email"
    label = _("E-mail")
    gathers = True
    panel = ""
    is_offered = True

    def is_available(self, person: User) -> bool:
        """Elsewhere than in the demo, letters on the console reach nobody."""
        reaches_people = settings.EMBEDDED or not settings.EMAIL_BACKEND.endswith("console.EmailBackend")
        return bool(person.email) and reaches_people

    def deliver(self, deliveries: Sequence[Delivery]) -> Outcome:
        """Nothing has been sent as long as there is no connection; a server that answers has said what became of it.

        A line that is cut in between leaves it unknown (RFC 5321, 6.1). The Message-ID is the oldest delivery's own, so
        that mailboxes which know it already can tell.
        """
        connection = mail.get_connection()
        try:
            connection.open()
        except smtplib.SMTPAuthenticationError:
            return Outcome(Result.RETRY, "sign_in_refused")
        except (OSError, smtplib.SMTPException):
            return Outcome(Result.RETRY, "not_reachable")
        try:
            _letter(deliveries, connection).send()
        except smtplib.SMTPRecipientsRefused as error:
            return _answered(min(code for code, _words in error.recipients.values()))
        except smtplib.SMTPResponseException as error:
            return _answered(error.smtp_code)
        except (OSError, smtplib.SMTPException):
            return Outcome(Result.UNKNOWN, "cut_off")
        finally:
            _close(connection)
        return SENT


def _letter(deliveries: Sequence[Delivery], connection: BaseEmailBackend) -> mail.EmailMessage:
    oldest = deliveries[0]
    words = letter_of([delivery.notification for delivery in deliveries])
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2] or "localhost"
    return mail.EmailMessage(
        subject=words.subject,
        body=words.body,
        to=[oldest.notification.user.email],
        connection=connection,
        headers={"Message-ID": f"<{oldest.pk}@{domain}>", "Auto-Submitted": "auto-generated"},
    )


def _answered(code: int) -> Outcome:
    """4xx: not now; 5xx: never."""
    is_for_now = RETRY_FROM <= code < RETRY_UNTIL
    return Outcome(Result.RETRY, "refused_for_now") if is_for_now else Outcome(Result.REFUSED, "refused")


def _close(connection: BaseEmailBackend) -> None:
    """What was said is said; a goodbye that fails changes nothing. Django's own closes quietly but for this."""
    try:
        connection.close()
    except (OSError, smtplib.SMTPException):
        return
