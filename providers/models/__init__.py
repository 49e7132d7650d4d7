"""Rows of the token pool. How it chooses and judges is in providers/pool."""

from providers.models.day import TokenDay
from providers.models.health import ProviderHealth
from providers.models.token import Token, TokenQuerySet
from providers.models.use import TokenUse

__all__ = ["ProviderHealth", "Token", "TokenDay", "TokenQuerySet", "TokenUse"]
