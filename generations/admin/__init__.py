"""Django admin of generations: the rows, the money desk, and how long work takes."""

from generations.admin import desk, rows, timings

__all__ = ["desk", "rows", "timings"]
