"""What a person wants: by default the bell for everything, and nothing else."""

from dataclasses import dataclass

from accounts.models import User
from notifications.channels import registry
from notifications.models import Kind, Preference

BELL, DESKTOP, SOUND = "bell", "desktop", "sound"
# What a page does by itself; the rest leaves the studio by a channel.
IN_PAGE = (BELL, DESKTOP, SOUND)
SIGNS = frozenset({DESKTOP, SOUND})
DEFAULT = frozenset({BELL})


@dataclass(frozen=True, slots=True)
class Choice:
    """What a page says. ways: those it decides; switched_on: pairs of kind and way."""

    ways: frozenset[str]
    switched_on: frozenset[tuple[str, str]]


def preference_of(person: User) -> Preference:
    """Theirs, or one with the defaults that is not kept yet."""
    return Preference.objects.filter(pk=person.pk).first() or Preference(user=person)


def wanted(preference: Preference, kind: str) -> frozenset[str]:
    """Names of what is switched on for this kind, whether or not it is available."""
    chosen = preference.channels.get(kind)
    return DEFAULT if chosen is None else frozenset(chosen)


def ways_out(preference: Preference, person: User, kind: str) -> list[str]:
    """The channels this goes out by."""
    chosen = wanted(preference, kind)
    return [channel.name for channel in registry.available(person) if channel.name in chosen]


def merged(preference: Preference, choice: Choice) -> dict[str, list[str]]:
    """As it is kept; what the choice does not decide stays. All kinds are named: no later default changes them."""
    stays = {(kind, way) for kind in Kind.values for way in wanted(preference, kind) if way not in choice.ways}
    pairs = stays | {(kind, way) for kind, way in choice.switched_on if way in choice.ways}
    known = [*IN_PAGE, *registry.CHANNELS]
    return {kind: [name for name in known if (kind, name) in pairs] for kind in Kind.values}
