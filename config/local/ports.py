"""Ports on loopback: free ones, remembered ones, busy ones."""

import json
import random
import socket
from collections.abc import Iterable
from pathlib import Path

from config.local.site import HOST

# Below the range the kernel hands to outgoing connections, which could otherwise sit on a server's port
# in the second it needs to start again.
RANGE = range(20_000, 32_000)


def is_free(port: int) -> bool:
    """True when a server could listen there now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


def is_listening(port: int) -> bool:
    """True when something accepts connections there."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0


def choose(taken: Iterable[int] = ()) -> int:
    """A free port that is not among the taken ones."""
    taken = set(taken)
    while True:
        port = random.choice(RANGE)  # noqa: S311 (a port is no secret)
        if port not in taken and is_free(port):
            return port


def allot(names: Iterable[str], memory: Path) -> dict[str, int]:
    """A port for each name: last time's where it is still free, so that addresses stay the same."""
    try:
        known = json.loads(memory.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        known = {}
    ports: dict[str, int] = {}
    for name in names:
        last = known.get(name)
        is_usable = isinstance(last, int) and last not in ports.values() and is_free(last)
        ports[name] = last if is_usable else choose(ports.values())
    memory.write_text(json.dumps({**known, **ports}), encoding="utf-8")
    return ports
