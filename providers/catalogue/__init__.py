"""The models on offer: one TOML file each, read once. Form, API, quote and docs all read it; overrides are not here.

catalogue.all_models() · catalogue.available() · catalogue.get("flux-schnell")
"""

from providers.catalogue.loader import CatalogueError
from providers.catalogue.model import Model, ParameterErrors, Price, Route
from providers.catalogue.offer import UnknownModel, all_models, available, get
from providers.catalogue.parameter import Parameter
from providers.catalogue.texts import Localised

__all__ = [
    "CatalogueError",
    "Localised",
    "Model",
    "Parameter",
    "ParameterErrors",
    "Price",
    "Route",
    "UnknownModel",
    "all_models",
    "available",
    "get",
]
