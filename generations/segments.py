"""Between two keyframes: which model makes the way, at what price, how long it is, and what was made so far."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any
from uuid import UUID

from accounts.models import User
from generations import quotes
from generations.actions.preparing import Wish
from generations.models import Board, Generation, Keyframe, Stage
from providers import catalogue
from providers.catalogue import Model
from providers.catalogue.price import seconds_in

TASK = "first-last-frame"
MOST_TAKES = 120


def models_offered() -> list[Model]:
    return [model for model in catalogue.available() if TASK in model.tasks]


@dataclass
class Segment:
    """number: from 1. takes: newest first."""

    number: int
    first: Keyframe
    last: Keyframe
    model: Model
    takes: list[Generation]

    @property
    def is_complete(self) -> bool:
        """Both pictures are there."""
        return self.first.asset_id is not None and self.last.asset_id is not None

    @property
    def durations(self) -> tuple[tuple[str, str], ...]:
        return next((one.options for one in self.model.parameters if one.name == "duration"), ())

    @cached_property
    def params(self) -> dict[str, Any]:
        """What is asked for besides the model's own defaults."""
        wanted = {"duration": self.first.duration} if self.first.duration else {}
        return self.model.fitting(wanted)

    @cached_property
    def cleaned(self) -> dict[str, Any]:
        return self.model.clean(self.params)

    @cached_property
    def quote(self) -> quotes.Quote:
        asset = self.first.asset
        return quotes.quote(self.model, self.cleaned, (asset.width, asset.height) if asset else None, task=TASK)

    @property
    def ready(self) -> list[Generation]:
        return [take for take in self.takes if take.stage == Stage.COMPLETED and take.assets]

    @property
    def is_under_way(self) -> bool:
        return any(not take.is_final for take in self.takes)

    @property
    def chosen(self) -> Generation | None:
        """The take that goes into the film: the chosen one, else the newest."""
        return next((take for take in self.ready if take.pk == self.first.chosen_id), next(iter(self.ready), None))

    @property
    def seconds(self) -> float:
        """Of the chosen take, as long as it is; of what is to be made, as long as was asked for."""
        if take := self.chosen:
            return take.assets[0].duration_seconds or 0
        return seconds_in(self.cleaned.get("duration") or self.cleaned.get(self.model.price.seconds))

    @property
    def wish(self) -> Wish:
        inputs = {"first_frame": [self.first.asset_id], "last_frame": [self.last.asset_id]}
        return Wish(model_id=self.model.id, prompt=self.words, params=self.params, inputs=inputs)  # type: ignore[arg-type]

    @property
    def words(self) -> str:
        return self.first.prompt if self.model.prompt_max_length else ""


@dataclass(frozen=True, slots=True)
class Film:
    """A board as it is shown."""

    board: Board
    keyframes: Sequence[Keyframe]
    segments: Sequence[Segment]

    @property
    def open_segments(self) -> list[Segment]:
        """Those that a film still lacks and that can be asked for."""
        return [one for one in self.segments if one.is_complete and not one.ready and not one.is_under_way]

    @property
    def open_millicredits(self) -> int:
        return sum(one.quote.millicredits for one in self.open_segments)

    @property
    def seconds(self) -> float:
        return sum(one.seconds for one in self.segments)

    @property
    def clips(self) -> list[UUID]:
        """The chosen takes in order; empty while one is lacking."""
        chosen = [one.chosen for one in self.segments]
        return [take.assets[0].pk for take in chosen if take] if all(chosen) else []


def film_of(user: User, board: Board) -> Film:
    """Three queries, and a fourth for the files."""
    keyframes = list(Keyframe.objects.filter(board=board).select_related("asset").order_by("index"))
    offered = models_offered()
    takes = _takes(user, keyframes)
    segments = [
        Segment(number, first, last, _model(first.model, offered), takes.get((first.asset_id, last.asset_id), []))
        for number, (first, last) in enumerate(pairwise(keyframes), 1)
    ]
    return Film(board, keyframes, segments)


def _model(name: str, offered: Sequence[Model]) -> Model:
    return next((model for model in offered if model.id == name), offered[0] if offered else catalogue.all_models()[0])


def _takes(user: User, keyframes: Sequence[Keyframe]) -> dict[tuple[UUID | None, UUID | None], list[Generation]]:
    """By both pictures; newest first."""
    ids = [one.asset_id for one in keyframes if one.asset_id]
    made = Generation.objects.for_user(user).shown().filter(task=TASK, inputs__asset__in=ids).distinct()
    rows = made.newest_first().with_outputs().prefetch_related("inputs")[:MOST_TAKES] if ids else []
    found: dict[tuple[UUID | None, UUID | None], list[Generation]] = {}
    for row in rows:
        given = {one.slot: one.asset_id for one in row.inputs.all()}
        found.setdefault((given.get("first_frame"), given.get("last_frame")), []).append(row)
    return found
