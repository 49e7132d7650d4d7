"""What a model can do that others cannot, in a few words: read from its slots and settings; no file says it twice."""

import re
from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from generations.formats import number_text
from providers.catalogue import Model, Parameter

# Told by the word that the catalogue has for it.
SLOTS = ("last_frame", "style_image")
SWITCHES = ("sound", "multi_shot", "loop")
# Below full HD a resolution is nothing to choose a model for. A K is a thousand pixels of the longer side.
LEAST_LINES, LINES_OF_A_K = 1080, 540
NUMBER = re.compile(r"\d+(?:\.\d+)?")


def badges_of(model: Model) -> list[str]:
    """In the language of the page, the same order for every model."""
    settings = {one.name: one for one in model.parameters}
    return [*_of_files(model), *_of_size(settings), *_of_number(model, settings), *_of_more(settings)]


def _of_files(model: Model) -> Iterator[str]:
    slots = {slot.name: slot for slot in model.slots}
    most = slots["image"].maximum if "image" in slots else 0
    if most > 1:
        yield ngettext("up to %(number)d picture", "up to %(number)d pictures", most) % {"number": most}
    yield from (slots[name].label for name in SLOTS if name in slots)


def _of_size(settings: Mapping[str, Parameter]) -> Iterator[str]:
    choices = settings["resolution"].choices if "resolution" in settings else ()
    largest = max(choices, key=_lines, default="")
    if _lines(largest) >= LEAST_LINES:
        yield largest.upper() if largest.endswith(("k", "K")) else largest
    if (megapixels := _most(settings.get("megapixels"))) > 1:
        yield _("up to %(number)s MP") % {"number": number_text(megapixels)}
    if (scale := _most(settings.get("scale"))) > 1:
        yield f"×{scale}"


def _of_number(model: Model, settings: Mapping[str, Parameter]) -> Iterator[str]:
    if (seconds := _most(settings.get("duration"))) > 0:
        yield _("up to %(seconds)s s") % {"seconds": number_text(seconds)}
    if model.price.times and (most := _most(settings.get(model.price.times))) > 1:
        yield _("up to %(number)s at once") % {"number": number_text(most)}


def _of_more(settings: Mapping[str, Parameter]) -> Iterator[str]:
    yield from (settings[name].label for name in SWITCHES if name in settings)
    if "background" in settings and "transparent" in settings["background"].choices:
        yield _("transparent background")


def _lines(resolution: str) -> float:
    """About how many lines a picture of it has; 0 for one that names no size."""
    found = NUMBER.match(resolution)
    if found is None:
        return 0
    return float(found[0]) * (LINES_OF_A_K if resolution.lower().endswith("k") else 1)


def _most(setting: Parameter | None) -> int:
    """The largest whole number it can be set to; 0 where it is none."""
    if setting is None:
        return 0
    numbers = [float(one) for one in setting.choices if NUMBER.fullmatch(one)]
    return int(max(numbers, default=setting.maximum or 0))
