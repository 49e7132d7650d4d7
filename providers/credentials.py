"""As whom we speak: a name that may be written down and a secret that may not."""

import re
from dataclasses import dataclass, field

ENVIRONMENT_LABEL = "environment"
SANDBOX_LABEL = "sandbox"
MACHINE_LABEL = "machine"
NUMBERED = re.compile(r"#(\d{1,18})(?: |$)", re.ASCII)
LONGEST_LABEL = 60


@dataclass(frozen=True, slots=True)
class Credential:
    """label: what a job remembers and admins see. secret: never shown, stored or logged.

    token_id: its row in the pool; None for the sandbox, this machine and nobody. is_trial: the pool wants to know
    whether a token that failed works again.
    """

    label: str
    secret: str = field(repr=False)
    token_id: int | None = None
    is_trial: bool = field(default=False, compare=False)


# Enough to read a delivery with, when there is no token to ask anything.
NOBODY = Credential("nobody", "")
SANDBOX = Credential(SANDBOX_LABEL, SANDBOX_LABEL)
# Work on this machine needs no token.
MACHINE = Credential(MACHINE_LABEL, "")


def label_of(token_id: int, name: str) -> str:
    """What a job remembers of a token: its number finds it again, whatever it is called by then."""
    return f"#{token_id} {name[:LONGEST_LABEL]}"


def token_id_in(label: str) -> int | None:
    """The number in such a label."""
    found = NUMBERED.match(label)
    return int(found[1]) if found else None
