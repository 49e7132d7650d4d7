"""Why a request is refused: status, machine code and sentence, for pages and programs alike.

A refusal never costs anything and never leaves anything behind; every sentence says what to do next.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.credits import InsufficientCredit
from generations import comparison
from generations.actions import arranging, batching, changing, exporting, fronting, requesting
from generations.formats import credits_text
from generations.paging import BadCursor
from media_pipeline import intake, slots, storage
from providers import catalogue

KEY_REUSED = "idempotency_key_reused"
# Seconds, where nothing better is known.
RETRY_AFTER = "10"
Table: TypeAlias = dict[type[Exception], tuple[int, str, str]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Refusal:
    status: int
    code: str
    sentence: str
    fields: dict[str, str | Promise] = field(default_factory=dict)

    @property
    def is_for_now(self) -> bool:
        """The same request may well pass a moment later."""
        return self.status in {429, 503}


EXPECTED = (
    catalogue.UnknownModel,
    catalogue.ParameterErrors,
    requesting.ModelUnavailable,
    requesting.PromptRefused,
    requesting.TooManyActive,
    requesting.KeyReused,
    changing.NotCancellable,
    changing.NotRetryable,
    fronting.NotInLine,
    InsufficientCredit,
    BadCursor,
    batching.TooManyItems,
    batching.ConfirmationNeeded,
    intake.TooManyFiles,
    intake.FilesRefused,
    slots.NoFreeSlot,
    storage.DiskFull,
    storage.StorageAway,
    arranging.NothingChosen,
    arranging.NoName,
    exporting.TooManyExports,
    exporting.TooManyWorks,
    comparison.WrongNumber,
)


def refusal_of(error: Exception) -> Refusal:
    """The refusal an expected exception means."""
    for kind, say in SPECIAL.items():
        if isinstance(error, kind):
            return say(error)
    return _simple(error)


def plain() -> list[Refusal]:
    """Those that say the same every time: what the guide lists."""
    return [Refusal(status=status, code=code, sentence=sentence) for status, code, sentence in _table().values()]


def _simple(error: Exception) -> Refusal:
    status, code, sentence = next(row for kind, row in _table().items() if isinstance(error, kind))
    return Refusal(status=status, code=code, sentence=sentence)


def _table() -> Table:
    return _about_wishes() | _about_files() | _about_items()


def _about_wishes() -> Table:
    return {
        catalogue.UnknownModel: (
            404,
            "unknown_model",
            _("There is no such model. Nothing was charged. Choose one from the list of models."),
        ),
        requesting.ModelUnavailable: (
            400,
            "model_unavailable",
            _("This model is switched off at the moment. Nothing was charged. Choose another one."),
        ),
        requesting.KeyReused: (
            422,
            KEY_REUSED,
            _("This Idempotency-Key was used for another request. Nothing was charged. Use a new key."),
        ),
        changing.NotCancellable: (
            409,
            "not_cancellable",
            _("It is too late to cancel: the work has ended or its result is being saved."),
        ),
        changing.NotRetryable: (409, "not_retryable", _("It is still running. Wait for its end or cancel it first.")),
        fronting.NotInLine: (
            409,
            "not_in_line",
            _("It does not wait in line any more: it is under way or has ended. Nothing was changed."),
        ),
        batching.TooManyItems: (
            400,
            "bad_count",
            _("At most %(most)d can be asked for at once. Nothing was charged. Ask for fewer.")
            % {"most": settings.BATCH_MAX_ITEMS},
        ),
        BadCursor: (400, "bad_cursor", _("This page address is damaged. Start again from the first page.")),
        ObjectDoesNotExist: (404, "not_found", _("There is nothing here.")),
    }


def _about_files() -> Table:
    return {
        intake.TooManyFiles: (
            400,
            "bad_file_count",
            _("Send 1 to %(most)d files in the field “files”. Nothing was kept.") % {"most": settings.UPLOAD_MAX_FILES},
        ),
        slots.NoFreeSlot: (
            503,
            "busy",
            _("The studio is looking into other files. Nothing was kept or charged. Send it again in a moment."),
        ),
        storage.DiskFull: (
            503,
            "no_space",
            _("The studio has no room for files now. Nothing was kept or charged. Tell the operator."),
        ),
        storage.StorageAway: (
            503,
            "storage_away",
            _("The studio cannot reach its files now. Nothing was kept or charged. Try again in a few minutes."),
        ),
    }


def _about_items() -> Table:
    return {
        arranging.NothingChosen: (
            400,
            "nothing_chosen",
            _("Nothing was chosen, so nothing was changed. Choose pictures first, then what to do with them."),
        ),
        exporting.TooManyExports: (
            429,
            "too_many_exports",
            _("Other archives of yours are being packed. It cost nothing. Wait until one is ready and ask again."),
        ),
        exporting.TooManyWorks: (
            400,
            "too_many_works",
            _("No more than 1,000 works at once. Nothing was changed, packed or charged. Choose fewer of them."),
        ),
        comparison.WrongNumber: (
            400,
            "bad_comparison",
            _("Two, three or four works can be compared. Nothing was changed. Choose as many in the library."),
        ),
        arranging.NoName: (400, "no_name", _("It needs a name. Nothing was changed. Write one and send again.")),
    }


def _confirm(plan: batching.Plan) -> Refusal:
    count = sum(item.count for item in plan.items)
    sentence = ngettext(
        "This makes %(count)d generation for %(credits)s credits. Nothing was charged yet. Confirm it.",
        "This makes %(count)d generations for %(credits)s credits. Nothing was charged yet. Confirm it.",
        count,
    )
    fields: dict[str, str | Promise] = {
        item.model_id: f"{item.count} × {credits_text(item.millicredits // item.count)}" for item in plan.items
    }
    values = {"count": count, "credits": credits_text(plan.millicredits)}
    return Refusal(status=409, code="confirmation_needed", sentence=sentence % values, fields=fields)


def _too_poor(error: InsufficientCredit) -> Refusal:
    values = {"needed": credits_text(error.needed), "available": credits_text(error.available)}
    sentence = _(
        "%(needed)s credits are needed, %(available)s are left. Nothing was charged. "
        "Choose cheaper settings or ask the operator for credits."
    )
    return Refusal(status=402, code="insufficient_credit", sentence=sentence % values)


def _line_full(error: requesting.TooManyActive) -> Refusal:
    total = error.active + error.waiting
    sentence = ngettext(
        "You have %(count)d generation under way, which is all that is allowed. Nothing was charged. "
        "Wait until one ends or cancel one.",
        "You have %(count)d generations under way, which is all that is allowed. Nothing was charged. "
        "Wait until one ends or cancel one.",
        total,
    )
    return Refusal(status=429, code="active_limit", sentence=sentence % {"count": total})


def _prompt(error: requesting.PromptRefused) -> Refusal:
    sentences = {
        "empty": _("Describe what you want to see. Nothing was charged."),
        "too_long": _("The description is longer than %(limit)d characters. Nothing was charged. Shorten it."),
        "unwanted": _("This model takes no description. Nothing was charged. Leave it empty."),
        "unreadable": _("The description holds characters that cannot be stored. Nothing was charged. Remove them."),
    }
    sentence = sentences[error.reason] % {"limit": error.limit} if error.limit else sentences[error.reason]
    return Refusal(status=400, code=f"prompt_{error.reason}", sentence=sentence, fields={"prompt": sentence})


def bad_form(fields: dict[str, str | Promise]) -> Refusal:
    """A form field that holds something else than its kind."""
    sentence = _("Some settings are not possible. Nothing was charged. Correct them and send again.")
    return Refusal(status=400, code="invalid_params", sentence=sentence, fields=fields)


def too_often() -> Refusal:
    """More wishes for a model than its rate allows."""
    sentence = _("Too many requests. Nothing was charged. Wait a moment and send again.")
    return Refusal(status=429, code="rate_limited", sentence=sentence)


def _params(error: catalogue.ParameterErrors) -> Refusal:
    sentence = _("Some settings are not possible. Nothing was charged. Correct them and send again.")
    return Refusal(status=400, code="invalid_params", sentence=sentence, fields=dict(error.fields))


def _files(error: intake.FilesRefused) -> Refusal:
    sentence = _("Some files cannot be used. Nothing was kept or charged. Leave them out or mend them.")
    fields = {f"files.{number}": text for number, text in error.sentences.items()}
    return Refusal(status=400, code="bad_files", sentence=sentence, fields=fields)


SPECIAL: dict[type[Exception], Callable[..., Refusal]] = {
    InsufficientCredit: _too_poor,
    requesting.TooManyActive: _line_full,
    requesting.PromptRefused: _prompt,
    catalogue.ParameterErrors: _params,
    batching.ConfirmationNeeded: lambda error: _confirm(error.plan),
    intake.FilesRefused: _files,
}
