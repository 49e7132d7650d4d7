"""OpenCV's work: what a mask covers is filled from around it, and frames are found between two others."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image

from providers.local.films import encode, keyframes, rate_of, shares
from providers.local.order import MEGAPIXEL, Order, Refused
from providers.local.pictures import opened, written

MOST_PIXELS = 12 * MEGAPIXEL
WHITE_FROM = 128
# Movement is looked for at this many pixels on the longer side; more finds no more and takes four times as long.
FLOW_SIDE = 960


def inpaint(order: Order, target: Path) -> None:
    """Telea's fast marching: https://doi.org/10.1080/10867651.2004.10487596. Every pixel outside the mask stays."""
    source = opened(order.file("image"), MOST_PIXELS)
    mask = np.asarray(opened(order.file("mask"), MOST_PIXELS).convert("L"))
    if mask.shape != (source.height, source.width):
        raise Refused("input_refused", "the mask is not as large as the picture")
    pixels = np.asarray(source.convert("RGB"))
    covered = (mask >= WHITE_FROM).astype(np.uint8)
    filled = cv2.inpaint(pixels, covered * 255, float(order.settings["radius"]), cv2.INPAINT_TELEA)
    result = Image.fromarray(np.where(covered[..., None] > 0, filled, pixels))
    if source.mode == "RGBA":
        result.putalpha(source.getchannel("A"))
    written(result, target)


def in_between(order: Order, target: Path) -> None:
    """Frames between two pictures: each pixel goes along the movement DIS finds between them, both ways, blended.

    The method: https://arxiv.org/abs/1603.03590. What has no counterpart in the other picture melts into it.
    """
    first, last = (np.asarray(one) for one in keyframes(order))
    encode(_frames(first, last, order), target, rate_of(order))


def _frames(first: Any, last: Any, order: Order) -> Iterator[Image.Image]:
    there, back = _flow(first, last), _flow(last, first)
    down, across = np.mgrid[0 : first.shape[0], 0 : first.shape[1]].astype(np.float32)
    for share in shares(order):
        from_first = _moved(first, there, across, down, share)
        from_last = _moved(last, back, across, down, 1 - share)
        yield Image.fromarray(cv2.addWeighted(from_first, 1 - share, from_last, share, 0))


def _flow(one: Any, other: Any) -> Any:
    """Where each pixel of one picture goes in the other, in pixels across and down."""
    height, width = one.shape[:2]
    share = min(1.0, FLOW_SIDE / max(width, height))
    size = (max(16, round(width * share)), max(16, round(height * share)))
    grey = [
        cv2.resize(cv2.cvtColor(each, cv2.COLOR_RGB2GRAY), size, interpolation=cv2.INTER_AREA) for each in (one, other)
    ]
    found = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM).calc(grey[0], grey[1], None)
    grown = cv2.resize(found, (width, height), interpolation=cv2.INTER_LINEAR)
    return grown * np.array([width / size[0], height / size[1]], np.float32)


def _moved(image: Any, flow: Any, across: Any, down: Any, share: float) -> Any:
    """The picture with each pixel this share of its way."""
    x, y = across - flow[..., 0] * np.float32(share), down - flow[..., 1] * np.float32(share)
    return cv2.remap(image, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
