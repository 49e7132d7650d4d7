"""The loop beneath beat: it passes new wishes on at once, every second it repeats lost hints, and it does the step
itself when hints do not work."""

import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, close_old_connections, connection
from django.utils.module_loading import import_string

from generations import sweeps, tasks
from generations.alarm import Alarm
from generations.models import Heartbeat
from generations.steps import sweeping
from generations.sweeps import Count, Sweep

logger = structlog.get_logger(__name__)
ADVISORY_LOCK = 0x2E62617365  # ".base"
INLINE_THREADS = 4
SECONDS_BETWEEN_LOOKS = 1.0
# Wishes that come close together are passed on by one look.
SECONDS_AFTER_A_LOOK = 0.05
SECONDS_BETWEEN_HEARTBEATS = 5.0


class Command(BaseCommand):
    help = "Pass new wishes on, repeat lost hints, do overdue steps when no worker does. One at a time works."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stopping = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda _number, _frame: self.stopping.set())
        self.busy: set[object] = set()
        self.heartbeat_at = 0.0
        with ThreadPoolExecutor(INLINE_THREADS, thread_name_prefix="inline") as pool:
            alarm = Alarm()
            while not self.stopping.wait(SECONDS_AFTER_A_LOOK):
                alarm.wait(SECONDS_BETWEEN_LOOKS, self.stopping)
                try:
                    close_old_connections()
                    if self._has_lock():
                        self._look(pool)
                except (OperationalError, InterfaceError) as error:
                    # The database restarts: the lock went with the session, the next look starts anew.
                    logger.warning("pulse_without_database", error=str(error).strip())
                    connection.close()

    def _has_lock(self) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND granted "
                "AND ((classid::bigint << 32) | objid::bigint) = %s",
                [ADVISORY_LOCK],
            )
            if cursor.fetchone():
                return True
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [ADVISORY_LOCK])
            row = cursor.fetchone()
        return bool(row and row[0])

    def _look(self, pool: ThreadPoolExecutor) -> None:
        counted = dict.fromkeys((Sweep.OVERDUE, Sweep.DELIVERIES), Count())
        for due in sweeping.overdue_hints():
            told = due.hints < settings.HINTS_BEFORE_INLINE and tasks.give_hints([due.hint])
            # The first hint of a step is nothing lost.
            lost = Sweep.OVERDUE if due.was_told else None
            _add(counted, lost, told)
            if not told:
                self._do(pool, tasks.advance_now, due.hint.generation_id, lost)
        for delivery_id, is_late in sweeping.waiting_deliveries():
            heard = tasks.publish(tasks.hear, "events", delivery_id=str(delivery_id))
            lost = Sweep.DELIVERIES if is_late else None
            _add(counted, lost, heard)
            if not heard:
                self._do(pool, tasks.hear_now, delivery_id, lost)
        sweeps.count(counted)
        for path in settings.PULSE_LOOKS:
            self._run(pool, path, import_string(path))
        if time.monotonic() - self.heartbeat_at > SECONDS_BETWEEN_HEARTBEATS:
            self.heartbeat_at = time.monotonic()
            self._beat(pool)

    def _beat(self, pool: ThreadPoolExecutor) -> None:
        Heartbeat.objects.beat("pulse")
        tasks.publish(tasks.record_heartbeat, "default", name="worker")
        tasks.publish(tasks.record_heartbeat, "media", name="media")
        late = sweeping.late_outputs()
        sweeps.count({Sweep.LATE: Count(found=len(late))})
        for generation_id in late:
            self._do(pool, tasks.advance_now, generation_id, Sweep.LATE)

    def _do(self, pool: ThreadPoolExecutor, work: Any, pk: UUID, lost: Sweep | None) -> None:
        """Runs one step here. What was lost is repaired when it is done."""

        def step() -> None:
            work(pk)
            if lost:
                sweeps.count({lost: Count(repaired=1)})

        self._run(pool, pk, step)

    def _run(self, pool: ThreadPoolExecutor, key: object, work: Callable[[], None]) -> None:
        """In a thread of its own, never the same twice at a time."""
        if key in self.busy:
            return
        self.busy.add(key)

        def run() -> None:
            try:
                work()
            finally:
                self.busy.discard(key)
                close_old_connections()

        pool.submit(run).add_done_callback(_report)


def _add(counted: dict[Sweep, Count], lost: Sweep | None, repaired: int) -> None:
    if lost:
        counted[lost] = Count(counted[lost].found + 1, counted[lost].repaired + repaired)


def _report(done: Any) -> None:
    if error := done.exception():
        logger.error("inline_step_failed", exc_info=error)
