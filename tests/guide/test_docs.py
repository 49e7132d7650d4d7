"""The documentation in the studio: complete in both languages, true to the catalogue, without a dead link."""

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern, URLResolver
from django.utils import translation

from accounts.models import User
from generations.failures import FAILURES
from generations.models import Generation
from guide import finding, reading
from guide.chapters import CHAPTERS, Chapter, explaining
from guide.reading import LANGUAGES
from providers import catalogue
from tests.access.belongings import give

# Addresses with a name that are no page to read about. Each has the reason.
NO_PAGES = {
    "composer": "a fragment of create", "quote": "a fragment of create", "welcome": "what create is signed out",
    "library-month": "a fragment of the library", "library-tiles": "a fragment of the library",
    "library-act": "a form", "library-searches": "a form", "set-language": "a form", "set-theme": "a form",
    "generation-cancel": "a form", "generation-retry": "a form", "generation-viewed": "a form",
    "generation-check": "a form", "media": "a file", "webhook": "for providers", "upload": "a call: chapter API",
    "models-list": "a call: chapter API", "draft": "what create keeps by itself", "draft-forget": "a form",
    "draft-back": "a form",
    "generation-front": "a form", "queue-cancel": "a form", "queue-pause": "a form", "queue-resume": "a form",
    "models-pin": "a form",
    "notifications-read": "a form", "notification-read": "a form", "notification": "leads to what it tells of",
    "result-file": "a file", "changes": "what a socket would send", "staging": "a fragment of create",
    "telegram-link": "a form", "telegram-unlink": "a form", "telegram-webhook": "for Telegram",
}  # fmt: skip
# Of allauth only what the studio links to is a page of its own.
ALLAUTH = ("account_", "mfa_")
REFUSED = ("insufficient_credit", "active_limit", "rate_limited", "model_unavailable")


def names(resolver: Any = None) -> set[str]:
    found: set[str] = set()
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern) and pattern.name:
            found.add(pattern.name)
        elif isinstance(pattern, URLResolver) and pattern.namespace is None:
            found |= names(pattern)
    return found


def visit(client: Client, address: str, language: str) -> str:
    answer = client.get(address, headers={"Accept-Language": language})
    assert answer.status_code == 200, address
    return answer.content.decode()


def links(page: str) -> set[str]:
    return {unescape(address) for address in re.findall(r'href="([^"]+)"', page)}


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.slug)
def test_a_chapter_says_the_same_in_both_languages(chapter: Chapter) -> None:
    shapes = {}
    for language in LANGUAGES:
        with translation.override(language):
            written = reading.read(chapter)
        assert written.title
        assert written.lead
        assert "{{" not in written.html
        assert "{%" not in written.html
        shapes[language] = (
            [heading.level for heading in written.headings],
            [len(re.findall(tag, written.html)) for tag in ("<li>", "<td>", "<pre", "<code>")],
        )
    assert shapes["ru"] == shapes["en"]


def test_a_russian_dash_is_a_long_one() -> None:
    texts = sorted(Path(reading.__file__).parent.glob("texts/ru/*.md"))
    assert texts
    assert [text.name for text in texts if " – " in text.read_text()] == []


def test_every_page_of_the_studio_is_explained_and_linked() -> None:
    explained = {name for chapter in CHAPTERS for name in chapter.explains}
    pages = {name for name in names() if not name.startswith(ALLAUTH)} - NO_PAGES.keys()
    assert pages - explained == set(), "name it in guide/chapters.py and write about it in guide/texts"
    for chapter in CHAPTERS:
        html = reading.read(chapter).html
        for name in chapter.explains:
            if name not in {"docs-model", "docs-page", "library-export", "keyframes-board", "compare"}:
                args = [reading.SOME_ID] if name in {"result", "view"} else []
                assert reverse(name, args=args) in html, f"{chapter.slug}.md does not link {name}"


def test_no_link_is_dead(alice: User, ada: User) -> None:
    """Every page of the guide, read by an admin, who may go wherever it leads."""
    client = Client()
    client.force_login(ada)
    addresses = [reverse("docs"), *(reverse("docs-page", args=[chapter.slug]) for chapter in CHAPTERS)]
    for language in LANGUAGES:
        pages = {address: visit(client, address, language) for address in addresses}
        wanted = {link for page in pages.values() for link in links(page) if not link.startswith(("/static/", "http"))}
        for link in wanted:
            path, _query, anchor = urlsplit(link)[2:]
            if path and path not in pages and reading.SOME_ID not in path:
                answer = client.get(path, headers={"Accept-Language": language})
                assert answer.status_code in {200, 302}, link
                pages[path] = answer.content.decode()
            if path and anchor:
                assert f'id="{unquote(anchor)}"' in pages[path], link
        for address in addresses:
            anchors = {link[1:] for link in links(pages[address]) if link.startswith("#")}
            assert [one for one in anchors if f'id="{unquote(one)}"' not in pages[address]] == []


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_model_has_a_page_with_all_its_settings(client: Client, language: str) -> None:
    listed = visit(client, reverse("docs-page", args=["models"]), language)
    for model in catalogue.all_models():
        address = reverse("docs-model", args=[model.id])
        if model.is_enabled:
            assert address in listed
        page = visit(client, address, language)
        with translation.override(language):
            wanted = [model.name, model.summary, *(slot.label for slot in model.slots)]
            wanted += [parameter.label for parameter in model.parameters]
        wanted += [f"<code>{parameter.name}</code>" for parameter in model.parameters]
        wanted += [f"<code>{route.endpoint}</code>" for route in model.routes]
        assert [words for words in wanted if words not in unescape(page)] == [], model.id


