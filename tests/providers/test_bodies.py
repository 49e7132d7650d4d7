"""What came over the wire is safe to work with, however deep it goes."""

import json
import sys

import pytest

from providers.adapters.fal import Fal
from providers.adapters.higgsfield import Higgsfield
from providers.bodies import DEEPEST, json_object
from providers.errors import BadSignature, UnreadableWebhook
from tests.providers.conftest import MakeLine
from tests.providers.signing import NOW

NEAR_THE_LIMIT = range(sys.getrecursionlimit() - 400, sys.getrecursionlimit() + 1)


def deep(depth: int) -> str:
    return "[" * depth + "]" * depth


def test_an_object_may_be_as_deep_as_said_and_no_deeper() -> None:
    assert json_object(f'{{"a": {deep(DEEPEST - 1)}}}'.encode())
    for depth in (DEEPEST, *NEAR_THE_LIMIT, 100_000):
        with pytest.raises(ValueError, match="nested too deeply"):
            json_object(f'{{"a": {deep(depth)}}}'.encode())
        with pytest.raises(ValueError, match="nested too deeply"):
            json_object(b'{"a":' * (depth + 1) + b"1" + b"}" * (depth + 1))


def test_many_things_beside_each_other_are_not_deep() -> None:
    wide = {"a": [[number] for number in range(5_000)]}
    assert json_object(json.dumps(wide).encode()) == wide


def test_what_the_parser_just_takes_does_not_break_those_after_it(line_to: MakeLine) -> None:
    """Higgsfield's unsigned deliveries are read in the web process already, fal's errors when they are heard."""
    line = line_to("https://api.example.org")
    for depth in NEAR_THE_LIMIT:
        told = f'{{"request_id": "abc", "status": "failed", "error": {deep(depth)}}}'.encode()
        with pytest.raises(UnreadableWebhook):
            Higgsfield(line).parse_webhook({}, told)
        with pytest.raises(BadSignature):
            Higgsfield(line).verify_webhook({}, told, NOW)
        error = f'{{"request_id": "abc", "status": "ERROR", "payload": {{"error_type": {deep(depth)}}}}}'.encode()
        with pytest.raises(UnreadableWebhook):
            Fal(line).parse_webhook({}, error)
