"""Starts the sandbox: `python -m providers.sandbox`, with SANDBOX_PORT and DATA_DIR in the environment."""

import asyncio
import os
import signal
import socket
import sys

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.embed import Server

from providers.sandbox.app import build
from providers.sandbox.environment import BadEnvironment, Environment, read


async def serve(environment: Environment) -> None:
    """Serves on loopback until SIGTERM or SIGINT.

    granian's embedded server, not its usual one with a worker process of its own: killing the sandbox must leave no
    orphan on the port, and cutting a connection needs the server's sockets in this process.
    """
    server = Server(
        build(environment),
        address="127.0.0.1",
        port=environment.port,
        interface=Interfaces.ASGI,
        websockets=False,
        backlog=1024,
        log_level=LogLevels.error,
    )
    loop = asyncio.get_running_loop()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signal_number, server.stop)
    await server.serve()


def is_free(port: int) -> bool:
    """Whether nobody listens there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def main() -> int:
    """The exit status; a wrong environment and a busy port are sentences."""
    try:
        environment = read()
    except BadEnvironment as error:
        print(error, file=sys.stderr)
        return 2
    if not is_free(environment.port):
        print(f"Port {environment.port} on 127.0.0.1 is taken; set SANDBOX_PORT to a free one.", file=sys.stderr)
        return 1
    asyncio.run(serve(environment))
    sys.stdout.flush()
    # Everything is closed by now. granian's own threads may still call into an interpreter that is being taken down,
    # and abort the process (seen with 2.8.7, when a connection is open at the end); so it is not taken down.
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
