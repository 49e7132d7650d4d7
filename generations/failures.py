"""Why a generation can fail: a closed list of codes and the sentences people read.

Providers' own words never reach a person; they stay with the attempt, for admins.
"""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Failure(NamedTuple):
    """What happened and what to do. Whether it cost anything is said beside it, from the ledger."""

    title: str | Promise
    advice: str | Promise


FAILURES: dict[str, Failure] = {
    "timed_out": Failure(_("Timed out"), _("The provider did not finish in time. Try again, or take another model.")),
    "queue_timed_out": Failure(
        _("Waited too long in line"), _("No place became free in time. Try again when fewer of your jobs are running.")
    ),
    "paused_too_long": Failure(
        _("Paused for too long"), _("Your line was paused, so it was never started. Let the line go on and try again.")
    ),
    "submission_unconfirmed": Failure(
        _("The provider never confirmed"),
        _("The request was sent once, but no answer came, so it was not sent again. Try again."),
    ),
    "charged_unconfirmed": Failure(
        _("The provider worked and never handed it over"),
        _(
            "The request was sent once, and the operator found that it was carried out. "
            "If the file still comes, you will find it here."
        ),
    ),
    "content_refused": Failure(
        _("Refused by the filter"), _("The provider found the prompt or the picture not allowed. Change the wording.")
    ),
    "input_refused": Failure(
        _("The provider refused the settings"), _("Change the settings or take another model, then try again.")
    ),
    "input_too_large": Failure(
        _("The given picture is too large for this model"),
        _("Make the picture smaller, ask for a smaller result, or take another model."),
    ),
    "provider_failed": Failure(_("The provider failed"), _("Something went wrong at the provider. Try again.")),
    "provider_timed_out": Failure(
        _("The provider ran out of time"), _("The work was stopped at the provider's own limit. Try again.")
    ),
    "provider_unavailable": Failure(
        _("The provider is not available"),
        _("The provider does not accept this studio's account at the moment. Take another model or tell the operator."),
    ),
    "provider_busy": Failure(_("The provider is too busy"), _("It kept refusing new work. Try again a little later.")),
    "no_output": Failure(
        _("Nothing came back"), _("The provider finished without a picture. Change the prompt and try again.")
    ),
    "output_expired": Failure(_("The result was already gone"), _("The provider had deleted the file. Try again.")),
    "output_unsafe": Failure(
        _("The result could not be fetched"), _("The file's address was not safe to open. Try again.")
    ),
    "output_unreadable": Failure(_("The result is not a picture"), _("The file could not be read. Try again.")),
    "output_too_large": Failure(_("The result is too large"), _("Ask for a smaller picture and try again.")),
    "download_failed": Failure(
        _("The result could not be fetched"), _("The download failed several times. Try again.")
    ),
    "internal": Failure(
        _("The studio failed"), _("Something went wrong on our side. Try again; the operator has been told.")
    ),
}


def failure_of(code: str) -> Failure:
    """The failure behind a code; an unknown code reads as ours."""
    return FAILURES.get(code, FAILURES["internal"])
