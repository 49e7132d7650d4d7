"""What a model costs: thousandths of a credit for each image, megapixel, second, video or run."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

Unit = Literal["image", "megapixel", "second", "video", "run"]
LEADING_NUMBER = re.compile(r"\d+(\.\d+)?")
PIXELS_PER_MEGAPIXEL = 1_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Rate:
    """Another price for a unit where all these settings have these values."""

    when: Mapping[str, str]
    millicredits: int

    def applies_to(self, cleaned: Mapping[str, Any]) -> bool:
        return all(as_text(cleaned.get(name)) == value for name, value in self.when.items())


@dataclass(frozen=True, kw_only=True, slots=True)
class Price:
    """millicredits: for one unit, unless a rate applies; the first that does counts.

    times: the parameter that says how many outputs there will be, "" for one. seconds: the one that says how long a
    video is, or with most_seconds above zero the input whose length counts, as far as the model reads it.
    A megapixel that has begun counts whole. source, checked_on: where the figures come from, and since when.
    """

    unit: Unit
    millicredits: int
    times: str
    source: str
    checked_on: date
    seconds: str = ""
    most_seconds: int = 0
    rates: tuple[Rate, ...] = ()

    def of(self, cleaned: Mapping[str, Any], frame: tuple[int, int], given_seconds: float = 0) -> int:
        """Milli-credits for cleaned settings and the expected frame, width and height in pixels.

        given_seconds: the length of the video that is worked on, 0 when it is not known; then the longest is charged.
        """
        each = next((rate.millicredits for rate in self.rates if rate.applies_to(cleaned)), self.millicredits)
        outputs = int(cleaned[self.times]) if self.times else 1
        return math.ceil(each * self._units(cleaned, frame, given_seconds) * outputs)

    def _units(self, cleaned: Mapping[str, Any], frame: tuple[int, int], given_seconds: float) -> float:
        if self.unit == "megapixel":
            return math.ceil(frame[0] * frame[1] / PIXELS_PER_MEGAPIXEL)
        if self.unit != "second":
            return 1
        if self.most_seconds:
            return min(given_seconds or self.most_seconds, self.most_seconds)
        return seconds_in(cleaned.get(self.seconds))


def seconds_in(value: object) -> float:
    """Of 5, "5" and "5s" alike; 0 when there is no number."""
    found = LEADING_NUMBER.match(str(value))
    return float(found[0]) if found else 0


def as_text(value: object) -> str:
    """A setting as the files write it: true and false as TOML and JSON do."""
    return str(value).lower() if isinstance(value, bool) else str(value)
