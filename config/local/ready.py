"""What "Ready" means: the page answers, a socket shook hands, the processes have beaten, the sandbox answers."""

import base64
import http.client
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from config.local.site import HOST, Site

TIMEOUT_SECONDS = 5.0


@dataclass(frozen=True)
class Check:
    """One condition; its name completes "still waiting for ..."."""

    name: str
    holds: Callable[[], bool]


def checks(site: Site, environment: Mapping[str, str]) -> list[Check]:
    """Everything the start waits for, asked through the proxy as a browser would."""
    host = urlsplit(site.public_url).netloc
    found = [
        Check("the page", lambda: _status(site.port, "/", {"Host": host}) == http.HTTPStatus.OK),
        Check("a socket", lambda: _shakes_hands(site.port, host, site.public_url)),
        Check("the processes", lambda: _nobody_is_missing(site.port, host)),
    ]
    if "SANDBOX_URL" in environment and site.is_embedded:
        port = int(environment["SANDBOX_PORT"])
        found.append(Check("the sandbox", lambda: _status(port, "/control/health", {}) == http.HTTPStatus.OK))
    return found


def _nobody_is_missing(port: int, host: str) -> bool:
    """True when the page is ready and worker, media and pulse have beaten lately."""
    status, body = _answer(port, "/api/health/ready", {"Host": host})
    try:
        found = json.loads(body)
    except ValueError:
        return False
    return status == http.HTTPStatus.OK and isinstance(found, dict) and found.get("waiting_for") == []


def _shakes_hands(port: int, host: str, origin: str) -> bool:
    """True when the socket server shakes hands; as nobody is signed in here, it hangs up after that."""
    headers = {
        "Host": host,
        "Origin": origin,
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
    }
    return _status(port, "/ws/live/", headers) == http.HTTPStatus.SWITCHING_PROTOCOLS


def _status(port: int, path: str, headers: Mapping[str, str]) -> int:
    """The answer's status; 0 when nobody answers."""
    return _answer(port, path, headers)[0]


def _answer(port: int, path: str, headers: Mapping[str, str]) -> tuple[int, bytes]:
    """Status and body; 0 and nothing when nobody answers."""
    connection = http.client.HTTPConnection(HOST, port, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("GET", path, headers=dict(headers))
        response = connection.getresponse()
        # What follows 101 is no body and has no end.
        has_body = response.status != http.HTTPStatus.SWITCHING_PROTOCOLS
        return response.status, response.read() if has_body else b""
    except (OSError, http.client.HTTPException):
        return 0, b""
    finally:
        connection.close()
