"""Download one file: check the address, ask, follow redirects by hand. The body is `receiving`'s, its meaning nobody's.

Credentials are sent only when an adapter says so for its own host, and never on to another one. Retries nothing: the
step that called does.
"""

from collections.abc import Mapping
from contextlib import closing
from http import HTTPStatus
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import ClassVar
from urllib.parse import urljoin

from django.conf import settings

from media_pipeline.connections import ConnectionFailed, Deadline, PinnedConnection
from media_pipeline.destinations import AddressRefused, Destination, locate
from media_pipeline.errors import MediaError
from media_pipeline.receiving import FetchedFile, receive

REDIRECTS_MAX = 2
REDIRECT_STATUSES = {301, 302, 303, 307, 308}
ABSENT_STATUSES = {400, 401, 403, 404}
# http.client adds Host and `Accept-Encoding: identity`.
HEADERS = {"Accept": "*/*", "User-Agent": "dotbase", "Connection": "close"}


class ServerFailed(MediaError):
    """A status that may be another one later: 429, 5xx, and what nobody expects."""


class TooManyRedirects(MediaError):
    code: ClassVar[str] = "output_unsafe"
    is_permanent: ClassVar[bool] = True


class Expired(MediaError):
    """Not there (any more). Storage services answer an old signature with 400 or 403. Not yet there looks the same."""

    code: ClassVar[str] = "output_expired"


class Gone(Expired):
    is_permanent: ClassVar[bool] = True


class Encoded(MediaError):
    """Compressed although `identity` was asked for: a 1 MB body could become 10 GB."""

    code: ClassVar[str] = "output_unsafe"
    is_permanent: ClassVar[bool] = True


def fetch(url: str, *, into: Path, headers: Mapping[str, str] | None = None) -> FetchedFile:
    """Download `url` to the file `into`. Raises the errors above, and those of destinations, connections, receiving.

    At most REDIRECTS_MAX redirects, each checked like the first address. The deadline covers all of it. headers: for
    the address's own origin; a redirect elsewhere is followed without them.
    """
    with Deadline(settings.MEDIA_TOTAL_SECONDS) as deadline:
        destination = first = locate(url)
        for _ in range(REDIRECTS_MAX + 1):
            own = headers if _is_same_origin(first, destination) else None
            with (
                closing(PinnedConnection(destination, deadline)) as connection,
                closing(_ask(connection, own or {})) as response,
            ):
                if response.status not in REDIRECT_STATUSES:
                    return receive(_accepted(response), into, deadline)
                destination = _next_stop(destination, response.headers.get("Location", ""))
    raise TooManyRedirects(f"{destination.host} sent us on more than {REDIRECTS_MAX} times.")


def _is_same_origin(here: Destination, there: Destination) -> bool:
    return (here.scheme, here.host, here.port) == (there.scheme, there.host, there.port)


def _ask(connection: PinnedConnection, headers: Mapping[str, str]) -> HTTPResponse:
    try:
        connection.request("GET", connection.destination.target, headers={**HEADERS, **headers})
        return connection.getresponse()
    except (OSError, HTTPException) as error:
        connection.deadline.check()
        raise ConnectionFailed(f"{connection.destination.host}: {type(error).__name__}.") from error


def _next_stop(here: Destination, location: str) -> Destination:
    there = locate(urljoin(here.url, location))
    if there.is_sandbox and not here.is_sandbox:
        raise AddressRefused("A public address sent us to this machine.")
    return there


def _accepted(response: HTTPResponse) -> HTTPResponse:
    if response.status == HTTPStatus.GONE:
        raise Gone("The file is gone (410).")
    if response.status in ABSENT_STATUSES:
        raise Expired(f"The file is not there ({response.status}).")
    if response.status != HTTPStatus.OK:
        raise ServerFailed(f"The server answered {response.status}.")
    content, transfer = (
        {value.strip().lower() for value in response.headers.get_all(name, [])}
        for name in ("Content-Encoding", "Transfer-Encoding")
    )
    if content - {"", "identity"} or transfer - {"chunked"}:
        raise Encoded("The body is encoded although none was asked for.")
    return response
