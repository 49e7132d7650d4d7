"""A small server on loopback that behaves as it is told, byte for byte, and keeps what it was sent.

One behaviour a request, in order; the last one is repeated. A behaviour answers or ends the connection by itself.
"""

import json
import socket
import struct
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Self

Behaviour = Callable[["Call"], None]
# What is done with a new connection before any request is read; the connection ends after it.
Greeting = Callable[[socket.socket], None]
LINE = b"\r\n"


@dataclass(slots=True)
class Call:
    """One request as it came in. connection: which of the server's connections it came over, from 0."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    connection: int
    wire: socket.socket = field(repr=False)
    released: threading.Event = field(repr=False)

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Server:
    def __init__(self, *behaviours: Behaviour, greeting: Greeting | None = None) -> None:
        self.greeting = greeting
        self.behaviours = list(behaviours) or [answers(200, {})]
        self.calls: list[Call] = []
        self._released = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._wires: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self._released.set()
        # Closing alone does not wake a thread that waits in accept() or recv().
        for wire in (self._listener, *self._wires):
            _shut(wire)
        for thread in self._threads:
            thread.join(timeout=5)

    def _start(self, target: Callable[..., None], *args: Any) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._released.is_set():
            try:
                wire, _address = self._listener.accept()
            except OSError:
                return
            self._wires.append(wire)
            self._start(self._serve, wire, len(self._wires) - 1)

    def _serve(self, wire: socket.socket, connection: int) -> None:
        with wire:
            try:
                if self.greeting:
                    self.greeting(wire)
                    return
                while call := self._read(wire, connection):
                    with self._lock:
                        behave = self.behaviours[min(len(self.calls), len(self.behaviours) - 1)]
                        self.calls.append(call)
                    behave(call)
            except OSError:
                return

    def _read(self, wire: socket.socket, connection: int) -> Call | None:
        data = b""
        while LINE + LINE not in data:
            if not (more := wire.recv(65_536)):
                return None
            data += more
        head, _, body = data.partition(LINE + LINE)
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        while len(body) < int(headers.get("content-length", 0)):
            body += wire.recv(65_536)
        method, target, _version = first.split(" ")
        return Call(method, target, headers, body, connection, wire, self._released)


def _shut(wire: socket.socket) -> None:
    with suppress(OSError):  # already gone
        wire.shutdown(socket.SHUT_RDWR)
    wire.close()


def answers(status: int, body: object, headers: Mapping[str, str] | None = None) -> Behaviour:
    """A whole answer; bytes as they are, anything else as JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = {"Content-Type": "application/json", "Content-Length": str(len(content)), **(headers or {})}

    def behave(call: Call) -> None:
        call.wire.sendall(_head(status, lines) + content)

    return behave


def says(raw: bytes) -> Behaviour:
    """Exactly these bytes, then the end of the connection."""

    def behave(call: Call) -> None:
        call.wire.sendall(raw)
        _shut(call.wire)

    return behave


def hangs_up(call: Call) -> None:
    """Reads everything, answers nothing, closes."""
    _shut(call.wire)


def resets(call: Call) -> None:
    """Reads everything and lets the connection be reset."""
    _cut(call.wire)


def reset_at_first_byte(wire: socket.socket) -> None:
    wire.recv(1)
    _cut(wire)


def hang_up_at_first_byte(wire: socket.socket) -> None:
    wire.recv(65_536)
    _shut(wire)


def _cut(wire: socket.socket) -> None:
    wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    wire.close()


def speak_no_tls(wire: socket.socket) -> None:
    wire.recv(65_536)
    wire.sendall(b"220 mail.example.org ready\r\n")


def stays_silent(call: Call) -> None:
    """Reads everything and says nothing for as long as the test runs."""
    call.released.wait(30)


def drips(call: Call) -> None:
    """Begins an answer that never ends, a byte at a time."""
    call.wire.sendall(_head(200, {"Content-Length": "100000"}))
    while not call.released.wait(0.02):
        call.wire.sendall(b" ")


def floods(call: Call) -> None:
    """An answer without end, as fast as it is read."""
    call.wire.sendall(_head(200, {"Connection": "close"}))
    while not call.released.is_set():
        call.wire.sendall(b" " * 65_536)


def _head(status: int, headers: Mapping[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {status} Said So", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join(lines).encode() + LINE + LINE
