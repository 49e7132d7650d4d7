"""Niceness that counts between programs, not only inside one.

Linux shares the processor among sessions first and looks at niceness inside each of them (sched(7), "The autogroup
feature"). The supervisor gives every program a session, so `nice` in the Procfile alone would change nothing.
"""

import os
import re
from pathlib import Path

from config.local.processes import Identity

SESSION = re.compile(r"nice (-?\d+)$")


def of_session(leader: Identity) -> int | None:
    """What its whole session goes by; None where the kernel does not group by session."""
    try:
        words = _file(leader).read_text(encoding="ascii")
    except OSError:
        return None
    found = SESSION.search(words.strip())
    return int(found[1]) if found else None


def spread(leader: Identity) -> None:
    """Gives the session what `nice` gave its leader. To be repeated: the leader may not have got there yet, and
    the kernel takes one change in a tenth of a second from everybody who is not root."""
    try:
        niceness = os.getpriority(os.PRIO_PROCESS, leader.pid)
        if niceness and of_session(leader) not in {niceness, None}:
            _file(leader).write_text(str(niceness), encoding="ascii")
    except OSError:  # not now, or it has just ended
        return


def _file(leader: Identity) -> Path:
    return Path(f"/proc/{leader.pid}/autogroup")
