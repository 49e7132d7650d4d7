"""Adding tokens and replacing their secrets: what a super admin does in the admin."""

from dataclasses import dataclass, field

from accounts import trail
from accounts.trail import Hand
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from providers.models import Token
from providers.models.fingerprints import fingerprints
from providers.models.token import Source, State
from providers.pool import memory
from providers.pool.pasting import Pasted, Unusable, lines_of, read_line

FINGERPRINT_SHOWN = 8


class AlreadyThere(Exception):
    """The message names the token that has this secret."""


@dataclass(slots=True)
class Enrolled:
    """refused: a sentence for each line that was not added."""

    tokens: list[Token] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def enrol(
    provider: str, text: str, *, weight: int = 1, max_in_flight: int = 1, daily_cap: int | None = None
) -> Enrolled:
    """Adds every line that is a new token; the others are told and change nothing."""
    done = Enrolled()
    for number, line in lines_of(text):
        try:
            pasted = read_line(number, line)
            token = Token(provider=provider, weight=weight, max_in_flight=max_in_flight, daily_cap=daily_cap)
            done.tokens.append(_add(token, pasted))
        except (Unusable, AlreadyThere) as refusal:
            done.refused.append(str(refusal))
    memory.forget()
    return done


def replace_secret(token: Token, secret: str) -> None:
    """The same token with a new secret from the provider: jobs under way are asked after with the new one.

    Raises Unusable, AlreadyThere.
    """
    token.keep(usable_secret(token, secret).secret)
    token.source = Source.ADMIN
    token.save(update_fields=["sealed_secret", "fingerprint", "source"])
    bring_back(token.pk)


def usable_secret(token: Token, secret: str) -> Pasted:
    """A secret that this token may get. Raises Unusable, AlreadyThere."""
    pasted = read_line(1, secret)
    _refuse_twin(token.provider, pasted, own=token.pk)
    return pasted


def bring_back(*token_ids: int, hand: Hand | None = None) -> int:
    """Switched on, and as if nothing had happened to them. How many there were. hand: who does it, for the trail."""
    with transaction.atomic():
        chosen = Token.objects.filter(pk__in=token_ids).select_for_update()
        if hand is not None:
            trail.note(hand, chosen, gettext_noop("Switched on, and forgot what happened."))
        changed = Token.objects.filter(pk__in=[token.pk for token in chosen]).update(
            is_enabled=True, state=State.ACTIVE, fail_streak=0, cooldown_until=None, trial_until=None
        )
        _forget()
    return changed


def switch_off(*token_ids: int, hand: Hand | None = None) -> int:
    """No new job gets them; those under way are asked after with them until they end. hand: as in bring_back."""
    with transaction.atomic():
        chosen = Token.objects.filter(pk__in=token_ids, is_enabled=True).select_for_update()
        if hand is not None:
            trail.note(hand, chosen, gettext_noop("Switched off."))
        changed = Token.objects.filter(pk__in=[token.pk for token in chosen]).update(is_enabled=False)
        _forget()
    return changed


def _forget() -> None:
    """Now, and once more when others can see it: whoever looks in between remembers what was."""
    memory.forget()
    transaction.on_commit(memory.forget)


def _add(token: Token, pasted: Pasted) -> Token:
    _refuse_twin(token.provider, pasted, own=None)
    token.keep(pasted.secret)
    token.label = pasted.label or token.fingerprint[:FINGERPRINT_SHOWN]
    try:
        with transaction.atomic():
            token.save()
    except IntegrityError as error:
        raise AlreadyThere(_already_there(pasted.number, token.label)) from error
    return token


def _refuse_twin(provider: str, pasted: Pasted, *, own: int | None) -> None:
    twins = Token.objects.filter(provider=provider, fingerprint__in=fingerprints(pasted.secret))
    if own is not None:
        twins = twins.exclude(pk=own)
    if twin := twins.values_list("label", flat=True).first():
        raise AlreadyThere(_already_there(pasted.number, twin))


def _already_there(number: int, label: str) -> str:
    sentence = _("Line %(number)d was not added: it is in the pool already, as “%(label)s”.")
    return sentence % {"number": number, "label": label}
