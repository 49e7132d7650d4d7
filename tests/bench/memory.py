"""Resident memory of a worker's processes, looked at many times a second."""

import time
from collections import defaultdict
from statistics import median
from threading import Event, Thread
from types import TracebackType
from typing import Any, Self

import psutil

MB = 1_000_000
EVERY_SECONDS = 0.05


class Sampler:
    """Peaks by kind of process, and how they go while the work goes on. `done` is set by who counts the work."""

    def __init__(self, head: psutil.Process) -> None:
        self.done = 0
        self.seconds = 0.0
        self._head = head
        self._over = Event()
        self._thread = Thread(target=self._watch)
        # By kind: (work done until then, bytes).
        self._seen: dict[str, list[tuple[int, int]]] = defaultdict(list)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def rows(self, *, first: int, last: int) -> list[dict[str, Any]]:
        """Megabytes: the highest ever, and the highest while the first and the last share of the work was done."""
        return [
            {
                "process": kind,
                "peak_mb": round(max(size for _done, size in seen) / MB),
                "first_fifth_mb": round(max(size for done, size in seen if done <= first) / MB),
                "last_fifth_mb": round(max(size for done, size in seen if done >= last) / MB),
                "usual_mb": round(median(size for _done, size in seen) / MB),
            }
            for kind, seen in sorted(self._seen.items())
        ]

    def _watch(self) -> None:
        began = time.monotonic()
        while not self._over.wait(EVERY_SECONDS):
            for process in (self._head, *self._head.children(recursive=True)):
                try:
                    kind, size = self._kind_of(process), process.memory_info().rss
                except psutil.NoSuchProcess:
                    continue
                self._seen[kind].append((self.done, size))
        self.seconds = time.monotonic() - began

    def _kind_of(self, process: psutil.Process) -> str:
        if process == self._head:
            return "head of the worker"
        words = " ".join(process.cmdline())
        return "inspector of one file" if "media_pipeline" in words else "child of the worker"
