"""Which texts PostgreSQL can hold: no NUL, no half of a surrogate pair."""

SURROGATES = range(0xD800, 0xE000)


def is_storable(text: str) -> bool:
    """Whether a text column or a jsonb value can hold it."""
    return "\x00" not in text and not any(ord(char) in SURROGATES for char in text)
