"""Sessions for http.py: requests without what it does by itself, and connections that know when nothing was sent.

requests reports a refused connection and one that was cut after sending by the same exception, and a stalled TLS
handshake as a read timeout. So the connection itself says NotSent, from within connect(), where that is certain.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError

from providers.errors import NotSent


@contextmanager
def _connecting(host: str) -> Iterator[None]:
    try:
        yield
    except (HTTPError, OSError, ValueError) as error:  # names, addresses, TCP, TLS, certificates
        raise NotSent(f"no connection to {host}: {error}") from error


class _PlainConnection(HTTPConnection):
    def connect(self) -> None:
        with _connecting(self.host):
            super().connect()


class _TlsConnection(HTTPSConnection):
    def connect(self) -> None:
        with _connecting(self.host):
            super().connect()


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _PlainConnection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


class _Transport(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _TlsPool}


class Session(requests.Session):
    """No environment (proxies, .netrc), no redirects, no retries. Cookies stay here: requests are prepared apart."""

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False
        for scheme in ("http://", "https://"):
            self.mount(scheme, _Transport(pool_maxsize=20, max_retries=0))

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Nowhere, whatever the answer says. (requests would also read the whole body of a redirect.)"""


@cache
def pooled_session(provider: str) -> Session:
    """The one session of a provider in this process."""
    del provider
    return Session()


# A forked worker must not write into its parent's connections.
os.register_at_fork(after_in_child=pooled_session.cache_clear)
