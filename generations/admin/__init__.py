"""Django admin of generations: the rows, and the money desk."""

from generations.admin import desk, rows

__all__ = ["desk", "rows"]
