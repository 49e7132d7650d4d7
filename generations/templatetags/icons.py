"""Icons: one sprite a page, drawn once per process; each use is a reference, so that many cards cost few drawings."""

from functools import cache

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from lucide.templatetags.lucide import lucide

NAMES = [
    "arrow-left",
    "arrow-up",
    "arrow-up-to-line",
    "ban",
    "bell",
    "book-open",
    "bookmark",
    "brush",
    "check",
    "chevron-down",
    "chevron-left",
    "chevron-right",
    "circle-question-mark",
    "clapperboard",
    "coins",
    "columns-2",
    "contrast",
    "copy",
    "dices",
    "download",
    "ellipsis",
    "eraser",
    "eye",
    "file-pen",
    "film",
    "flask-conical",
    "gauge",
    "hand",
    "heart",
    "history",
    "image",
    "image-plus",
    "info",
    "keyboard",
    "key-round",
    "languages",
    "lasso",
    "library",
    "loader-circle",
    "log-out",
    "mail",
    "maximize",
    "minus",
    "monitor",
    "moon",
    "move-horizontal",
    "panel-left",
    "pause",
    "pencil",
    "pin",
    "play",
    "plus",
    "redo",
    "refresh-cw",
    "rotate-ccw",
    "scaling",
    "search",
    "shield",
    "sliders-horizontal",
    "smartphone",
    "sparkles",
    "square",
    "square-code",
    "square-dashed",
    "star",
    "sun",
    "sun-moon",
    "tag",
    "trash-2",
    "triangle-alert",
    "undo",
    "undo-2",
    "wand-sparkles",
    "wifi-off",
    "x",
    "zoom-in",
    "zoom-out",
]

# The same drawing, filled: what is given is told by more than its colour.
FILLED = {"heart-filled": "heart", "pin-filled": "pin", "star-filled": "star"}

register = template.Library()


@register.simple_tag
def icon_sprite() -> SafeString:
    """Every icon once, invisible; stands at the top of the body."""
    return _sprite()


@register.simple_tag
@cache
def icon(name: str, size: int = 18, extra: str = "") -> SafeString:
    """A reference into the sprite. Decoration only: what it means stands beside it in words."""
    if name not in NAMES and name not in FILLED:
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
    drawn = [lucide(name, id=f"icon-{name}", stroke_width="1.75") for name in NAMES]
    drawn += [
        lucide(name, id=f"icon-{filled}", stroke_width="1.75", fill="currentColor") for filled, name in FILLED.items()
    ]
    inside = format_html_join("", "{}", ((one,) for one in drawn))
    return format_html('<svg class="sprite" width="0" height="0" aria-hidden="true" focusable="false">{}</svg>', inside)
