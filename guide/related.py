"""Specimens of works that belong together: a lineage, tries with one picture, a comparison. Kept nowhere either."""

from typing import Any

from accounts.models import User
from generations import comparison
from generations.lineage import Lineage, Node
from generations.models import Generation, Stage
from generations.staging import Strip, Try
from guide.specimens import generation
from media_pipeline.models import Asset


def lineage(user: User, pictures: list[Asset]) -> Lineage:
    """A beginning with two branches; one goes on, the other came of several works and has no file any more."""
    upscaled = Node(_work(user, pictures, "upscale", model_name="Clarity", cost_millicredits=1_200), is_current=False)
    edited = Node(_edited(user, pictures), is_current=True, children=[upscaled])
    expanded = Node(_work(user, [], "expand"), is_current=False, also_from=2)
    return Lineage([Node(_work(user, pictures), is_current=False, children=[edited, expanded])], is_cut=True)


def strip(user: User, stills: list[Asset]) -> Strip | None:
    """The first picture and what is made of it; the first try is the one that is worked on. None without pictures."""
    if not stills:
        return None
    source, *made = stills
    tries = [Try(_edited(user, [asset]), asset) for asset in made or stills]
    return Strip(source=source, chosen=tries[0].asset.pk, tries=tries)


def compared(user: User, pictures: list[Asset]) -> dict[str, Any]:
    """Two works, as the page for comparing has them."""
    works = [
        _work(user, pictures, params={"aspect_ratio": "16:9", "output_format": "webp"}, seed=7),
        _edited(user, pictures, params={"aspect_ratio": "16:9", "output_format": "png"}),
    ]
    shown = [(name, work, next(iter(work.assets), None)) for name, work in zip("AB", works, strict=True)]
    return {"works": shown, "rows": comparison.rows_of(works)}


def _work(user: User, pictures: list[Asset], task: str = "text-to-image", **fields: Any) -> Generation:
    return generation(user, Stage.COMPLETED, pictures[:1], task=task, **fields)


def _edited(user: User, pictures: list[Asset], **fields: Any) -> Generation:
    named = {"model": "flux-kontext-pro", "model_name": "FLUX Kontext Pro", "cost_millicredits": 4_000}
    return _work(user, pictures, "image-edit", **named, **fields)
