"""Answers that are lost: what was asked for is really done, and then it looks as if it had failed.

An edge is where the studio touches something outside its process: "asks" a provider, "commits" a transaction, "writes"
a statement of its own, "says" something through Redis, "stores" a file. It is named by what it does and the innermost
function of the product that does it.
"""

import errno
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from types import FrameType
from typing import Any

import pytest
import redis
import requests
from django.db import OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper

from media_pipeline import spool, storage

OURS = ("generations.", "media_pipeline.", "providers.", "accounts.")


def site(*apps: str) -> str:
    """The innermost frame of the product, of these apps alone when told, as module:function."""
    frame: FrameType | None = sys._getframe(2)
    while frame is not None:
        module = str(frame.f_globals.get("__name__", ""))
        if module.startswith(apps or OURS):
            return f"{module}:{frame.f_code.co_qualname.partition('.<')[0]}"
        frame = frame.f_back
    return ""


class Edges:
    """Every edge that is met; of one of them the first so many answers are lost."""

    def __init__(self, lost: str = "", in_a_row: int = 1) -> None:
        self.met: list[str] = []
        self.lost = lost
        self.in_a_row = in_a_row
        self.fired = 0

    def meet(self, edge: str) -> bool:
        """True when this answer does not come."""
        if edge.endswith(" "):
            return False
        self.met.append(edge)
        fires = edge == self.lost and self.fired < self.in_a_row
        self.fired += fires
        return fires

    @contextmanager
    def watched(self) -> Iterator["Edges"]:
        with pytest.MonkeyPatch.context() as patch, ExitStack() as stack:
            stack.enter_context(connection.execute_wrapper(self._write))
            self._wrap(patch, BaseDatabaseWrapper, "_commit", self._commit)
            self._wrap(patch, requests.Session, "send", self._ask)
            self._wrap(patch, redis.Redis, "execute_command", self._say)
            self._wrap(patch, redis.client.Pipeline, "execute", self._say)
            for owner, name in ((storage, "place"), (spool, "forget")):
                self._wrap(patch, owner, name, self._store)
            yield self

    @staticmethod
    def _wrap(patch: pytest.MonkeyPatch, owner: Any, name: str, around: Callable[..., Any]) -> None:
        real = getattr(owner, name)
        patch.setattr(owner, name, lambda *args, **kwargs: around(real, *args, **kwargs))

    def _ask(self, real: Any, *args: Any, **kwargs: Any) -> Any:
        answer = real(*args, **kwargs)
        if self.meet(f"asks {site('generations.')}"):
            answer.close()
            raise requests.ConnectionError("the answer was lost")
        return answer

    def _say(self, real: Any, *args: Any, **kwargs: Any) -> Any:
        answer = real(*args, **kwargs)
        if self.meet(f"says {site('generations.')}"):
            raise redis.TimeoutError("the answer was lost")
        return answer

    def _store(self, real: Any, *args: Any) -> Any:
        answer = real(*args)
        if self.meet(f"stores {site()}"):
            raise OSError(errno.EIO, "the disk did not answer")
        return answer

    def _commit(self, real: Any, wrapper: BaseDatabaseWrapper) -> None:
        real(wrapper)
        if self.meet(f"commits {site()}"):
            _cut(wrapper)

    def _write(self, execute: Any, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        answer = execute(sql, params, many, context)
        wrapper = context["connection"]
        is_read = sql.lstrip().startswith("SELECT") and "generation_request(" not in sql
        if not is_read and not wrapper.in_atomic_block and self.meet(f"writes {site()}"):
            _cut(wrapper)
        return answer


def _cut(wrapper: BaseDatabaseWrapper) -> None:
    """It is done, and the connection is gone before it could say so."""
    if wrapper.connection is not None:
        wrapper.connection.close()
    wrapper.errors_occurred = True
    raise OperationalError("the answer was lost: server closed the connection unexpectedly")
