"""The form of a film of keyframes: one page, a group of fields for each keyframe, numbered from 0."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest

from accounts import limits
from accounts.models import User
from generations.actions import filming
from generations.actions.filming import Draft
from generations.models import Board
from generations.models.board import MAX_TITLE, MAX_WORDS, MOST_KEYFRAMES
from generations.views.bringing import TooOften
from media_pipeline import intake


def write_down(request: HttpRequest, user: User, board: Board) -> None:
    """Takes in new pictures and keeps what was written. Raises TooOften and everything intake.take_in raises."""
    new = _brought(request, user)
    drafts = {
        index: Draft(
            model=request.POST.get(f"model.{index}", "")[:80],
            prompt=request.POST.get(f"prompt.{index}", "").strip()[:MAX_WORDS],
            duration=request.POST.get(f"duration.{index}", "")[:8],
            asset=new.get(index),
        )
        for index in range(MOST_KEYFRAMES)
        if f"prompt.{index}" in request.POST or index in new
    }
    filming.write_down(user, board, request.POST.get("title", "").strip()[:MAX_TITLE], drafts)


def _brought(request: HttpRequest, user: User) -> dict[int, UUID]:
    """Ids of new pictures by keyframe."""
    names = [f"picture.{index}" for index in range(MOST_KEYFRAMES)]
    given = [(index, file) for index, name in enumerate(names) for file in request.FILES.getlist(name)[:1]]
    if not given:
        return {}
    usage = limits.count(request, "upload", str(user.pk), settings.RATE_LIMITS["upload"])
    if usage and usage.is_exceeded:
        raise TooOften(usage)
    assets = intake.take_in([file for _index, file in given], user_id=user.pk)
    return {index: asset.pk for (index, _file), asset in zip(given, assets, strict=True)}
