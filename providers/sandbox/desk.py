"""What every face of the sandbox shares: clock, jobs, faults, courier, painter, uploads, secret, running tasks."""

import asyncio
import base64
import secrets
from collections import deque
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, Protocol

from starlette.requests import Request

from providers.sandbox.clock import Clock
from providers.sandbox.courier import Courier
from providers.sandbox.environment import Environment
from providers.sandbox.faults import Faults
from providers.sandbox.jobs import Job
from providers.sandbox.journal import Journal
from providers.sandbox.painter import Painter
from providers.sandbox.store import Store
from providers.sandbox.telegram.chats import Chats
from providers.sandbox.uploads import Uploads


def webhook_secret(folder: Path) -> str:
    """The account's signing secret, made once and kept."""
    path = folder / "webhook_secret"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        # Standard base64: the official client splits the secret at "_", which the URL alphabet contains.
        path.write_text("whsec_" + base64.b64encode(secrets.token_bytes(24)).decode())
    return path.read_text().strip()


UNSIGNED = "unsigned"


class Stoppable(Protocol):
    """A job on its way, as far as the desk is concerned."""

    def stop(self) -> None: ...


class Desk:
    """One per running sandbox."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        self.secret = webhook_secret(environment.folder)
        self.clock = Clock()
        self.faults = Faults()
        self.store = Store(Journal(environment.folder / "journal.jsonl"))
        self.store.restore()
        self.clock.set_offset(self.store.offset_seconds)
        self.courier = Courier(self.store, self.clock)
        self.painter = Painter()
        self.uploads = Uploads(environment.folder / "files" / "uploads", self.clock)
        self.kept: deque[Job] = deque()  # ended jobs whose files are still there, oldest first
        self.runs: dict[str, Stoppable] = {}
        # How webhooks are signed where an account has to ask for that first: "unsigned", "signed" or "dual".
        self.signing = UNSIGNED
        self.shelf: dict[str, list[dict[str, Any]]] = {}  # what faces keep besides jobs; forgotten at a restart
        self.telegram = Chats(environment.folder)
        self.posting: asyncio.Task[None] | None = None  # of Telegram's updates
        self._tasks: dict[tuple[str, str], asyncio.Task[None]] = {}

    def begin(self, job: Job, part: str, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Starts a part of a job's life ("run", "notices", "painting"), to be stopped by name."""
        task = asyncio.get_running_loop().create_task(work, name=f"{part} of {job.id}")
        self._tasks[job.id, part] = task
        task.add_done_callback(lambda _: self._tasks.pop((job.id, part), None))
        return task

    def under_way(self, job: Job, part: str) -> asyncio.Task[None] | None:
        """That part of the job's life, while it lasts."""
        return self._tasks.get((job.id, part))

    def folder_of(self, job: Job) -> Path:
        """Where the job's files are kept."""
        return self.environment.folder / "files" / job.id

    def reset(self) -> None:
        """Forgets everything but the secret."""
        for task in list(self._tasks.values()):
            task.cancel()
        self.runs.clear()
        self.kept.clear()
        self.faults.clear()
        self.shelf.clear()
        self.signing = UNSIGNED
        self.store.clear()
        self.telegram.clear()
        self.clock.set_offset(0)
        self.painter.forget(self.environment.folder / "files")

    async def close(self) -> None:
        """Stops what is under way; the journal knows how to go on."""
        tasks = [*self._tasks.values(), *([self.posting] if self.posting else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self.courier.close()
        self.painter.close()
        self.store.close()
        self.telegram.close()


def desk_of(request: Request) -> Desk:
    """The desk of the sandbox that this request came to."""
    desk: Desk = request.app.state.desk
    return desk
