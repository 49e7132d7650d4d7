"""Every text colour of tokens.css reads on every surface, in both themes (WCAG 2.2, 1.4.3 and 1.4.11)."""

import itertools
import math
import re
from pathlib import Path

import pytest

TOKENS = (Path(__file__).resolve().parents[2] / "static/css/tokens.css").read_text(encoding="utf-8")
SURFACES = ("surface-0", "surface-1", "surface-2", "surface-3")
TEXTS = ("text", "text-muted", "text-faint", "ok", "warn", "danger", "info")
READABLE, VISIBLE = 4.5, 3.0
THEMES = ("light", "dark")

Linear = tuple[float, float, float]


def colour(name: str, theme: str) -> tuple[Linear, float]:
    """Linear sRGB and alpha of a token; a token without light-dark() is the same in both themes."""
    value = re.search(rf"--{name}:\s*(.+?);", TOKENS)
    assert value is not None, name
    found = re.findall(r"oklch\(([\d.]+) ([\d.]+) ([\d.]+)(?: / ([\d.]+))?\)", value[1])
    lightness, chroma, hue, alpha = found[THEMES.index(theme) if len(found) > 1 else 0]
    return linear(float(lightness), float(chroma), math.radians(float(hue))), float(alpha or 1)


def linear(lightness: float, chroma: float, hue: float) -> Linear:
    """OKLCH to linear sRGB (CSS Color 4, 10.2), clipped to what a screen shows."""
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short
    return clip(red), clip(green), clip(blue)


def clip(value: float) -> float:
    return min(1.0, max(0.0, value))


def over(top: Linear, alpha: float, below: Linear) -> Linear:
    """Laid over, as browsers do it: in sRGB with its gamma."""
    red, green, blue = (decode(encode(a) * alpha + encode(b) * (1 - alpha)) for a, b in zip(top, below, strict=True))
    return red, green, blue


def encode(value: float) -> float:
    return 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055


def decode(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def contrast(one: Linear, other: Linear) -> float:
    light, dark = sorted((0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2] for c in (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("text", "surface"), list(itertools.product(TEXTS, SURFACES)))
def test_text_reads_on_every_surface(text: str, surface: str, theme: str) -> None:
    assert contrast(colour(text, theme)[0], colour(surface, theme)[0]) >= READABLE


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("surface", ["accent", "accent-strong"])
def test_the_primary_button_reads(surface: str, theme: str) -> None:
    assert contrast(colour("accent-text", theme)[0], colour(surface, theme)[0]) >= READABLE


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("surface", SURFACES)
def test_chosen_things_read_and_the_accent_is_seen(surface: str, theme: str) -> None:
    below = colour(surface, theme)[0]
    chosen = over(*colour("accent-soft", theme), below)
    assert contrast(colour("text", theme)[0], chosen) >= READABLE
    assert contrast(colour("text-muted", theme)[0], chosen) >= READABLE
    assert contrast(colour("accent-line", theme)[0], below) >= VISIBLE
    assert contrast(colour("accent-line", theme)[0], chosen) >= VISIBLE


@pytest.mark.parametrize("picture", [(0.0, 0.0, 0.0), (1.0, 1.0, 1.0)], ids=["black", "white"])
def test_words_over_a_picture_read(picture: Linear) -> None:
    veil = over(*colour("veil", "dark"), picture)
    assert contrast(colour("veil-text", "dark")[0], veil) >= READABLE
