"""A place for files in a model's request."""

from dataclasses import dataclass

from providers.catalogue.texts import Localised


@dataclass(frozen=True, kw_only=True, slots=True)
class Slot:
    """name: one of tasks.SLOTS. maximum: how many files it takes. is_required: beyond what the task needs anyway."""

    name: str
    maximum: int
    labels: Localised
    helps: Localised
    is_required: bool = False

    @property
    def label(self) -> str:
        return str(self.labels)

    @property
    def help(self) -> str:
        return str(self.helps)

    @property
    def kind(self) -> str:
        """ "video" or "image", as files have it."""
        return "video" if self.name == "video" else "image"
