"""PostgreSQL refuses to run as root. Two ways to run it all the same, neither of which leaves DATA_DIR.

A user namespace maps root to an ordinary number: files stay root's. Where namespaces are forbidden
(most containers) it becomes nobody, and keeps of root's powers only the one to enter folders, because the
clone may lie below one that nobody may not enter.
"""

import functools
import os
import shutil
import subprocess
from pathlib import Path

from config.local.site import Refusal

NOBODY = 65534
NAMESPACE = ("unshare", "--user", "--map-user=1000", "--map-group=1000")
AS_NOBODY = (
    "setpriv",
    f"--reuid={NOBODY}",
    f"--regid={NOBODY}",
    "--clear-groups",
    "--inh-caps=-all,+dac_override",
    "--ambient-caps=+dac_override",
    # Without it access(2) forgets that power for everybody but root, and initdb calls its own binary invalid.
    "--securebits=+no_setuid_fixup",
)


@functools.cache
def prefix() -> tuple[str, ...]:
    """The words before a PostgreSQL command; none for an ordinary user. Raises Refusal when root has no way."""
    if os.geteuid() != 0:
        return ()
    for words in (NAMESPACE, AS_NOBODY):
        if shutil.which(words[0]) and _works(words):
            return words
    raise Refusal("PostgreSQL does not run as root, and this machine allows no way round; start as an ordinary user.")


def _works(words: tuple[str, ...]) -> bool:
    return subprocess.run([*words, "true"], check=False, capture_output=True).returncode == 0


def hand_over(folder: Path) -> None:
    """Gives the folder to whoever PostgreSQL will run as; it insists on owning its data."""
    owner = NOBODY if prefix() == AS_NOBODY else os.geteuid()
    if folder.exists() and folder.stat().st_uid != owner:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, owner, -1, follow_symlinks=False)
