"""Words and links of the studio for templates."""

from typing import Any
from uuid import uuid4

from django import template
from django.utils.translation import gettext as _

from generations import formats, goals, jobs, links, promises, texts
from generations.failures import failure_of
from generations.models import Event, Generation
from generations.models.event import Kind
from generations.timings import Time
from media_pipeline.models import Asset
from providers.catalogue.tasks import MAKES_VIDEO

register = template.Library()


@register.simple_tag
def new_key() -> str:
    """An idempotency key for a form: pressed twice, it asks once."""
    return str(uuid4())


@register.simple_tag
def picture_ways() -> list[goals.Way]:
    """What a finished picture may be taken on to."""
    return goals.ways()


@register.filter
def credits(millicredits: int) -> str:
    return formats.credits_text(millicredits)


@register.filter
def grouped(number: int) -> str:
    """100,000 or 100 000."""
    return formats.number_text(number)


@register.filter
def clock(seconds: float) -> str:
    return formats.clock_text(seconds)


@register.filter
def media(asset: Asset, variant: str) -> str:
    return links.relative(asset, variant)


@register.filter
def stage_words(generation: Generation) -> str:
    return texts.stage_sentence(generation)


@register.filter
def money(generation: Generation) -> str:
    return texts.money_sentence(generation)


@register.filter
def money_kind(generation: Generation) -> str:
    if not generation.is_final:
        return "held"
    return "charged" if generation.is_charged else "released"


@register.filter
def failure_title(generation: Generation) -> str:
    return str(failure_of(generation.error_code).title)


@register.filter
def failure_advice(generation: Generation) -> str:
    return str(failure_of(generation.error_code).advice)


@register.filter
def cancel_words(generation: Generation) -> str:
    return texts.cancel_sentence(generation)


@register.filter
def job_state(generation: Generation) -> str:
    """Among the queue's filters."""
    return jobs.STATE_OF[generation.status]


@register.filter
def job_kind(generation: Generation) -> str:
    return "video" if generation.task in MAKES_VIDEO else "image"


@register.filter
def elapsed(generation: Generation) -> float:
    return texts.elapsed_seconds(generation)


@register.filter
def worked(generation: Generation) -> float | None:
    """Seconds since it was sent; None when they do not count."""
    return promises.worked_seconds(generation)


@register.filter
def slow_after(generation: Generation) -> float:
    return promises.slow_after_seconds(generation)


@register.filter
def is_slow(generation: Generation) -> bool:
    return promises.is_slow(generation)


@register.filter
def slow_words(generation: Generation) -> str:
    return promises.slow_sentence(generation)


@register.filter
def time_words(generation: Generation) -> str:
    return promises.time_sentence(generation)


@register.filter
def quote_words(time: Time) -> str:
    return promises.quote_sentence(time)


@register.filter
def event_words(event: Event) -> str:
    """A line of the timeline; a failure names its reason."""
    words = str(Kind(event.kind).label)
    data: dict[str, Any] = event.data
    if event.kind in {Kind.FAILED, Kind.FILE_LOST} and data.get("code"):
        return f"{words}: {failure_of(data['code']).title}"
    if event.kind == Kind.REFUNDED:
        amount = formats.credits_text(data["millicredits"])
        return _("The operator gave back %(amount)s cr") % {"amount": amount}
    return words
