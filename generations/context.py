"""What every page shows around its content; read only when a template asks for it."""

from functools import cache, cached_property
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from accounts.credits import Balance, balance_of
from accounts.models import User
from generations.queue import Queue, queue_of
from providers import status

THEMES = ("system", "dark", "light")


class Shell:
    """The person's balance, queue and look."""

    def __init__(self, person: User | None, theme_cookie: str = "") -> None:
        self.person = person
        self._theme_cookie = theme_cookie

    @cached_property
    def balance(self) -> Balance:
        return balance_of(self.person.pk) if self.person else Balance()

    @cached_property
    def queue(self) -> Queue:
        return queue_of(self.person) if self.person else Queue(0, [])

    @property
    def cursor(self) -> int:
        """The person's change number when they were read, before anything else of the page was."""
        return self.person.seq if self.person else 0

    @property
    def theme(self) -> str:
        chosen = (self.person.theme if self.person else "") or self._theme_cookie
        return chosen if chosen in THEMES else "system"

    @property
    def is_staff(self) -> bool:
        return bool(self.person and self.person.is_staff)

    @property
    def sandboxed(self) -> bool:
        """Pictures come from the sandbox, and the page says so."""
        return any(provider.mode == "sandbox" for provider in status.describe())

    @property
    def has_fonts(self) -> bool:
        return _is_there(settings.STATIC_ROOT / "fonts/golos.css")


@cache
def _is_there(path: Path) -> bool:
    """Asked once a process: static files are collected before it starts."""
    return path.is_file()


def shell(request: HttpRequest) -> dict[str, Any]:
    person = getattr(request, "user", None)
    theme = request.COOKIES.get("theme", "")
    return {"shell": Shell(person if isinstance(person, User) else None, theme)}
