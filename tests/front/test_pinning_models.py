"""A person pins models to the top of the list: theirs alone, once, and without scripts, too."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from generations.models import Pin

pytestmark = pytest.mark.usefixtures("sandbox")
HTMX = {"HX-Request": "true"}


def pinned_in(content: str) -> list[tuple[str, str]]:
    """Model and goal of each row in the first group, where that is the one of pins."""
    _before, found, rest = content.partition('id="group-pinned"')
    return re.findall(r'href="/\?model=([^&]+)&amp;goal=(\w+)"', rest.partition("</section>")[0]) if found else []


def test_pinned_models_stand_first_and_among_the_others_for_what_one_is_doing(hers: Client) -> None:
    assert pinned_in(hers.get("/models/", headers=HTMX).content.decode()) == []
    for model in ("veo-3.1", "flux-2-pro"):
        hers.post("/models/pins/", {"pin": model}, headers=HTMX)
    content = hers.get("/models/?model=flux-dev&goal=image", headers=HTMX).content.decode()
    assert pinned_in(content) == [("veo-3.1", "video"), ("flux-2-pro", "image")]
    assert content.index("group-pinned") < content.index("group-image")
    assert content.count('href="/?model=veo-3.1&amp;goal=video"') == 2
    editing = hers.get("/models/?model=flux-kontext-pro&goal=edit", headers=HTMX).content.decode()
    assert pinned_in(editing) == [("veo-3.1", "video"), ("flux-2-pro", "edit")]


def test_the_answer_is_the_rows_and_a_pin_that_takes_it_back(hers: Client, her: User) -> None:
    answer = hers.post("/models/pins/", {"pin": "flux-dev", "model": "flux-dev", "goal": "image"}, headers=HTMX)
    content = answer.content.decode()
    assert content.lstrip().startswith('<div class="picker-groups" id="picker-groups">')
    pins = re.findall(r'form="pins" id="pin-\w+-flux-dev" name="(\w+)" value="flux-dev" aria-pressed="(\w+)"', content)
    assert set(pins) == {("unpin", "true")}
    assert len(pins) > 1
    hers.post("/models/pins/", {"pin": "flux-dev"}, headers=HTMX)
    assert Pin.objects.for_user(her).count() == 1
    for _ in range(2):
        answer = hers.post("/models/pins/", {"unpin": "flux-dev"}, headers=HTMX)
        assert pinned_in(answer.content.decode()) == []
    assert not Pin.objects.exists()


def test_without_scripts_it_leads_back_with_what_was_filtered(hers: Client) -> None:
    page = hers.get("/models/?provider=fal&price=25&goal=video").content.decode()
    form = page[page.index('<form id="pins"') :].partition("</form>")[0]
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))
    fields.pop("csrfmiddlewaretoken", None)
    assert re.search(r'form="pins" id="pin-video-veo-3.1" name="pin"', page)
    answer = hers.post("/models/pins/", {**fields, "pin": "veo-3.1"}, follow=True)
    where = answer.redirect_chain[0][0]
    assert where.startswith("/models/?model=")
    assert where.endswith("&provider=fal&price=25")
    assert re.search(r'form="pins" id="pin-video-veo-3.1" name="unpin"', answer.content.decode())


def test_what_is_no_model_cannot_be_pinned(hers: Client) -> None:
    for body in ({"pin": "no-such-model"}, {}, {"pin": "x" * 5000}):
        assert hers.post("/models/pins/", body).status_code == 404
    assert hers.get("/models/pins/").status_code == 405
    assert not Pin.objects.exists()


def test_pins_are_ones_own(hers: Client, her: User, make_person: Callable[..., User]) -> None:
    carol = make_person("carol")
    strangers = Client()
    strangers.force_login(carol)
    hers.post("/models/pins/", {"pin": "flux-dev"})
    assert pinned_in(strangers.get("/models/", headers=HTMX).content.decode()) == []
    strangers.post("/models/pins/", {"unpin": "flux-dev"})
    assert list(Pin.objects.values_list("user", "model")) == [(her.pk, "flux-dev")]
    assert Client().post("/models/pins/", {"pin": "flux-2-pro"}).status_code == 302
    assert Pin.objects.count() == 1


def test_a_pin_of_a_model_that_is_offered_no_more_is_passed_over(hers: Client, her: User) -> None:
    Pin.objects.create(user=her, model="gone-for-good")
    answer = hers.get("/models/", headers=HTMX)
    assert answer.status_code == 200
    assert pinned_in(answer.content.decode()) == []
