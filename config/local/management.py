"""manage.py as a step of a longer story: started, waited for, its words kept."""

import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from typing import IO

from config.local import assets, translations
from config.local.environment import for_migration
from config.local.processes import dying_with_parent
from config.local.site import Refusal, Site
from config.local.supervisor import WATCH_SECONDS
from config.local.waiting import until

TAIL_LINES = 15


class Stopped(Exception):
    """Somebody asked the start to end."""


class Call:
    """One manage.py command that runs beside us."""

    def __init__(self, site: Site, environment: Mapping[str, str], *arguments: str) -> None:
        self.arguments = arguments
        self._words = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 (closed by finish)
        self._complaints = (site.data_dir / "logs" / f"{arguments[0]}.log").open("w+", encoding="utf-8")
        self._process = subprocess.Popen(
            [sys.executable, "manage.py", *arguments],
            env=dict(environment),
            cwd=site.root,
            stdin=subprocess.DEVNULL,
            stdout=self._words,
            stderr=self._complaints,
            start_new_session=True,  # Ctrl-C is ours to handle
            preexec_fn=dying_with_parent(),  # noqa: PLW1509 (one system call; takes no lock)
        )

    def finish(self, stopping: threading.Event) -> str:
        """Waits for the end and answers what it printed.

        Raises Refusal with its last words when it failed, Stopped when somebody will not wait for it.
        """
        try:
            while not until(lambda: self._process.poll() is not None, WATCH_SECONDS):
                if stopping.is_set():
                    raise Stopped
            words, complaints = self._read(self._words), self._read(self._complaints)
        finally:
            self._end()
        if self._process.returncode != 0:
            last = "\n".join((words + complaints).strip().splitlines()[-TAIL_LINES:])
            raise Refusal(f"manage.py {' '.join(self.arguments)} failed:\n{last}")
        return words

    def _end(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self._words.close()
        self._complaints.close()

    @staticmethod
    def _read(file: IO[str]) -> str:
        file.seek(0)
        return file.read()


def prepare(site: Site, environment: Mapping[str, str], stopping: threading.Event, *options: str) -> str:
    """Everything between a database that answers and the first process that serves.

    Answers what manage.py prepare says to the options. Raises Refusal or Stopped.
    """
    is_collecting = not assets.are_current(site)
    chosen = (*options, "--static") if is_collecting else options
    call = Call(site, for_migration(environment), "prepare", *chosen)
    translations.compile_all(site.root / "locale")
    words = call.finish(stopping)
    if is_collecting:
        assets.remember(site)
    return words
