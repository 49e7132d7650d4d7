"""The files a wish names: whose they are, whether they fit their slots and each other."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias
from uuid import UUID

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from media_pipeline.models import Asset
from providers.catalogue import Model, ParameterErrors, Slot
from providers.catalogue.frames import Frame

Files: TypeAlias = Mapping[str, Sequence[Asset]]
# The file that is worked on, the first of these that is given: the result is as large.
WORKED_ON = ("image", "first_frame", "video")


def resolve(user: User, model: Model, named: Mapping[str, Sequence[UUID]]) -> tuple[str, Files]:
    """The task that the files make of it, and the files. Raises ParameterErrors with fields "inputs.<slot>".

    Another person's file is not there, like one that never was.
    """
    task = model.choose_task({slot: len(ids) for slot, ids in named.items()})
    wanted = {one for ids in named.values() for one in ids}
    found = {asset.pk: asset for asset in Asset.objects.for_user(user).filter(pk__in=wanted)} if wanted else {}
    errors: dict[str, str | Promise] = {}
    files: dict[str, list[Asset]] = {}
    for slot in model.slots:
        ids = named.get(slot.name, ())
        if ids:
            files[slot.name] = [found[one] for one in ids if one in found]
            if problem := _problem(slot, files[slot.name], len(ids)):
                errors[f"inputs.{slot.name}"] = problem
    if not errors and (problem := _mask_problem(files)):
        errors["inputs.mask"] = problem
    if errors:
        raise ParameterErrors(errors)
    return task, files


def frame_of(files: Files) -> Frame | None:
    """Width and height in pixels of the file that is worked on."""
    for slot in WORKED_ON:
        if files.get(slot):
            asset = files[slot][0]
            return asset.width, asset.height
    return None


def seconds_of(files: Files) -> float:
    """How long the video is that is worked on; 0 without one, or where the file does not say."""
    return next((asset.duration_seconds or 0 for asset in files.get("video", ())), 0)


def _problem(slot: Slot, assets: Sequence[Asset], named: int) -> str | Promise | None:
    if len(assets) < named:
        return format_lazy(_("{label}: there is no such file of yours. Upload it again."), label=slot.labels)
    if any(asset.is_video != (slot.kind == "video") for asset in assets):
        sentence = _("{label}: a video is needed.") if slot.kind == "video" else _("{label}: a picture is needed.")
        return format_lazy(sentence, label=slot.labels)
    return None


def _mask_problem(files: Files) -> str | Promise | None:
    if not files.get("mask") or not files.get("image"):
        return None
    mask, image = files["mask"][0], files["image"][0]
    if (mask.width, mask.height) == (image.width, image.height):
        return None
    return _("The mask must have as many pixels as the picture, in width and in height.")
