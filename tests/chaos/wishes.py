"""What people ask for in a run, and how the provider is to misbehave: the same for the same seed."""

import random
from dataclasses import dataclass
from typing import Any

PLACES = ("a harbour", "a mill", "two boats", "a meadow", "an empty street", "a lighthouse", "a desert road", "a pine")
# Directives of the sandbox, and how often each is meant; "" behaves.
MISBEHAVIOUR = {
    "": 42,
    "[[drop]]": 7,
    "[[duplicate=3]]": 7,
    "[[reorder]]": 3,
    "[[early]]": 4,
    "[[late=4]]": 4,
    "[[corrupt=1]]": 4,
    "[[accept-cut]]": 5,
    "[[accept-500]]": 4,
    "[[accept-slow=3]]": 3,
    "[[500]]": 2,
    "[[get=500]] [[drop]]": 2,
    "[[slow=4]]": 4,
    "[[truncated]]": 2,
    "[[slow-file=2]]": 2,
    "[[gone]]": 1,
    "[[html-file]]": 1,
    "[[fail]]": 3,
    "[[refuse]]": 2,
    "[[empty]]": 1,
    "[[lie]]": 1,
}
MODELS = {"chaos-flux": 60, "chaos-banana": 12, "chaos-turbo": 14, "chaos-soul": 14}
SMALL: dict[str, dict[str, Any]] = {"chaos-flux": {"megapixels": "0.25"}}


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """at: seconds after the start. sends: how often the request is sent at once, as by an impatient program. throttled:
    how often the provider turns its submission away at first. cancel_after: seconds after the answer; None: never.
    with_picture: it is an edit of the person's upload.
    """

    at: float
    person: int
    body: dict[str, Any]
    key: str
    tag: str
    sends: int = 1
    cancel_after: float | None = None
    with_picture: bool = False
    throttled: int = 0


def plan(seed: int, count: int, seconds: float, people: int) -> list[Wish]:
    """So many wishes over so many seconds, in their order."""
    chance = random.Random(seed)
    moments = sorted(chance.uniform(0, seconds) for _number in range(count))
    return [_wish(chance, seed, number, at, people) for number, at in enumerate(moments)]


def _wish(chance: random.Random, seed: int, number: int, at: float, people: int) -> Wish:
    model = chance.choices(list(MODELS), list(MODELS.values()))[0]
    directive = chance.choices(list(MISBEHAVIOUR), list(MISBEHAVIOUR.values()))[0]
    # Ends in a letter, so that none is the beginning of another.
    tag = f"wish-{seed}-{number}x"
    prompt = f"{chance.choice(PLACES)} {tag} {directive}".strip()
    body: dict[str, Any] = {"model": model, "prompt": prompt, "params": dict(SMALL.get(model, {}))}
    return Wish(
        at=at,
        person=chance.randrange(people),
        body=body,
        key=f"chaos-{seed}-{number}",
        tag=tag,
        sends=chance.choices([1, 2, 4], [80, 15, 5])[0],
        cancel_after=chance.uniform(0, 6) if chance.random() < 0.07 else None,
        throttled=chance.choices([0, 1, 3], [92, 5, 3])[0],
        with_picture=model == "chaos-soul" and chance.random() < 0.3,
    )
