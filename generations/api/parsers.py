"""JSON as the database can hold it: one meaning, bounded depth and numbers, no NUL, no half characters."""

import json
from collections.abc import Mapping
from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from generations.storable import is_storable

MAX_DEPTH = 20
MAX_DIGITS = 40


class StrictJSONParser(JSONParser):
    """application/json, UTF-8 without mark. Everything unclear is refused with a sentence.

    A JSONParser by name, because DRF reads the body of no other through Django's limit of size.
    """

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        return read(stream.read())


def read(body: bytes) -> Any:
    """The value of a JSON text. Raises ParseError."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ParseError(_("The body is not UTF-8.")) from error
    if text.startswith("\ufeff"):
        raise ParseError(_("The body begins with a byte order mark."))
    _check_depth(text)
    try:
        value = json.loads(
            text, object_pairs_hook=_object, parse_constant=_constant, parse_int=_integer, parse_float=_number
        )
    except json.JSONDecodeError as error:
        sentence = _("The body is not valid JSON from character %(number)d on.")
        raise ParseError(sentence % {"number": error.pos + 1}) from error
    _check_text(value)
    return value


def _check_depth(text: str) -> None:
    """Before parsing, so that ten thousand brackets cannot exhaust the stack. Brackets in strings do not count."""
    depth = 0
    in_string = escaped = False
    for char in text:
        if in_string:
            in_string = escaped or char != '"'
            escaped = char == "\\" and not escaped
        elif char == '"':
            in_string = True
        elif char in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise ParseError(_("The body is nested deeper than %(limit)d levels.") % {"limit": MAX_DEPTH})
        elif char in "]}":
            depth -= 1


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ParseError(_("A name stands twice in one object."))
    return result


def _constant(name: str) -> Any:
    raise ParseError(_("JSON has no number called %(name)s.") % {"name": name})


def _integer(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise ParseError(_("A number has too many digits."))
    return int(digits)


def _number(digits: str) -> float:
    number = float(digits)
    if number in {float("inf"), float("-inf")}:
        raise ParseError(_("A number is too large."))
    return number


def _check_text(value: Any) -> None:
    if isinstance(value, str):
        if not is_storable(value):
            raise ParseError(_("A text holds a character that cannot be stored."))
    elif isinstance(value, dict):
        for name, inner in value.items():
            _check_text(name)
            _check_text(inner)
    elif isinstance(value, list):
        for inner in value:
            _check_text(inner)
