"""Makes what a job asks for: drawn pictures, real edits of real files, short films. No wire contract, no HTTP."""

from providers.sandbox.work.making import make
from providers.sandbox.work.order import Order
from providers.sandbox.work.sources import Unusable

__all__ = ["Order", "Unusable", "make"]
