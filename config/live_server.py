"""How `live` is served: by daphne, which here lets its pages go before it ends. By itself it cuts them off.

At SIGTERM /api/health/ready says no, who comes is turned away, pages are told to come back at moments of their own,
and what is being answered is answered to the end: all of it within DRAIN_SECONDS.
"""

import asyncio
from contextlib import suppress

from daphne.cli import CommandLineInterface
from daphne.server import Server
from django.conf import settings
from twisted.internet.defer import Deferred

# Sets Django up, which the hub needs.
import config.asgi  # noqa: F401
from generations.live.hub import hub

# Of the whole, so that the last page to be told has time to say goodbye.
SHARE_FOR_TELLING = 1 / 3
LOOK_EVERY_SECONDS = 0.05


class DrainingServer(Server):
    def kill_all_applications(self) -> "Deferred[None]":
        """daphne's last act, which it waits for before it stops."""
        return Deferred.fromFuture(asyncio.ensure_future(self._drain()))

    async def _drain(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(settings.DRAIN_SECONDS):
                await hub.drain(settings.DRAIN_SECONDS * SHARE_FOR_TELLING)
                while any("disconnected" not in details for details in self.connections.values()):
                    await asyncio.sleep(LOOK_EVERY_SECONDS)
        left = [
            details["application_instance"]
            for details in self.connections.values()
            if "application_instance" in details
        ]
        for application in left:
            application.cancel()
        await asyncio.gather(*left, return_exceptions=True)


class LiveServer(CommandLineInterface):
    description = "daphne that drains"
    server_class = DrainingServer


if __name__ == "__main__":
    LiveServer.entrypoint()
