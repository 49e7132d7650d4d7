"""One setting of a model and what it accepts. Types are meant as JSON has them: "5" is not 5, true is not 1."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from providers.catalogue.texts import Localised

Kind = Literal["integer", "number", "boolean", "choice", "string"]
Value = int | float | bool | str | None


class Refused(Exception):
    """sentence: lazy, names the setting and what it may be."""

    def __init__(self, sentence: str | Promise) -> None:
        super().__init__("a setting was refused")
        self.sentence = sentence


@dataclass(frozen=True, kw_only=True, slots=True)
class Condition:
    """The setting means something only while another one has this value, and is needed then if it has no default."""

    parameter: str
    value: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Parameter:
    """One setting. default None: it may be left out.

    minimum, maximum: inclusive; of a string, its length. step: only multiples of it.
    """

    name: str
    kind: Kind
    labels: Localised
    helps: Localised
    default: Value = None
    minimum: float | None = None
    maximum: float | None = None
    step: int | None = None
    choices: tuple[str, ...] = ()
    choice_labels: Mapping[str, Localised] = field(default_factory=dict)
    only_when: Condition | None = None
    is_advanced: bool = False

    @property
    def label(self) -> str:
        return str(self.labels)

    @property
    def help(self) -> str:
        return str(self.helps)

    @property
    def options(self) -> tuple[tuple[str, str], ...]:
        """The choices with what people read, in the active language."""
        return tuple((choice, str(self.choice_labels.get(choice, choice))) for choice in self.choices)

    def accept(self, value: object) -> Value:
        """The value as it is kept. Raises Refused."""
        if value is None and self.default is None:
            return None
        if not self._fits(value):
            raise Refused(self.rule)
        return float(value) if self.kind == "number" else value  # type: ignore[arg-type, return-value]

    def accepts(self, value: object) -> bool:
        return (value is None and self.default is None) or self._fits(value)

    def is_chosen(self, params: Mapping[str, object]) -> bool:
        """Whether these settings say something else than would be so anyway."""
        return params.get(self.name) not in {None, "", self.default}

    @property
    def rule(self) -> str | Promise:
        """What it may be, as a sentence that names it; lazy."""
        sentences = {
            "integer": _("{label} must be a whole number from {minimum} to {maximum}."),
            "number": _("{label} must be a number from {minimum} to {maximum}."),
            "boolean": _("{label} must be either on or off."),
            "choice": _("{label} must be one of these: {choices}."),
            "string": _("{label} must be a text of at most {maximum} characters."),
        }
        sentence = sentences[self.kind]
        if self.step:
            sentence = _("{label} must be a whole number from {minimum} to {maximum} and a multiple of {step}.")
        return format_lazy(
            sentence,
            label=self.labels,
            minimum=_plain(self.minimum),
            maximum=_plain(self.maximum),
            step=self.step,
            choices=", ".join(self.choices),
        )

    def _fits(self, value: object) -> bool:
        if self.kind == "boolean":
            return isinstance(value, bool)
        if self.kind == "choice":
            return isinstance(value, str) and value in self.choices
        if self.kind == "string":
            return isinstance(value, str) and self._is_within(len(value)) and value.isprintable()
        if isinstance(value, bool) or not isinstance(value, int if self.kind == "integer" else (int, float)):
            return False
        # Compared before anything else is done with it: an integer of 400 digits has no float. NaN is in no range.
        return self._is_within(value) and not (self.step and value % self.step)

    def _is_within(self, value: float) -> bool:
        return (self.minimum is None or value >= self.minimum) and (self.maximum is None or value <= self.maximum)


def _plain(number: float | None) -> str:
    return "" if number is None else f"{number:.15g}"
