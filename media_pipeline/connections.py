"""One connection to an address that was checked, under one deadline for everything. Knows no files and no redirects.

The standard library's HTTP connection, because its `connect` may be replaced: `Host`, server name and certificate stay
those of the name while the socket goes to the address. It follows no redirect, retries nothing, reads no proxy setting.
"""

import socket
import ssl
import threading
import time
from functools import lru_cache
from http.client import HTTPConnection
from types import TracebackType
from typing import Self

import certifi

from media_pipeline.destinations import HTTPS_PORT, Destination
from media_pipeline.errors import MediaError

CONNECT_SECONDS = 5.0
SILENCE_SECONDS = 15.0


class ConnectionFailed(MediaError):
    """Nobody there, cut off, a certificate for another name, or not HTTP."""


class DeadlinePassed(MediaError):
    """The whole of it, redirects included, took longer than allowed."""


class Deadline:
    """A clock over a whole download, which at its end cuts the connection in whatever it is waiting for.

    A socket's own time-out starts anew with every byte, so a server that sends one now and then, in the middle of the
    handshake or of a header, would hold a worker for hours. Used as a context manager.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._started_at = time.monotonic()
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()

    @property
    def elapsed_seconds(self) -> float:
        return time.monotonic() - self._started_at

    def check(self) -> None:
        """Raises DeadlinePassed."""
        if self.elapsed_seconds >= self.seconds:
            raise DeadlinePassed(f"The download did not end within {self.seconds:g} s.")

    def guard(self, connected: socket.socket) -> None:
        """Cut this socket when time is up; called at every connection."""
        self._socket = connected
        self.check()

    def _cut(self) -> None:
        if self._socket is None:
            return
        try:
            # Not SSLSocket.shutdown: it would make the reading thread go on in the clear.
            socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
        except OSError:
            return  # closed by its owner in the meantime


class PinnedConnection(HTTPConnection):
    """To one of the destination's checked addresses, in order; the name is used for `Host`, SNI and certificate."""

    def __init__(self, destination: Destination, deadline: Deadline) -> None:
        super().__init__(destination.host, destination.port, timeout=SILENCE_SECONDS)
        self.destination = destination
        self.deadline = deadline
        if destination.scheme == "https":
            self.default_port = HTTPS_PORT  # or the port would stand in the Host header

    def connect(self) -> None:
        """Raises OSError as the standard library does, and DeadlinePassed."""
        self.sock = self._reached()
        self.sock.settimeout(SILENCE_SECONDS)
        self.deadline.guard(self.sock)
        if self.destination.scheme == "https":
            name = self.destination.host
            secure = trusted().wrap_socket(self.sock, server_hostname=name, do_handshake_on_connect=False)
            self.sock = secure
            self.deadline.guard(secure)
            secure.do_handshake()

    def _reached(self) -> socket.socket:
        failure = OSError("no address")
        for address in self.destination.addresses:
            self.deadline.check()
            try:
                return socket.create_connection((address, self.destination.port), timeout=CONNECT_SECONDS)
            except OSError as error:
                failure = error
        raise failure


@lru_cache(maxsize=1)
def trusted() -> ssl.SSLContext:
    """The machine's certificate authorities, and certifi's for machines that have none."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context
