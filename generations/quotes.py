"""What a request will cost and how long it usually takes, before it is made."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from providers.catalogue import Model
from providers.catalogue.frames import Frame


@dataclass(frozen=True, kw_only=True, slots=True)
class Quote:
    """Milli-credits, seconds and number of files, as promised on the button."""

    millicredits: int
    expected_seconds: int
    outputs: int


def quote(model: Model, cleaned: Mapping[str, Any], source: Frame | None = None, given_seconds: float = 0) -> Quote:
    """The price of validated settings. source, given_seconds: size in pixels and length of the file worked on."""
    return Quote(
        millicredits=model.quote_millicredits(cleaned, source, given_seconds),
        expected_seconds=round(model.typical_seconds),
        outputs=int(cleaned.get(model.price.times) or 1),
    )
