"""Celery's messages as they lie in Valkey: taken out one by one, and done, done twice or lost."""

from typing import Any, NamedTuple

from config.celery import app

QUEUES = ("submit", "poll", "events", "default", "media")


class Message(NamedTuple):
    task: str
    kwargs: dict[str, Any]

    def do(self) -> None:
        """As a worker does, in this process."""
        app.tasks[self.task](**self.kwargs)


class Messages:
    """What has been published and not been taken."""

    def __init__(self) -> None:
        self._connection = app.connection_for_read()
        self._channel = self._connection.channel()
        for queue in QUEUES:
            self._channel.queue_declare(queue)
            self._channel.queue_purge(queue)

    def close(self) -> None:
        self._connection.release()

    def take(self) -> Message | None:
        """The oldest of the first queue that has one."""
        for queue in QUEUES:
            got = self._channel.basic_get(queue, no_ack=True)
            if got is not None:
                return Message(got.headers["task"], got.decode()[1])
        return None

    def take_all(self) -> list[Message]:
        return list(iter(self.take, None))
