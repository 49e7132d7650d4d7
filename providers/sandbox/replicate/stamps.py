"""Replicate's timestamps: two shapes, neither of fixed width. Nanoseconds since 1970 in, text out; and back."""

from datetime import UTC, datetime


def edge(moment_ns: int) -> str:
    """As the edge writes them (Go's RFC3339Nano): up to nine digits, trailing zeros dropped."""
    seconds, nanoseconds = divmod(moment_ns, 1_000_000_000)
    text = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    fraction = f"{nanoseconds:09d}".rstrip("0")
    return f"{text}.{fraction}Z" if fraction else f"{text}Z"


def settled(moment_ns: int) -> str:
    """As the database writes them: always six digits."""
    moment = datetime.fromtimestamp(moment_ns // 1_000_000_000, UTC).replace(microsecond=moment_ns // 1000 % 1_000_000)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def parse(text: str) -> float:
    """Seconds since 1970 of an ISO 8601 moment; without a zone it is UTC. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
