"""Icons: one sprite a page, drawn once per process; each use is a reference, so that many cards cost few drawings."""

from functools import cache

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from lucide.templatetags.lucide import lucide

NAMES = [
    "arrow-up",
    "ban",
    "bookmark",
    "check",
    "chevron-down",
    "chevron-right",
    "clapperboard",
    "coins",
    "copy",
    "dices",
    "download",
    "ellipsis",
    "flask-conical",
    "gauge",
    "heart",
    "image",
    "image-plus",
    "key-round",
    "languages",
    "library",
    "loader-circle",
    "log-out",
    "minus",
    "monitor",
    "moon",
    "panel-left",
    "pencil",
    "play",
    "plus",
    "refresh-cw",
    "rotate-ccw",
    "search",
    "shield",
    "sliders-horizontal",
    "sparkles",
    "sun",
    "sun-moon",
    "tag",
    "trash-2",
    "triangle-alert",
    "undo-2",
    "wand-sparkles",
    "wifi-off",
    "x",
]

register = template.Library()


@register.simple_tag
def icon_sprite() -> SafeString:
    """Every icon once, invisible; stands at the top of the body."""
    return _sprite()


@register.simple_tag
@cache
def icon(name: str, size: int = 18, extra: str = "") -> SafeString:
    """A reference into the sprite. Decoration only: what it means stands beside it in words."""
    if name not in NAMES:
        raise template.TemplateSyntaxError(f"{name!r} is not among the icons of {__name__}")
    return format_html(
        '<svg class="icon {}" width="{}" height="{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">'
        '<use href="#icon-{}"></use></svg>',
        extra,
        size,
        size,
        name,
    )


@cache
def _sprite() -> SafeString:
    drawn = format_html_join("", "{}", ((lucide(name, id=f"icon-{name}", stroke_width="1.75"),) for name in NAMES))
    return format_html('<svg class="sprite" width="0" height="0" aria-hidden="true" focusable="false">{}</svg>', drawn)
