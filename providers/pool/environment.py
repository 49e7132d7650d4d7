"""Tokens named in the environment: members of the pool like any other, but their secrets stay where they are."""

from django.conf import settings

from providers.credentials import ENVIRONMENT_LABEL
from providers.models import Token
from providers.models.fingerprints import fingerprints
from providers.models.token import Source


def secrets_of(provider: str) -> tuple[str, ...]:
    """As the settings have them now; several with commas or blanks between. Raises KeyError for an unknown name."""
    return tuple(dict.fromkeys(settings.PROVIDERS[provider]["token"].replace(",", " ").split()))


def enrol(provider: str, secrets: tuple[str, ...]) -> None:
    """Gives each a row, once; one that was added by hand as well keeps that row."""
    known = set(Token.objects.filter(provider=provider).values_list("fingerprint", flat=True))
    fresh = [prints[0] for prints in map(fingerprints, secrets) if not known.intersection(prints)]
    names = [ENVIRONMENT_LABEL, *(f"{ENVIRONMENT_LABEL} {number}" for number in range(2, len(fresh) + 1))]
    Token.objects.bulk_create(
        (
            Token(provider=provider, label=name, source=Source.ENVIRONMENT, fingerprint=fingerprint)
            for name, fingerprint in zip(names, fresh, strict=False)
        ),
        ignore_conflicts=True,
    )
