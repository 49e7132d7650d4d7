"""A film of keyframes: made, changed, asked for and joined."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import F

from accounts.models import User
from generations.actions import batching, requesting
from generations.actions.preparing import Wish
from generations.models import Board, Generation, Keyframe
from generations.models.board import MOST_KEYFRAMES
from media_pipeline.models import Asset

FEWEST = 2
JOINER = "local-join"


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """What a person wrote for one keyframe. asset: a new picture, None for the one it has."""

    model: str = ""
    prompt: str = ""
    duration: str = ""
    asset: UUID | None = None


def make_board(user: User, title: str) -> Board:
    with transaction.atomic(durable=True):
        board = Board.objects.create(user=user, title=title)
        Keyframe.objects.bulk_create(Keyframe(board=board, index=index) for index in range(FEWEST))
    return board


def write_down(user: User, board: Board, title: str, drafts: Mapping[int, Draft]) -> None:
    """What stands on the page. Pictures that are not the person's are left out."""
    wanted = [draft.asset for draft in drafts.values() if draft.asset]
    own = set(Asset.objects.for_user(user).filter(pk__in=wanted).values_list("pk", flat=True)) if wanted else set()
    with transaction.atomic(durable=True):
        Board.objects.filter(pk=board.pk).update(title=title)
        for keyframe in _locked(board):
            draft = drafts.get(keyframe.index)
            if draft is None:
                continue
            keyframe.model, keyframe.prompt, keyframe.duration = draft.model, draft.prompt, draft.duration
            if draft.asset in own:
                keyframe.asset_id = draft.asset
            keyframe.save(update_fields=["model", "prompt", "duration", "asset"])


def add_keyframe(board: Board) -> None:
    """At the end; nothing where there are enough."""
    with transaction.atomic(durable=True):
        there = _locked(board)
        if len(there) < MOST_KEYFRAMES:
            model = there[-1].model if there else ""
            Keyframe.objects.create(board=board, index=len(there), model=model)


def remove_keyframe(board: Board, index: int) -> None:
    """Those after it move up; two always stay."""
    with transaction.atomic(durable=True):
        there = _locked(board)
        if len(there) <= FEWEST or index >= len(there):
            return
        there[index].delete()
        Keyframe.objects.filter(board=board, index__gt=index).update(index=F("index") - 1)


def move_keyframe(board: Board, index: int) -> None:
    """One place to the left: the pictures change places, the segments stay where they are."""
    with transaction.atomic(durable=True):
        there = _locked(board)
        if not 1 <= index < len(there):
            return
        one, other = there[index - 1], there[index]
        one.asset_id, other.asset_id = other.asset_id, one.asset_id
        for keyframe in (one, other):
            keyframe.save(update_fields=["asset"])


def choose_take(board: Board, index: int, take: Generation) -> None:
    Keyframe.objects.filter(board=board, index=index).update(chosen=take)


def request_takes(user: User, wishes: Sequence[Wish], *, key: str, is_confirmed: bool) -> list[Generation]:
    """All of them or none. Raises batching.TooManyItems and everything batching.request_batch raises."""
    if not wishes:
        raise batching.TooManyItems
    return batching.request_batch(user, wishes, key=key, is_confirmed=is_confirmed)


def request_film(user: User, board: Board, clips: Sequence[UUID], key: str) -> Generation:
    """The clips as one, made on this machine for nothing. Raises as requesting.request_generation does."""
    wish = Wish(model_id=JOINER, prompt=board.title, inputs={"video": list(clips)}, idempotency_key=key)
    return requesting.request_generation(user, wish).generation


def _locked(board: Board) -> list[Keyframe]:
    """The board's keyframes, with nobody else at them."""
    Board.objects.select_for_update().get(pk=board.pk)
    return list(Keyframe.objects.filter(board=board).order_by("index"))
