"""How a call went: to the token that made it, and to the breaker of the endpoint it went to."""

from datetime import timedelta

import structlog
from django.db import transaction
from django.db.models import BooleanField, ExpressionWrapper, F, Q
from django.db.models.functions import Now

from providers.credentials import Credential
from providers.errors import ProviderError, Rejected, TokenInvalid
from providers.models import Token, TokenDay
from providers.models.token import State, Today
from providers.pool import breaker, memory
from providers.pool.verdicts import Verdict, verdict_on

logger = structlog.get_logger(__name__)


def submission(credential: Credential, provider: str, endpoint: str, error: ProviderError | None) -> bool:
    """After a submit that was accepted (None), refused or not answered. Safe inside the transaction that notes it.

    True when the endpoint was given up for a while and answers again.

    An accepted one costs the breaker's one statement, and the token's only when it was on trial.
    """
    if credential.token_id is None:
        return False
    is_down = breaker.is_failure(error)
    has_recovered = breaker.note(provider, endpoint, is_failure=is_down)
    if error is None or isinstance(error, Rejected):
        # Whoever is told that the wish is wrong has been let in.
        _recover(credential)
        return has_recovered
    _count_error(credential.token_id)
    if is_down:
        _end_trial(credential)
    else:
        _judge(credential.token_id, error)
    return False


def read(credential: Credential, error: ProviderError) -> None:
    """After a question about a job that failed: a token that is not accepted any more is not sent with either."""
    if credential.token_id is not None and isinstance(error, TokenInvalid):
        _judge(credential.token_id, error)


def _judge(token_id: int, error: ProviderError) -> None:
    with transaction.atomic():
        resting = ExpressionWrapper(Q(cooldown_until__gt=Now()), output_field=BooleanField())
        rows = Token.objects.filter(pk=token_id).select_for_update(no_key=True)
        token = rows.annotate(is_resting=resting).first()
        if token is None:
            return
        noted: dict[str, object] = {
            "last_error": f"{type(error).__name__}: {error}"[:300],
            "last_error_at": Now(),
            "trial_until": None,
        }
        others = Token.objects.filter(provider=token.provider, is_enabled=True, state=State.ACTIVE)
        is_last = not others.exclude(pk=token.pk).exists()
        verdict = verdict_on(error, token.state, token.fail_streak, is_last=is_last)
        # Several jobs that fail at once fail for one reason: only the first moves the token.
        is_known = token.is_resting and verdict is not None and verdict.state == token.state
        if verdict is not None and token.state != State.DISABLED and not is_known:
            noted |= _columns(verdict)
            logger.warning("token_rests", member=token.pk, provider=token.provider, state=verdict.state.value)
        Token.objects.filter(pk=token.pk).update(**noted)
    memory.forget()


def _columns(verdict: Verdict) -> dict[str, object]:
    until = None if verdict.seconds is None else Now() + timedelta(seconds=verdict.seconds)
    return {"state": verdict.state, "fail_streak": verdict.streak, "cooldown_until": until}


def _recover(credential: Credential) -> None:
    """A trial that went well, unless something else has happened to the token meanwhile."""
    if credential.token_id is None or not credential.is_trial:
        return
    on_trial = Token.objects.filter(pk=credential.token_id, trial_until__isnull=False).exclude(state=State.DISABLED)
    if on_trial.update(state=State.ACTIVE, fail_streak=0, cooldown_until=None, trial_until=None):
        logger.info("token_works_again", member=credential.token_id)
    memory.forget()


def _end_trial(credential: Credential) -> None:
    """Nothing was learnt: another job may try."""
    if credential.token_id is not None and credential.is_trial:
        Token.objects.filter(pk=credential.token_id).update(trial_until=None)


def _count_error(token_id: int) -> None:
    """On the day it happened, which may be another than the day the job was begun."""
    day = TokenDay.objects.filter(token_id=token_id, day=Today())
    if not day.update(errors=F("errors") + 1):
        TokenDay.objects.bulk_create(
            [TokenDay(token_id=token_id, day=Today(), requests=0, errors=1)],
            update_conflicts=True,
            unique_fields=["token", "day"],
            update_fields=["errors"],
        )
