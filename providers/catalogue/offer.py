"""What is on offer now: the files of this folder and the operator's, less what is switched off or has no provider."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from providers import tokens
from providers.catalogue.loader import CatalogueError, read_folders
from providers.catalogue.model import Model
from providers.catalogue.route import Route
from providers.local import jobs
from providers.registry import ADAPTERS

FOLDER = Path(__file__).parent


class UnknownModel(Exception):
    """There is no model of this id."""


@cache
def all_models() -> tuple[Model, ...]:
    """Every model in the files, in their order. Raises CatalogueError with the file's name in it."""
    own = settings.CATALOGUE_EXTRA_DIR
    if own and not Path(own).is_dir():
        raise CatalogueError(f"CATALOGUE_EXTRA_DIR names {own}, which is not a folder.")
    return read_folders(FOLDER, *([Path(own)] if own else []))


def get(model_id: str) -> Model:
    """The model of this id, available or not. Raises UnknownModel."""
    try:
        return _by_id()[model_id]
    except KeyError:
        raise UnknownModel(model_id) from None


@cache
def _by_id() -> dict[str, Model]:
    return {model.id: model for model in all_models()}


def is_available(model: Model, task: str = "", cleaned: Mapping[str, Any] | None = None) -> bool:
    """Whether this one may be chosen now, for anything or for one task with these settings.

    Much less work than looking through all of them.
    """
    return model.is_enabled and any(
        route.provider in ADAPTERS and tokens.pick(route.provider) is not None and is_installed(route)
        for route in (model.routes_for(task, cleaned) if task else model.routes)
    )


def is_installed(route: Route) -> bool:
    """False for work on this machine whose packages are missing."""
    return route.endpoint not in jobs.missing()


def available() -> tuple[Model, ...]:
    """The models a person may choose now."""
    on = {name for name in ADAPTERS if tokens.pick(name) is not None}
    return tuple(
        model
        for model in all_models()
        if model.is_enabled and any(route.provider in on and is_installed(route) for route in model.routes)
    )
