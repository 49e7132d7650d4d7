"""Ending a connection without an answer, which no ASGI server offers."""

import os
import socket
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send


def cut(request: Request) -> None:
    """Shuts down the TCP connection the request came by; the caller sees it closed before any answer.

    The server keeps its sockets to itself, but lives in this process: the one whose far end is the request's client
    is found among the open file descriptors.
    """
    if request.client is None:
        return
    far_end = (request.client.host, int(request.client.port))  # granian gives the port as text
    for descriptor in list(Path("/dev/fd").iterdir()):
        try:
            if not descriptor.is_socket():
                continue
            connection = socket.socket(fileno=os.dup(int(descriptor.name)))
        except OSError:
            continue  # closed since it was listed
        with connection:
            try:
                if connection.getpeername() == far_end:
                    connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # a listening or a local socket


class NoAnswer(Response):
    """Stands in a response's place once the connection is cut; the server drops what it is sent."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 502, "headers": []})
        await send({"type": "http.response.body", "body": b""})
