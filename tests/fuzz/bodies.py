"""Bodies made from a valid one: names gone, doubled or of other types, what JSON cannot hold, and no JSON at all."""

import json
from typing import Any

from hypothesis import strategies as st


class Raw(str):
    """Stands in a body as it is."""

    __slots__ = ()


class Members(list[tuple[str, Any]]):
    """An object whose names may stand twice."""


# Python's parser gives up near a thousand, and what works on its answer a little before or after.
DEPTHS = st.one_of(st.integers(2, 1_100), st.sampled_from([5_000, 100_000]))
NESTED = st.builds(
    lambda depth, ends: Raw(ends[0] * depth + "1" + ends[1] * depth),
    DEPTHS,
    st.sampled_from([("[", "]"), ('{"a":', "}")]),
)
NUMBERS = st.sampled_from(
    [
        Raw(text)
        for text in ("NaN", "Infinity", "-Infinity", "1e999", "-1e999", "-0", "9" * 400, "9" * 4_300, "9" * 5_000)
    ]
)
ANY_CHARACTER = st.characters(exclude_categories=())
WORDS = st.sampled_from(
    [
        *("succeeded", "failed", "canceled", "processing", "aborted", "OK", "ERROR", "completed", "nsfw", "queued"),
        *("in_progress", "interaction.completed", "video.generated", "COMPLETED", "5"),
    ]
)
ADDRESSES = st.sampled_from(
    [
        *(
            "http://127.0.0.1:1/x.png",
            "https://[::1",
            "https://",
            "https://localhost/x.png",
            "data:image/png;base64,AA",
        ),
        *("javascript:alert(1)", "file:///etc/passwd", "https://127.0.0.1/" + "x" * 5_000, "https://127.0.0.1\\@x/"),
    ]
)
TEXTS = st.one_of(
    st.sampled_from(["", "\x00", "a\x00b", "\ud800", "\udfff\ud800", "\u202e", "x" * 100_000, "%s{0}"]),
    st.text(ANY_CHARACTER, max_size=20),
)
PLAIN = st.one_of(
    st.none(), st.booleans(), st.integers(), st.sampled_from([2**53, 2**63, 2**64, -1, 0.5, 1e308]), TEXTS
)
JUNK = st.one_of(
    *(NESTED, NUMBERS, WORDS, ADDRESSES, PLAIN),
    st.recursive(
        PLAIN, lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXTS, inner, max_size=3))
    ),
)


def mutated(valid: dict[str, Any]) -> st.SearchStrategy[bytes]:
    """A body that was this object."""
    return st.one_of(_changed(valid), _changed(valid), _damaged(written(valid)))


def written(valid: dict[str, Any]) -> bytes:
    return json.dumps(valid).encode()


@st.composite
def _changed(draw: st.DrawFn, valid: dict[str, Any]) -> bytes:
    """Up to three changes at any place of it."""
    tree = [_members(valid)]
    for _ in range(draw(st.integers(1, 3))):
        slots = list(_slots(tree))
        if not slots:
            break
        holder, index = draw(st.sampled_from(slots))
        change = draw(st.sampled_from(["replace", "replace", "drop", "double", "rename", "wrap"]))
        name, value = holder[index] if isinstance(holder, Members) else ("", holder[index])
        if change == "drop":
            del holder[index]
        elif change == "double":
            twin = draw(JUNK)
            holder.insert(
                draw(st.sampled_from([index, index + 1])), (name, twin) if isinstance(holder, Members) else twin
            )
        else:
            name = draw(TEXTS) if change == "rename" else name
            value = draw(JUNK) if change == "replace" else [value] if change == "wrap" else value
            holder[index] = (name, value) if isinstance(holder, Members) else value
    return ",".join(_written(value) for value in tree).encode()


@st.composite
def _damaged(draw: st.DrawFn, whole: bytes) -> bytes:
    """Bytes that were its bytes, or never were."""
    at, more = draw(st.integers(0, len(whole))), draw(st.binary(max_size=20))
    return draw(
        st.sampled_from(
            [
                *(
                    b"",
                    more,
                    whole[:at],
                    whole[at:],
                    whole[:at] + more + whole[at:],
                    whole[:at] + more + whole[at + 1 :],
                ),
                *(whole + more, b"\xef\xbb\xbf" + whole, whole.decode().encode("utf-16"), whole + whole, b"[" * 50_000),
                *(whole + b" " * 1_048_576, b'"' + b"x" * 1_000_000 + b'"', b"null", b"[" + whole + b"]"),
            ]
        )
    )


def _members(value: Any) -> Any:
    if isinstance(value, dict):
        return Members((name, _members(inner)) for name, inner in value.items())
    return [_members(inner) for inner in value] if isinstance(value, list) else value


def _slots(value: Any) -> Any:
    """Every place in it that holds something: (list, index)."""
    for index, inner in enumerate(value):
        yield value, index
        inside = inner[1] if isinstance(value, Members) else inner
        if isinstance(inside, list):
            yield from _slots(inside)


def _written(value: Any) -> str:
    if isinstance(value, Raw):
        return str(value)
    if isinstance(value, Members):
        return "{" + ",".join(f"{json.dumps(name)}:{_written(inner)}" for name, inner in value) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_written, value)) + "]"
    return json.dumps(value)
