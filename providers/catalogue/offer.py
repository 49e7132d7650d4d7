"""What is on offer now: the files of this folder, less what is switched off or has no provider."""

from functools import cache
from pathlib import Path

from providers import status
from providers.catalogue.loader import read_folder
from providers.catalogue.model import Model

FOLDER = Path(__file__).parent


class UnknownModel(Exception):
    """There is no model of this id."""


@cache
def all_models() -> tuple[Model, ...]:
    """Every model in the files, in their order. Raises CatalogueError with the file's name in it."""
    return read_folder(FOLDER)


def get(model_id: str) -> Model:
    """The model of this id, available or not. Raises UnknownModel."""
    for model in all_models():
        if model.id == model_id:
            return model
    raise UnknownModel(model_id)


def available() -> tuple[Model, ...]:
    """The models a person may choose now."""
    on = {one.name for one in status.describe() if one.mode != "off"}
    return tuple(
        model for model in all_models() if model.is_enabled and any(route.provider in on for route in model.routes)
    )
