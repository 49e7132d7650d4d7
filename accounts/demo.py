"""The demo's people. Their passwords are known to everybody, so they sign in at the embedded run on loopback only."""

from django.conf import settings

from accounts.rules import Role

DEMO_PEOPLE = (
    ("demo@example.com", "demo-base-2026", Role.USER),
    ("admin@example.com", "admin-base-2026", Role.SUPER_ADMIN),
)


def is_demo_allowed() -> bool:
    return bool(settings.EMBEDDED and settings.IS_LOOPBACK)


def is_locked_out(email: str) -> bool:
    """A demo person whose studio has since got another address or database."""
    return not is_demo_allowed() and email.strip().lower() in {person[0] for person in DEMO_PEOPLE}
