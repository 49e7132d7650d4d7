"""One's prompts and files are listed to be taken again: each once, newest first, by key, nobody else's."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from generations import remembered
from generations.models import Generation
from generations.views.remembered import PAGE_SIZE
from media_pipeline.models import Asset
from tests.media_pipeline import pictures

pytestmark = pytest.mark.usefixtures("sandbox")
HTMX = {"HX-Request": "true"}


def ended(user: User, *prompts: str) -> None:
    """Rows as they are left by work, oldest first."""
    now = timezone.now()
    facts: dict[str, Any] = {
        "stage": "completed", "status": "completed", "model": "flux-schnell", "model_name": "FLUX Schnell",
        "provider": "replicate", "task": "text-to-image", "frame_width": 1, "frame_height": 1, "expected_seconds": 1,
        "cost_millicredits": 0, "completed_at": now, "viewed_at": now, "deadline_at": now,
    }  # fmt: skip
    for number, prompt in enumerate(prompts):
        moment = now - timedelta(minutes=len(prompts) - number)
        Generation.objects.create(user=user, prompt=prompt, created_at=moment, **facts)


def listed(content: str) -> list[str]:
    return re.findall(r"data-past-prompt>([^<]*)<", content)


def following(content: str) -> str:
    found = re.search(r'hx-get="(/(?:prompts|uploads)/\?[^"]*cursor=[^"]+)"', content)
    return found[1].replace("&amp;", "&") if found else ""


def upload(client: Client, name: str = "a.png") -> str:
    file = SimpleUploadedFile(name, pictures.encoded(), "image/png")
    return str(client.post("/api/upload", {"files": [file]}).json()[0]["id"])


# -- prompts ---------------------------------------------------------------------------------------
def test_each_prompt_is_listed_once_the_newest_first(hers: Client, her: User, make_person: Any) -> None:
    ended(her, "a fox", "a kite", "", "a fox", "a Fox")
    ended(make_person("carol"), "somebody else's")
    assert listed(hers.get("/prompts/", headers=HTMX).content.decode()) == ["a Fox", "a fox", "a kite"]


def test_pages_follow_by_key_and_repeat_nothing(
    hers: Client, her: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ended(her, *(f"prompt {number % 40:02d}" for number in range(60)))
    hers.get("/models/")
    with django_assert_num_queries(4):  # session, person, how far it looks, rows
        first = hers.get("/prompts/", headers=HTMX).content.decode()
    with django_assert_num_queries(4):
        second = hers.get(following(first), headers=HTMX).content.decode()
    seen = listed(first) + listed(second)
    assert len(listed(first)) == PAGE_SIZE
    assert sorted(seen) == [f"prompt {number:02d}" for number in range(40)]
    assert following(second) == ""
    assert "<search" not in second
    assert 'name="q"' not in second
    assert hers.get("/prompts/?cursor=damaged").status_code == 302


def test_words_narrow_the_list_and_stay_in_its_next_page(hers: Client, her: User) -> None:
    ended(her, "red fox", "a kite", "Рыжая лиса", "FOX, red & wild", *(f"lamp {number}" for number in range(30)))
    assert listed(hers.get("/prompts/", {"q": "fox red"}, headers=HTMX).content.decode()) == [
        "FOX, red &amp; wild",
        "red fox",
    ]
    assert listed(hers.get("/prompts/", {"q": "лис"}, headers=HTMX).content.decode()) == ["Рыжая лиса"]
    assert listed(hers.get("/prompts/", {"q": "100%_\\\0"}, headers=HTMX).content.decode()) == []
    second = hers.get(following(hers.get("/prompts/", {"q": "lamp"}, headers=HTMX).content.decode()), headers=HTMX)
    assert len(listed(second.content.decode())) == 30 - PAGE_SIZE


def test_a_page_looks_at_so_many_rows_and_leads_on(hers: Client, her: User, monkeypatch: pytest.MonkeyPatch) -> None:
    ended(her, "rare", *["the same words"] * 12)
    monkeypatch.setattr(remembered, "WINDOW", 5)
    pages = [hers.get("/prompts/", {"q": "rare"}, headers=HTMX).content.decode()]
    while further := following(pages[-1]):
        pages.append(hers.get(further, headers=HTMX).content.decode())
    assert [listed(page) for page in pages] == [[], [], ["rare"]]
    assert "You have not written this yet" not in pages[0]


def test_without_scripts_a_prompt_is_taken_by_its_address(hers: Client, her: User, make_person: Any) -> None:
    ended(her, "words to take")
    page = hers.get("/prompts/", {"model": "flux-2-pro", "goal": "image"}).content.decode()
    found = re.search(r'href="(/\?from=[^"]*)"', page)
    assert found is not None
    address = found[1].replace("&amp;", "&")
    content = hers.get(address).content.decode()
    assert "words to take</textarea>" in content
    assert 'name="model" value="flux-2-pro"' in content
    stranger = Client()
    stranger.force_login(make_person("carol"))
    assert "words to take" not in stranger.get(address).content.decode()


# -- files -----------------------------------------------------------------------------------------
def test_ones_own_files_are_listed_and_masks_and_results_are_not(hers: Client, her: User, make_person: Any) -> None:
    first, second, mask = upload(hers), upload(hers), upload(hers)
    stranger = Client()
    stranger.force_login(make_person("carol"))
    upload(stranger)
    made = Asset.objects.get(pk=upload(hers))
    Asset.objects.filter(pk=made.pk).update(is_upload=False)
    wish = {"model": "flux-fill-pro", "goal": "inpaint", "prompt": "a hat"}
    answer = hers.post("/", {**wish, "inputs.image": first, "inputs.mask": mask}, headers=HTMX)
    assert answer.status_code == 201, answer.content.decode()
    content = hers.get("/uploads/?kind=image", headers=HTMX).content.decode()
    assert re.findall(r'data-recent-file="([^"]+)"', content) == [second, first]
    assert re.findall(r"data-recent-file", hers.get("/uploads/?kind=video", headers=HTMX).content.decode()) == []


def test_files_are_paged_by_key_with_a_fixed_number_of_queries(
    hers: Client, her: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    facts: dict[str, Any] = {
        "user": her, "sha256": "0" * 64, "content_type": "image/webp", "size_bytes": 4, "width": 1, "height": 1,
        "is_upload": True,
    }  # fmt: skip
    Asset.objects.bulk_create(Asset(key=f"originals/{number}.webp", **facts) for number in range(PAGE_SIZE + 5))
    hers.get("/models/")
    with django_assert_num_queries(3):  # session, person, rows
        first = hers.get("/uploads/?kind=image", headers=HTMX).content.decode()
    with django_assert_num_queries(3):
        second = hers.get(following(first), headers=HTMX).content.decode()
    ids = re.findall(r'data-recent-file="([^"]+)"', first + second)
    assert len(ids) == len(set(ids)) == PAGE_SIZE + 5
    assert hers.get("/uploads/?kind=image&cursor=damaged").status_code == 302


def test_without_scripts_a_file_is_taken_by_its_address(hers: Client) -> None:
    picture = upload(hers)
    page = hers.get("/uploads/?kind=image&slot=image&model=flux-2-pro&goal=edit").content.decode()
    found = re.search(r'href="(/\?[^"]*inputs\.image=[^"]+)"', page)
    assert found is not None
    content = hers.get(found[1].replace("&amp;", "&")).content.decode()
    assert f'name="inputs.image" value="{picture}"' in content
    assert 'name="goal" value="edit"' in content
