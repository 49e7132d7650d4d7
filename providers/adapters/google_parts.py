"""A person's files on their way into Google's requests: what upload() gave, as the API's parts. No network.

A reference is a data URI, or the address of a file at Google with its type behind "#": both `fileData` and the
Interactions API want to be told the type again, and an address alone does not say it.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from providers.errors import Rejected

DATA_URI = re.compile(r"data:([\w.+-]+/[\w.+-]+);base64,(.*)", re.ASCII | re.DOTALL)
FILE = re.compile(r"(https?://[!-\"$-~]+)#([\w.+-]+/[\w.+-]+)", re.ASCII)

DURATION = re.compile(r"(\d{1,4}(?:\.\d{1,3})?)s?", re.ASCII)

Values = Mapping[str, Any]


def reference(address: str, content_type: str) -> str:
    """The address of a file at Google, with its type."""
    return f"{address}#{content_type}"


def references(inputs: Values, *names: str) -> Iterator[str]:
    """What stands in these fields, each of which holds one reference or a list of them. Raises Rejected."""
    for name in names:
        value = inputs.get(name) or ()
        for one in (value,) if isinstance(value, str) else value:
            if not isinstance(one, str):
                raise Rejected(f"{name} is no reference to a file")
            yield one


def content_part(given: str) -> dict[str, Any]:
    """For generateContent: inlineData or fileData."""
    content_type, data, address = _read(given)
    if address:
        return {"fileData": {"mimeType": content_type, "fileUri": address}}
    return {"inlineData": {"mimeType": content_type, "data": data}}


def interaction_part(given: str) -> dict[str, Any]:
    """For the Interactions API: the kind of file stands in "type"."""
    content_type, data, address = _read(given)
    place = {"uri": address} if address else {"data": data}
    return {"type": content_type.partition("/")[0], "mime_type": content_type, **place}


def prediction_part(given: str) -> dict[str, Any]:
    """For the older :predict family, which takes nothing but bytes."""
    content_type, data, address = _read(given)
    if address:
        raise Rejected("this older endpoint takes small files only")
    return {"bytesBase64Encoded": data, "mimeType": content_type}


def objects(value: object) -> Iterator[Mapping[str, Any]]:
    """The objects in a list that came over the wire; none where it is no list."""
    yield from (one for one in value if isinstance(one, dict)) if isinstance(value, list) else ()


def texts(value: object) -> list[str]:
    """The texts in a list that came over the wire."""
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def seconds(value: object) -> float:
    """A length, given as a number or in the API's own spelling, "8s". Raises Rejected."""
    if found := DURATION.fullmatch(str(value)):
        return float(found[1])
    raise Rejected(f"{value!r} is no duration in seconds")


def _read(given: str) -> tuple[str, str, str]:
    if found := DATA_URI.fullmatch(given):
        return found[1], found[2], ""
    if found := FILE.fullmatch(given):
        return found[2], "", found[1]
    raise Rejected("a file was given by something that is no reference of ours")
