"""HTTP servers that do exactly what a test says, byte by byte, on loopback."""

import socket
import ssl
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

Behaviour = Callable[[socket.socket], None]


def answer(body: bytes = b"", status: str = "200 OK", **headers: str) -> bytes:
    """A whole response; `Content_Length="5"` becomes a header, and a right Content-Length is the default."""
    fields = {"Content-Length": str(len(body))} | {name.replace("_", "-"): value for name, value in headers.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value)
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body


def redirect(location: str) -> bytes:
    return answer(status="302 Found", Location=location)


class ScriptedServer:
    """Answers each path with the bytes, or the behaviour, a test put into `routes`; keeps the heads it was sent."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.routes: dict[str, bytes | Behaviour] = {}
        self.heads: list[str] = []
        self.connections = 0
        # Speaks instead of TLS and HTTP as soon as somebody connects.
        self.at_once: Behaviour | None = None
        self.stopping = threading.Event()
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.origin = f"http://127.0.0.1:{self.port}"
        self._threads = [threading.Thread(target=self._accept, daemon=True)]

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stopping.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(timeout=5)

    def drip(self, start: bytes, every: float = 0.02, piece: bytes = b"x") -> Behaviour:
        """Say `start`, then a little now and then, until the other side has had enough."""

        def behave(connection: socket.socket) -> None:
            connection.sendall(start)
            while not self.stopping.wait(every):
                connection.sendall(piece)

        return behave

    def _accept(self) -> None:
        while not self.stopping.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            thread = threading.Thread(target=self._speak, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _speak(self, connection: socket.socket) -> None:
        connection.settimeout(10)
        try:
            if self.at_once:
                self.at_once(connection)
                return
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
            self._answer(connection)
        except OSError:
            return  # the client under test hung up, as most of these tests want it to
        finally:
            connection.close()

    def _answer(self, connection: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            received = connection.recv(65536)
            if not received:
                return
            head += received
        self.heads.append(head.decode("latin-1"))
        path = self.heads[-1].split(" ")[1]
        behaviour = self.routes.get(path, answer(status="404 Not Found"))
        if isinstance(behaviour, bytes):
            connection.sendall(behaviour)
        else:
            behaviour(connection)
