"""A mail server on loopback that keeps what it is given, or misbehaves as told."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from django.core.mail.backends.smtp import EmailBackend


class Letterbox(socketserver.ThreadingTCPServer):
    """mood: "" takes every letter; "later" and "never" refuse the address; "cut" takes it and says nothing."""

    daemon_threads = True

    def __init__(self, mood: str = "") -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.mood = mood
        self.letters: list[EmailMessage] = []

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class Tripping(EmailBackend):
    """A mail backend that sends, and then breaks in a way that nobody foresaw."""

    def send_messages(self, email_messages: Any) -> int:
        super().send_messages(email_messages)
        raise RuntimeError("nobody foresaw this")


class _Talk(socketserver.StreamRequestHandler):
    """As much of RFC 5321 as smtplib speaks."""

    server: Letterbox

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        self.say("220 letterbox")
        while line := self.rfile.readline():
            word = line[:4].upper().strip()
            if word == b"QUIT":
                return self.say("221 bye")
            if word == b"DATA":
                if not self.take():
                    return None
            elif word == b"RCPT" and self.server.mood in {"later", "never"}:
                self.say("451 later" if self.server.mood == "later" else "550 never")
            else:
                self.say("250 ok")
        return None

    def take(self) -> bool:
        self.say("354 go on")
        lines = iter(self.rfile.readline, b".\r\n")
        letter = message_from_bytes(b"".join(lines), policy=policy.default)
        self.server.letters.append(letter)
        if self.server.mood == "cut":
            return False
        self.say("250 taken")
        return True


@contextmanager
def open_letterbox(mood: str = "") -> Iterator[Letterbox]:
    with Letterbox(mood) as box:
        threading.Thread(target=box.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        try:
            yield box
        finally:
            box.shutdown()
