"""The append-only file of everything the sandbox accepted: the oracle for "never twice", its memory over restarts."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any


class Journal:
    """JSON lines. A line is in the kernel's hands when `append` returns, so that `kill -9` loses none.

    No fsync: a power cut may cost the last lines of a sandbox, a synced disk write per job would cost every test.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._file = path.open("ab", buffering=0)

    def append(self, event: str, **facts: Any) -> None:
        """Writes one line, in one write."""
        line = json.dumps({"event": event, **facts}, ensure_ascii=False, separators=(",", ":"))
        self._file.write(line.encode() + b"\n")

    def read(self) -> Iterator[Mapping[str, Any]]:
        """Every whole line, oldest first. A line torn by a kill is skipped, and ended so that the next one is whole."""
        text = self._path.read_bytes()
        for line in text.splitlines():
            try:
                yield json.loads(line)
            except ValueError:
                continue
        if text and not text.endswith(b"\n"):
            self._file.write(b"\n")

    def clear(self) -> None:
        """Forgets everything."""
        self._file.truncate(0)

    def close(self) -> None:
        """Lets go of the file."""
        self._file.close()