@pytest.mark.django_db
def test_the_example_of_a_model_is_a_call_that_is_taken(alice: User, program: Callable[..., Any]) -> None:
    give(alice)
    body = visit(Client(), reverse("docs-model", args=["flux-schnell"]), "en")
    example = re.search(r"-d &#x27;(.+?)&#x27;</code>", body, re.DOTALL) or re.search(r"-d '(.+?)'</code>", body, re.S)
    assert example is not None
    answer = program(alice).send("/api/generations/create", unescape(example[1]))
    assert answer.status_code == 201, answer.content


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", [*FAILURES, *REFUSED])
def test_a_failure_and_a_refusal_are_explained(code: str, language: str) -> None:
    with translation.override(language):
        assert finding.explanation(code) == f"/docs/credits/#{code}"


def test_every_refusal_that_always_says_the_same_is_explained() -> None:
    codes = {refusal.code for refusal in reading.facts()["refusals"]}  # type: ignore[attr-defined]
    assert [code for code in codes if not finding.explanation(code)] == []


def test_the_page_of_a_failed_generation_leads_to_its_explanation(alice: User, client: Client) -> None:
    give(alice)
    Generation.objects.filter(prompt="ended").update(stage="failed", status="failed", error_code="content_refused")
    client.force_login(alice)
    failed = Generation.objects.get(prompt="ended")
    assert "/docs/credits/#content_refused" in links(visit(client, reverse("result", args=[failed.pk]), "en"))


def test_a_refused_form_leads_to_the_explanation(alice: User, client: Client) -> None:
    client.force_login(alice)
    answer = client.post("/", {"model": "flux-schnell", "prompt": ""})
    assert "/docs/credits/#prompt_empty" in links(answer.content.decode())


def test_the_question_mark_leads_to_the_chapter_about_the_page(alice: User, client: Client) -> None:
    client.force_login(alice)
    for address, slug in (("/library/", "library"), ("/inpaint/", "editors"), ("/", "create"), ("/docs/api/", "start")):
        assert f"/docs/{slug}/" in links(visit(client, address, "en"))
    assert explaining("library-trash").slug == "library"


def test_examples_name_a_generation_of_the_reader_and_of_nobody_else(alice: User, carol: User) -> None:
    things = give(alice)
    newest = str(Generation.objects.for_user(alice).newest_first()[0].pk)
    assert things["ended"]
    for person, own in ((alice, True), (carol, False)):
        client = Client()
        client.force_login(person)
        page = visit(client, "/docs/api/", "en")
        assert (newest in page) is own
        assert (reading.SOME_ID in page) is not own


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "text", "address"),
    [
        ("en", "refused filter", "/docs/credits/#content_refused"),
        ("ru", "отказано", "/docs/credits/#почему-отказано"),
        ("en", "flux schnell", "/docs/models/flux-schnell/"),
        ("ru", "библиотека", "/docs/library/"),
    ],
)
def test_search_finds_headings_and_models(client: Client, language: str, text: str, address: str) -> None:
    page = unescape(visit(client, f"/docs/search/?q={text}", language))
    assert address in page
    fragment = client.get("/docs/search/", {"q": text}, headers={"Accept-Language": language, "HX-Request": "true"})
    assert address in unescape(fragment.content.decode())
    assert "<html" not in fragment.content.decode()


def test_search_for_nothing_and_for_nonsense(client: Client, db: None) -> None:
    assert "docs-hit" not in visit(client, "/docs/search/", "en")
    assert "No heading has these words" in visit(client, f"/docs/search/?q={'x' * 5000}", "en")
    assert "&lt;b&gt;" in visit(client, "/docs/search/?q=<b>", "en")


def test_a_chapter_or_model_that_is_not_there(client: Client, db: None) -> None:
    for address in ("/docs/nothing/", "/docs/models/nothing/"):
        assert client.get(address).status_code == 404


def test_a_stranger_reads_without_any_query(client: Client, django_assert_num_queries: Any, db: None) -> None:
    addresses = ("/docs/", "/docs/models/", "/docs/models/flux-schnell/", "/docs/search/?q=price")
    client.get(addresses[2])  # whose provider has a token is remembered
    for address in addresses:
        with django_assert_num_queries(0):
            client.get(address)


def test_a_reader_costs_what_the_shell_costs(alice: User, client: Client, django_assert_num_queries: Any) -> None:
    client.force_login(alice)
    client.get("/docs/api/")
    with django_assert_num_queries(5):
        client.get("/docs/")
    with django_assert_num_queries(6):
        client.get("/docs/api/")
