"""The models on offer: one TOML file each, read once. Form, API, quote and docs all read it; overrides are not here.

catalogue.all_models() · catalogue.available() · catalogue.get("flux-schnell")
"""

from providers.catalogue.loader import CatalogueError
from providers.catalogue.model import Model, ParameterErrors
from providers.catalogue.offer import UnknownModel, all_models, available, get, is_available, is_installed
from providers.catalogue.parameter import Parameter
from providers.catalogue.price import Price
from providers.catalogue.route import Route
from providers.catalogue.slot import Slot
from providers.catalogue.tasks import TASKS
from providers.catalogue.texts import Localised

__all__ = [
    "TASKS",
    "CatalogueError",
    "Localised",
    "Model",
    "Parameter",
    "ParameterErrors",
    "Price",
    "Route",
    "Slot",
    "UnknownModel",
    "all_models",
    "available",
    "get",
    "is_available",
    "is_installed",
]
