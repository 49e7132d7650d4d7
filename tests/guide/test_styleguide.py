"""The style guide shows every state there is, to admins alone; a new one cannot be forgotten."""

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from config.local.site import ROOT
from generations.failures import FAILURES
from generations.models import Generation, Item, Stage
from generations.models.event import Kind
from guide.styleguide import colours
from tests.access.belongings import give

CSS = ROOT / "static/css"
# Classes of a whole page, or of what stands around every page: they are seen there and not again here.
ELSEWHERE = {"lightbox", "shell", "rail", "topbar", "bottombar", "queue", "picker", "stream", "editor", "tool", "prose"}
COMPONENTS = [path for path in sorted((CSS / "components").glob("*.css")) if path.stem not in ELSEWHERE]


@pytest.fixture
def page(ada: User, client: Client) -> str:
    ended = Generation.objects.get(pk=give(ada)["ended"])
    now = timezone.now()
    Item.objects.create(
        generation=ended, user=ada, created_at=now, month=now.date(), kind="image", model=ended.model,
        provider=ended.provider, prompt=ended.prompt,
    )  # fmt: skip
    client.force_login(ada)
    return client.get("/styleguide/").content.decode()


def test_it_is_for_admins_and_for_nobody_else(alice: User, ada: User) -> None:
    assert Client().get("/styleguide/").status_code == 302
    for person, status in ((alice, 404), (ada, 200)):
        client = Client()
        client.force_login(person)
        assert client.get("/styleguide/").status_code == status


def test_every_stage_failure_and_event_is_there(page: str) -> None:
    assert set(re.findall(r'class="card" .*?data-stage="(\w+)"', page)) == set(Stage.values)
    assert page.count('class="card-reason"') >= len(FAILURES)
    assert set(re.findall(r'timeline-row" data-kind="(\w+)"', page)) == set(Kind.values)


def test_every_colour_has_its_swatch(page: str) -> None:
    rules = set(re.findall(r'data-colour="([\w-]+)"', (CSS / "pages/swatches.css").read_text(encoding="utf-8")))
    assert rules == set(colours())
    assert set(re.findall(r'data-colour="([\w-]+)"', page)) == rules


def test_stars_are_there_in_every_number_and_toasts_in_every_kind(page: str) -> None:
    marks = page[page.index('id="style-marks"') : page.index('id="style-toasts"')].split('<form class="marks"')[1:]
    assert [form.count("data-lit") for form in marks] == [0, 1, 2, 3, 4, 5, 0]
    assert [form.count('value="unfavourite:') for form in marks] == [0, 0, 0, 1, 0, 0, 0]
    assert "restore:" in marks[-1]
    parts = [part[: part.index("data-toast-close")] for part in page.split('class="notice toast"')[1:]]
    acts = [re.findall(r'name="do" value="(\w+):', part) for part in parts]
    assert acts == [[], ["undo"], ["undo"], ["go"]]


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
def test_every_component_is_shown(page: str, path: Any) -> None:
    """By the first class of its file."""
    names = re.findall(r"^\.([a-z][\w-]*)", path.read_text(encoding="utf-8"), re.MULTILINE)
    shown = set(" ".join(re.findall(r'class="([^"]*)"', page)).split())
    assert [name for name in dict.fromkeys(names) if name in shown], f"nothing of {path.name} is shown"


def test_the_theme_is_the_one_asked_for_and_the_persons_own_stays(ada: User, client: Client) -> None:
    client.force_login(ada)
    for theme in ("dark", "light"):
        assert f'data-theme="{theme}"' in client.get(f"/styleguide/?theme={theme}").content.decode()
    assert 'data-theme="system"' in client.get("/styleguide/?theme=pink").content.decode()
    ada.refresh_from_db()
    assert ada.theme == ""
