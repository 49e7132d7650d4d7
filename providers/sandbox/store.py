"""Every job, in memory and in the journal: the only place that changes one. Knows no wire contract and no HTTP."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from providers.sandbox.jobs import Delivery, Job, State
from providers.sandbox.journal import Journal

# What is fixed when a job is accepted.
ACCEPTED = ("provider", "id", "number", "endpoint", "input", "created_ns", "webhook", "events", "directives", "details")


class Store:
    """Jobs in the order of their acceptance."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._jobs: dict[str, Job] = {}
        self.offset_seconds = 0.0

    def __len__(self) -> int:
        return len(self._jobs)

    def __iter__(self) -> Iterator[Job]:
        return iter(list(self._jobs.values()))

    def find(self, provider: str, job_id: str) -> Job | None:
        """The job of that provider, if there is one."""
        job = self._jobs.get(job_id)
        return job if job and job.provider == provider else None

    def accept(self, job: Job) -> None:
        """Takes a job in. When this returns it is in the journal."""
        facts = {name: getattr(job, name) for name in ACCEPTED}
        self._journal.append("accepted", **facts)
        self._jobs[job.id] = job

    def start(self, job: Job, at_ns: int) -> None:
        """Waiting becomes running."""
        job.state, job.started_ns = State.RUNNING, at_ns
        self._journal.append("started", id=job.id, at_ns=at_ns)

    def settle(self, job: Job, state: State, at_ns: int, *, outputs: tuple[str, ...] = (), error: str | None) -> None:
        """Writes the end. The caller has seen that the job was open."""
        job.state, job.completed_ns, job.outputs, job.error = state, at_ns, outputs, error
        self._journal.append("settled", id=job.id, state=state, at_ns=at_ns, outputs=outputs, error=error)

    def note(self, job: Job, delivery: Delivery) -> None:
        """Writes down one attempt to hand over a webhook."""
        job.deliveries.append(delivery)
        self._journal.append("delivery", id=job.id, delivery=asdict(delivery))

    def set_offset(self, seconds: float) -> None:
        """Writes down where the clock stands, so that a restart does not turn it back."""
        self.offset_seconds = seconds
        self._journal.append("clock", offset_seconds=seconds)

    def clear(self) -> None:
        """Forgets every job and the clock."""
        self._journal.clear()
        self._jobs.clear()
        self.offset_seconds = 0.0

    def restore(self) -> None:
        """Reads the journal again, as after a restart."""
        for line in self._journal.read():
            self._replay(dict(line))

    def close(self) -> None:
        """Lets go of the journal."""
        self._journal.close()

    def _replay(self, line: dict[str, Any]) -> None:
        event = line.pop("event")
        if event == "clock":
            self.offset_seconds = line["offset_seconds"]
            return
        if event == "accepted":
            job = Job(**line | {"events": tuple(line["events"])})
            self._jobs[job.id] = job
            return
        job = self._jobs[line.pop("id")]
        if event == "started":
            job.state, job.started_ns = State.RUNNING, line["at_ns"]
        elif event == "settled":
            job.state, job.completed_ns = State(line["state"]), line["at_ns"]
            job.outputs, job.error = tuple(line["outputs"]), line["error"]
        elif event == "delivery":
            job.deliveries.append(Delivery(**line["delivery"]))
