"""saving: fetches the provider's files at once, checks, stores and thumbs them, one after the other."""

from collections.abc import Mapping
from contextlib import suppress

import structlog
from django.db import transaction
from django.db.models import F

from accounts.models import User
from generations import lifecycle
from generations.library.shelving import shelve
from generations.models import Attempt, Generation, Output, Stage
from generations.models.event import Kind
from generations.models.output import State
from generations.steps import claims, settling
from generations.steps.hints import Hint
from media_pipeline import ingest, slots, spool
from media_pipeline.errors import MediaError
from media_pipeline.models import Asset
from providers import registry, tokens

logger = structlog.get_logger(__name__)
TRIES = 4
RETRY_SECONDS = (2, 5, 15)
# This machine works on as many files as it may.
BUSY_SECONDS = 1


def keep(generation: Generation) -> list[Hint]:
    """One claimed, saving generation: keeps what is pending and settles when nothing is."""
    try:
        with slots.one():
            for output in _pending(generation):
                if not claims.renew(generation):
                    return []
                keep_output(generation, output)
    except slots.NoFreeSlot:
        claims.put_back(generation, BUSY_SECONDS)
        return []
    pending = _pending(generation)
    if pending:
        claims.put_back(generation, RETRY_SECONDS[min(max(pending[0].tries, 1), len(RETRY_SECONDS)) - 1])
        return []
    return finish(generation)


def finish(generation: Generation) -> list[Hint]:
    """All files are stored or lost: one stored file makes a success, none a failure."""
    outputs = list(Output.objects.filter(generation=generation).order_by("index"))
    if any(output.state == State.STORED for output in outputs):
        return settling.settle(generation, Stage.COMPLETED)
    code = outputs[0].error_code if outputs else "no_output"
    return settling.settle(generation, Stage.FAILED, error_code=code)


def keep_late(generation: Generation) -> None:
    """Files that came after the end; nothing is settled by them. A busy machine comes back to them with the sweep."""
    with suppress(slots.NoFreeSlot), slots.one():
        for output in _pending(generation):
            keep_output(generation, output)


def keep_output(generation: Generation, output: Output) -> None:
    """Downloads one file and writes its row. A failure of one file does not lose the others."""
    try:
        kept = ingest.keep(
            output.source_url,
            key=f"{generation.pk}-{output.index}",
            headers=_headers(generation, output.source_url),
        )
    except MediaError as error:
        _note_failure(generation, output, error)
        return
    except OSError as error:
        # This machine's disk, not the file: logged for the operator, tried again, and no reason to lose the others.
        logger.exception("file_not_written", output_id=str(output.pk))
        _note_failure(generation, output, MediaError(str(error)))
        return
    with transaction.atomic(durable=True):
        User.objects.locked(generation.user_id)
        asset = Asset.objects.record(output.pk, generation.user_id, kept)
        won = Output.objects.filter(pk=output.pk, state=State.PENDING).update(state=State.STORED, asset=asset)
        if not won:
            # Somebody else was quicker; the row of our own making goes with the transaction.
            transaction.set_rollback(True)
        else:
            size = {"index": output.index, "width": kept.width, "height": kept.height}
            lifecycle.record(generation.pk, generation.user_id, Kind.KEPT, size)
            shelve([generation.pk])
    if spool.is_spooled(output.source_url):
        spool.forget(output.source_url)


def _headers(generation: Generation, url: str) -> Mapping[str, str]:
    """What the provider's own host wants to see before it hands the file out, by the token of the job."""
    attempt = Attempt.objects.filter(generation=generation, external_id__isnull=False).order_by("-number").first()
    credential = tokens.by_label(attempt.provider, attempt.token_label) if attempt else None
    if attempt is None or credential is None or spool.is_spooled(url):
        return {}
    return registry.connect(attempt.provider, credential).download_headers(url)


def _note_failure(generation: Generation, output: Output, error: MediaError) -> None:
    logger.info("file_not_kept", output_id=str(output.pk), code=error.code, detail=str(error), tries=output.tries + 1)
    if error.is_ours:
        # Our disk is full: the file is not to blame, so the try does not count.
        return
    is_lost = error.is_permanent or output.tries + 1 >= TRIES
    with transaction.atomic(durable=True):
        User.objects.locked(generation.user_id)
        pending = Output.objects.filter(pk=output.pk, state=State.PENDING)
        if is_lost and pending.update(state=State.FAILED, error_code=error.code, tries=F("tries") + 1):
            lifecycle.record(generation.pk, generation.user_id, Kind.FILE_LOST, {"code": error.code})
        elif not is_lost:
            pending.update(tries=F("tries") + 1, error_code=error.code)


def _pending(generation: Generation) -> list[Output]:
    return list(Output.objects.filter(generation=generation, state=State.PENDING).order_by("index"))
