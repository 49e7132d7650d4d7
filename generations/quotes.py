"""What a request will cost and how long it usually takes, before it is made."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from generations import timings
from generations.timings import Time
from providers.catalogue import Model
from providers.catalogue.frames import Frame


@dataclass(frozen=True, kw_only=True, slots=True)
class Quote:
    """Milli-credits, time and number of files, as promised on the button."""

    millicredits: int
    time: Time
    outputs: int


def quote(
    model: Model, cleaned: Mapping[str, Any], source: Frame | None = None, given_seconds: float = 0, task: str = ""
) -> Quote:
    """The price of validated settings. source, given_seconds: size in pixels and length of the file worked on.

    task: "" while it is not settled; then the time is that of all the model does.
    """
    outputs = int(cleaned.get(model.price.times) or 1)
    kind = timings.kind_of(task, model.frame(cleaned, source, task), cleaned.get("duration"), outputs) if task else ""
    return Quote(
        millicredits=model.quote_millicredits(cleaned, source, given_seconds),
        time=timings.time_of(model, kind),
        outputs=outputs,
    )
