"""Where the palette leads: rooms and actions by name, results, models and headings of the guide by their words."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from generations import goals
from generations.library.finding import select
from generations.library.search import Search
from generations.models import Item
from generations.views.composer import offered
from guide import finding

MOST = 5


@dataclass(frozen=True, slots=True)
class Place:
    """address: where it leads; for an action the name of its form, what it sends and under which name."""

    label: str
    icon: str
    address: str = ""
    about: str = ""
    form: str = ""
    name: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    title: str | Promise
    places: list[Place]


def groups(user: User, text: str) -> list[Group]:
    """At most five of each kind; without words all rooms and actions, and the newest results. Two or three queries."""
    words = text.casefold().split()
    found = [
        Group("rooms", _("Rooms"), _fitting(_rooms(user), words)),
        Group("results", _("Results"), [_result(item) for item in _results(user, text)]),
        Group("actions", _("Actions"), _fitting(_actions(), words)),
    ]
    if words:
        models = (Place(one.name, "sparkles", _model(one.id), one.summary) for one in offered())
        found.append(Group("models", _("Models"), _fitting(models, words)[:MOST]))
        headings = finding.find(text, MOST)
        docs = [Place(one.title, "book-open", one.address, one.chapter) for one in headings]
        found.append(Group("docs", _("Documentation"), docs))
    return [group for group in found if group.places]


def _fitting(places: Iterable[Place], words: list[str]) -> list[Place]:
    return [place for place in places if all(word in f"{place.label} {place.about}".casefold() for word in words)]


def _rooms(user: User) -> Iterator[Place]:
    for goal in goals.GOALS:
        yield Place(str(goal.label), goal.icon, f"{reverse('create')}?goal={goal.name}", gettext("Create"))
    yield Place(gettext("Keyframes"), "film", reverse("keyframes"))
    yield Place(gettext("Models"), "sparkles", reverse("models"))
    yield Place(gettext("Library"), "library", reverse("library"))
    yield Place(gettext("Archives"), "download", reverse("library-exports"), gettext("Library"))
    yield Place(gettext("Trash"), "trash-2", reverse("library-trash"), gettext("Library"))
    yield Place(gettext("Queue"), "refresh-cw", reverse("queue"))
    yield Place(gettext("All activity"), "refresh-cw", reverse("history"))
    yield Place(gettext("Notifications"), "bell", reverse("notifications"))
    yield Place(gettext("Documentation"), "book-open", reverse("docs"))
    if user.is_staff:
        yield Place(gettext("Operator"), "gauge", reverse("operator"))
        yield Place(gettext("Admin"), "shield", reverse("admin:index"))
        yield Place(gettext("Style guide"), "brush", reverse("styleguide"))


def _actions() -> Iterator[Place]:
    yield Place(gettext("Dark"), "moon", about=gettext("Theme"), form="theme", name="theme", value="dark")
    yield Place(gettext("Light"), "sun", about=gettext("Theme"), form="theme", name="theme", value="light")
    yield Place(gettext("As the system"), "monitor", about=gettext("Theme"), form="theme", name="theme", value="system")
    name, other = ("English", "en") if (get_language() or "").startswith("ru") else ("Русский", "ru")
    yield Place(name, "languages", about=gettext("Language"), form="language", name="language", value=other)
    yield Place(gettext("What you are told of"), "bell", reverse("notification-wishes"), gettext("Notifications"))
    yield Place(gettext("Email addresses"), "mail", reverse("account_email"))
    yield Place(gettext("New password"), "key-round", reverse("account_change_password"))
    yield Place(gettext("Second factor"), "smartphone", reverse("mfa_index"))
    yield Place(gettext("Show these shortcuts"), "keyboard", reverse("shortcuts"))
    yield Place(gettext("Sign out"), "log-out", form="sign-out")


def _results(user: User, text: str) -> list[Item]:
    search = Search(text)
    found = list(select(user, search).newest_first().with_files()[:MOST])
    if not found and search.wanted_words:
        found = list(select(user, search, is_similar=True).newest_first().with_files()[:MOST])
    return found


def _result(item: Item) -> Place:
    address = reverse("result", args=[item.pk])
    return Place(
        item.generation.prompt[:80] or item.generation.model_name, "image", address, item.generation.model_name
    )


def _model(model_id: str) -> str:
    return reverse("docs-model", args=[model_id])
