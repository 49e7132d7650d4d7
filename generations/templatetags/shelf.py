"""Words and steps of the library for templates."""

from collections.abc import Iterator
from dataclasses import dataclass

from django import template

from generations.models import Item
from generations.models.item import MOST_STARS

register = template.Library()


@dataclass(frozen=True, slots=True)
class Star:
    """One of the five: whether it shines, and whether it is the last one that does."""

    number: int
    is_lit: bool
    is_given: bool


@register.filter
def stars(item: Item) -> Iterator[Star]:
    for number in range(1, MOST_STARS + 1):
        yield Star(number, number <= item.stars, number == item.stars)


@register.simple_tag
def star_numbers() -> range:
    """The most first, as a menu lists them; 0 takes them away."""
    return range(MOST_STARS, 0, -1)
