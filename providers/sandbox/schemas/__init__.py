"""What each endpoint takes and gives: one JSON file per endpoint, and what can be told from it. No wire contract."""

from providers.sandbox.schemas.loader import every, of
from providers.sandbox.schemas.problems import Problem
from providers.sandbox.schemas.schema import Schema

__all__ = ["Problem", "Schema", "every", "of"]
