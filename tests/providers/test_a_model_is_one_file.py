"""A new model is one file: it stands everywhere after a restart; with a mistake in it nothing starts, which is said."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.core.management.base import SystemCheckError
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse

from accounts.models import User
from config import models_page
from config.local import fonts, ports
from config.local.processes import dying_with_parent
from config.local.site import ROOT
from providers import catalogue
from providers.catalogue import offer
from providers.models import ProviderHealth
from providers.pool import breaker, memory
from tests.plugin import Ground
from tests.studio import Ask, Sandbox, drive

FILE = offer.FOLDER / "replicate" / "flux-schnell.toml"


def restart() -> None:
    """The files are read once a process."""
    offer.all_models.cache_clear()
    offer._by_id.cache_clear()


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """The operator's own, with one model in it."""
    text = FILE.read_text(encoding="utf-8")
    text = text.replace('id = "flux-schnell"', 'id = "house-special"').replace('"FLUX Schnell"', '"House Special"')
    file = tmp_path / "replicate" / "house-special.toml"
    file.parent.mkdir()
    file.write_text(text, encoding="utf-8")
    settings.CATALOGUE_EXTRA_DIR = str(tmp_path)
    restart()
    yield tmp_path
    restart()


def spoil(folder: Path) -> int:
    """The number of the line with the mistake."""
    file = folder / "replicate" / "house-special.toml"
    lines = file.read_text(encoding="utf-8").splitlines()
    number = next(number for number, line in enumerate(lines) if line.startswith("frames"))
    lines[number] = 'frames = "round"'
    file.write_text("\n".join(lines), encoding="utf-8")
    restart()
    return number + 1


def test_it_stands_in_the_form_the_api_and_the_admin_and_makes_pictures(
    folder: Path, alice: User, ada: User, sandbox: Sandbox, ask: Ask
) -> None:
    people = {}
    for person in (alice, ada):
        people[person] = Client()
        people[person].force_login(person)
    assert "House Special" in people[alice].get(reverse("models")).content.decode()
    form = people[alice].get(reverse("create"), {"model": "house-special"}).content.decode()
    assert "House Special" in form and 'value="house-special"' in form
    rows = {row["id"]: row for row in Client().get("/api/models/list").json()}
    assert rows["house-special"]["parameters"] == rows["flux-schnell"]["parameters"]
    pages = [people[ada].get("/admin/models/", {"p": number}) for number in range(1, 9)]
    assert any("<code>house-special</code>" in page.content.decode() for page in pages)
    assert drive(ask(alice, "the special", model="house-special")).stage == "completed"


def test_the_admins_page_is_paged_and_says_why_a_model_cannot_be_chosen(ada: User, settings: Any) -> None:
    settings.EMBEDDED = False
    client = Client()
    client.force_login(ada)
    page = client.get("/admin/models/").content.decode()
    assert page.count("<code>") == models_page.PAGE_SIZE < len(catalogue.all_models())
    assert "No token is set: add one in the admin, or put one into REPLICATE_API_TOKEN." in page
    assert 'href="?p=2"' in page
    assert 'href="/admin/models/"' in client.get("/admin/").content.decode()


def test_the_admins_page_is_for_admins(alice: User) -> None:
    client = Client()
    assert client.get("/admin/models/").status_code == 302
    client.force_login(alice)
    assert client.get("/admin/models/", follow=True).status_code == 403


@pytest.mark.django_db
def test_a_mistake_stops_check_and_start_with_file_line_and_reason(folder: Path) -> None:
    said = rf"replicate/house-special\.toml, line {spoil(folder)}, cannot be used: .*frames must be one of"
    with pytest.raises(SystemCheckError, match=said):
        call_command("check")
    with pytest.raises(CommandError, match=said):
        call_command("prepare")


@pytest.mark.system
@pytest.mark.timeout(300)
def test_bin_run_does_not_start_with_it(folder: Path, tmp_path_factory: pytest.TempPathFactory, ground: Ground) -> None:
    line, data = spoil(folder), tmp_path_factory.mktemp("run")
    (data / "fonts.txt").write_text(f"no {fonts.PACKAGE}", encoding="utf-8")
    given = {"DATA_DIR": str(data), "PORT": str(ports.choose()), "CATALOGUE_EXTRA_DIR": str(folder)}
    run = subprocess.run(
        [sys.executable, "-m", "config.local.run"],
        cwd=ROOT,
        env={**ground.site.given, **given},
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=dying_with_parent(),
    )
    assert run.returncode == 1
    assert f"replicate/house-special.toml, line {line}, cannot be used: " in run.stderr
    assert "Ready" not in run.stdout


def test_a_folder_that_is_not_there_is_named(settings: Any, tmp_path: Path) -> None:
    settings.CATALOGUE_EXTRA_DIR = str(tmp_path / "nowhere")
    restart()
    with pytest.raises(catalogue.CatalogueError, match=r"CATALOGUE_EXTRA_DIR names .*nowhere, which is not a folder"):
        catalogue.all_models()
    restart()


@pytest.mark.parametrize(("order", "provider"), [("file", "replicate"), ("price", "fal")])
def test_the_operator_says_whether_the_file_or_the_price_decides_which_route_is_first(
    *, order: str, provider: str, folder: Path, alice: User, sandbox: Sandbox, ask: Ask, settings: Any
) -> None:
    file = folder / "replicate" / "house-special.toml"
    cheaper = file.read_text(encoding="utf-8").replace('provider = "fal"', 'provider = "fal"\nmillicredits = 100')
    file.write_text(cheaper, encoding="utf-8")
    restart()
    settings.ROUTE_ORDER = order
    generation = drive(ask(alice, "the cheaper way", model="house-special"))
    assert (generation.stage, generation.provider) == ("completed", provider)


def test_or_which_of_them_has_been_failing_less(
    folder: Path, alice: User, sandbox: Sandbox, ask: Ask, settings: Any
) -> None:
    restart()
    settings.ROUTE_ORDER = "health"
    model = catalogue.get("house-special")
    first, second = (route.endpoint for route in model.routes[:2])
    for is_failure in (True, False, False):
        breaker.note("replicate", first, is_failure=is_failure)
    memory.forget()
    assert drive(ask(alice, "round the bad one", model=model.id)).provider == "fal"
    for is_failure in (True, True):
        breaker.note("fal", second, is_failure=is_failure)
    memory.forget()
    assert drive(ask(alice, "back again", model=model.id)).provider == "replicate"
    ProviderHealth.objects.update(window_started_at=Now() - memory.LATELY)
    memory.forget()
    assert breaker.failed_share("fal", second) == 0
