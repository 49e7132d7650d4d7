"""The palette offers what the person may have, and no more than five of a kind."""

import re
from html import unescape
from typing import Any

from django.test import Client
from django.utils import timezone

from accounts.models import User
from generations.models import Generation, Item
from guide import shortcuts
from tests.access.belongings import give


def options(client: Client, text: str = "", language: str = "en") -> str:
    headers = {"HX-Request": "true", "Accept-Language": language}
    answer = client.get("/palette/", {"q": text}, headers=headers)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def give_works(person: User, count: int, prompt: str) -> None:
    ended = Generation.objects.get(pk=give(person)["ended"])
    now = timezone.now()
    for number in range(count):
        ended.pk, ended.prompt = None, f"{prompt} {number}"
        row = Generation.objects.create(
            **{
                field.attname: getattr(ended, field.attname)
                for field in Generation._meta.concrete_fields
                if field.name != "id"
            }
        )
        Item.objects.create(
            generation=row, user=person, created_at=now, month=now.date(), kind="image", model=row.model,
            provider=row.provider, prompt=row.prompt,
        )  # fmt: skip


def test_rooms_and_actions_without_a_word(alice: User, client: Client) -> None:
    client.force_login(alice)
    page = options(client)
    for address in (
        "/?goal=video",
        "/keyframes/",
        "/models/",
        "/library/",
        "/library/trash/",
        "/queue/",
        "/history/",
        "/docs/",
        "/accounts/email/",
        "/accounts/password/change/",
        "/accounts/2fa/",
    ):
        assert f'href="{address}"' in page
    assert 'form="palette-theme" name="theme" value="dark"' in page
    assert "/operator/" not in page


def test_an_admin_has_more_rooms(ada: User, client: Client) -> None:
    client.force_login(ada)
    assert all(address in options(client) for address in ("/operator/", "/admin/", "/styleguide/"))


def test_words_narrow_everything_and_find_models_and_headings(alice: User, client: Client) -> None:
    client.force_login(alice)
    page = options(client, "flux schnell")
    assert "/docs/models/flux-schnell/" in page
    assert 'href="/library/"' not in page
    assert "/docs/credits/#content_refused" in options(client, "refused by the filter")
    assert 'href="/library/"' in options(client, "библ", language="ru")
    assert "Nothing is called so" in options(client, "zzzz")


def test_results_are_the_persons_own_and_five_at_most(
    alice: User, carol: User, client: Client, django_assert_num_queries: Any
) -> None:
    give_works(alice, 7, "a heron")
    client.force_login(alice)
    for text in ("", "heron"):
        assert len(re.findall(r'href="/result/', options(client, text))) == 5
    with django_assert_num_queries(4):
        options(client, "heron")
    stranger = Client()
    stranger.force_login(carol)
    assert "/result/" not in options(stranger, "heron")
    assert "/result/" not in options(stranger)


def test_without_a_script_it_is_a_page(alice: User, client: Client) -> None:
    client.force_login(alice)
    page = client.get("/palette/", {"q": "trash"}).content.decode()
    assert 'href="/library/trash/"' in page
    assert "<h1>Go to</h1>" in page
    assert 'href="/palette/"' in client.get("/").content.decode()


def test_a_very_long_search_and_a_strange_one(alice: User, client: Client) -> None:
    client.force_login(alice)
    for text in ("x" * 5000, "\0", '"', "is:fav", "before:", "<script>", "%"):
        assert "<script>" not in options(client, text)


def test_every_shortcut_is_in_the_dialog_and_in_the_guide(alice: User, client: Client) -> None:
    client.force_login(alice)
    dialog = client.get("/shortcuts/", headers={"HX-Request": "true"}).content.decode()
    chapter = client.get("/shortcuts/", follow=True).content.decode()
    for group in shortcuts.GROUPS:
        for one in group.shortcuts:
            assert str(one.does) in unescape(dialog)
            assert str(one.does) in unescape(chapter)


def test_the_account_menu_leads_to_all_of_the_account(alice: User, client: Client) -> None:
    client.force_login(alice)
    page = client.get("/library/").content.decode()
    for address in ("/accounts/email/", "/accounts/password/change/", "/accounts/2fa/", "/notifications/preferences/"):
        # In the menu of a wide screen and in that of a narrow one.
        assert page.count(f'class="menu-row" href="{address}"') == 2
