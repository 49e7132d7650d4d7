"""Finds the files in what a model of fal answers. Only their addresses can be relied on. No network.

Shapes: {"images": […]}, {"image": …}, {"video": …}, each file an object with "url" and nulls for what is not known.
Beside them stand a video's thumbnail and spritesheet and an image's mask, which are not outputs.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

PLACES = ("images", "image", "videos", "video")
MAX_OUTPUTS = 16
LONGEST_SECONDS = 1e6


@dataclass(frozen=True, slots=True)
class Found:
    """urls: what may be kept. blackened: how many the model's own filter replaced by a black picture."""

    urls: tuple[str, ...]
    blackened: int


def find(output: Mapping[str, Any]) -> Found:
    """A flag in has_nsfw_concepts stands for the picture at its place, which then is all black."""
    flags = output.get("has_nsfw_concepts")
    flags = flags if isinstance(flags, list) else []
    files = list(_files(output))
    is_black = [index < len(flags) and flags[index] is True for index in range(len(files))]
    urls = tuple(url for url, black in zip(files, is_black, strict=True) if not black)
    return Found(urls, sum(is_black))


def seconds_in(timings: object, name: str) -> float | None:
    """A measured time, None when there is none to believe."""
    value = timings.get(name) if isinstance(timings, dict) else None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if 0 <= value < LONGEST_SECONDS else None


def _files(output: Mapping[str, Any]) -> Iterator[str]:
    for place in PLACES:
        there = output.get(place)
        for one in there if isinstance(there, list) else [there]:
            address = one.get("url") if isinstance(one, dict) else one
            if isinstance(address, str) and _is_address(address):
                yield address


def _is_address(text: str) -> bool:
    if not text.startswith(("https://", "http://")) or not text.isascii() or not text.isprintable() or " " in text:
        return False
    try:
        return bool(urlsplit(text).hostname)
    except ValueError:
        return False
