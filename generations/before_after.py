"""A result that was made of a picture, beside that picture: which one, and where it lies in the new one."""

from dataclasses import dataclass

from generations.models import Generation, Input
from media_pipeline.models import Asset
from providers.local import margins

TASKS = frozenset({"image-edit", "restyle", "inpaint", "expand", "upscale", "remove-background"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """before: the picture it was made of. place: left, top, width and height of it, in percent of the new one."""

    before: Asset
    place: str


def comparison_of(generation: Generation) -> Comparison | None:
    """None where nothing was worked on, or several pictures were. One query where there may be one."""
    if generation.task not in TASKS or not generation.assets or generation.assets[0].is_video:
        return None
    given = list(Input.objects.filter(generation=generation, slot="image").select_related("asset")[:2])
    if len(given) != 1 or given[0].asset.is_video:
        return None
    before = given[0].asset
    return Comparison(before=before, place=_place(generation, (before.width, before.height)))


def _place(generation: Generation, size: tuple[int, int]) -> str:
    around = margins.foreseen(generation.params, size) if generation.task == "expand" else (0, 0, 0, 0)
    width, height = margins.around(size, around)
    shares = (around[0] / width, around[1] / height, size[0] / width, size[1] / height)
    return " ".join(f"{100 * share:.3f}" for share in shares)
