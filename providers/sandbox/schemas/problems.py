"""What is wrong with a body, in neutral words: each face says it in its own provider's."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

FORMATS = FormatChecker(formats=())


@FORMATS.checks("uri")
def _is_uri(value: object) -> bool:
    return not isinstance(value, str) or urlsplit(value).scheme in ("http", "https", "data")


def _is_integer(checker: object, value: object) -> bool:
    del checker
    return isinstance(value, int) and not isinstance(value, bool)


# JSON Schema takes 5.0 for an integer; the providers' validators do not.
Strict: Any = extend(  # type: ignore[no-untyped-call]
    Draft202012Validator, type_checker=Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_integer)
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """loc: the way to the value, or to the missing or surplus name. type: the JSON Schema keyword that failed.

    expected: what the keyword says (a type, a list of values, a bound). given: what was found; None when missing.
    """

    loc: tuple[str | int, ...]
    message: str
    type: str
    expected: Any = None
    given: Any = None


def problems_of(schema: Mapping[str, Any], body: Any) -> list[Problem]:
    """Everything wrong with the body, one problem per place, in the schema's own order; empty when it is good."""
    found: dict[tuple[str | int, ...], Problem] = {}
    for error in Strict(schema, format_checker=FORMATS).iter_errors(body):
        for problem in _told(error):
            found.setdefault(problem.loc, problem)
    return list(found.values())


def _told(error: ValidationError) -> Iterator[Problem]:
    loc, keyword = tuple(error.absolute_path), str(error.validator)
    value: Any = error.validator_value
    given: Any = error.instance
    if keyword == "required":
        for name in value:
            if name not in given:
                yield Problem(loc=(*loc, name), message=f"{name} is required", type=keyword)
    elif keyword == "additionalProperties":
        known = error.schema.get("properties", {}) if isinstance(error.schema, Mapping) else {}
        for name in given:
            if name not in known:
                message = f"Additional property {name} is not allowed"
                yield Problem(loc=(*loc, name), message=message, type=keyword, given=given[name])
    else:
        yield Problem(loc=loc, message=error.message, type=keyword, expected=value, given=given)
