"""What needs no key: the list of models, health, and the sweeps by hand, which have a secret of their own."""

from typing import Any

import pytest
from django.test import Client

from generations.models import Heartbeat
from providers import catalogue
from tests.api.cases import CYRILLIC, is_a_sentence
from tests.conftest import ApiClient, MakePerson

MODELS = "/api/models/list"
CLEANUP = "/api/cron/cleanup"
pytestmark = pytest.mark.django_db


def test_everybody_may_read_the_list_of_models() -> None:
    answer = Client().get(MODELS)
    rows = answer.json()
    assert answer.status_code == 200
    assert [row["id"] for row in rows] == [model.id for model in catalogue.available()]
    assert {frozenset(row) for row in rows} == {
        frozenset(
            {
                "id",
                "name",
                "provider",
                "tasks",
                "parameters",
                "inputs",
                "output",
                "prompt",
                "price",
                "typical_seconds",
                "time",
            }
        )
    }
    row = rows[0]
    assert (row["provider"], row["tasks"], row["inputs"]) == ("replicate", ["text-to-image"], [])
    assert row["price"] == {"unit": "image", "credits": 0.3}
    seed = next(parameter for parameter in row["parameters"] if parameter["name"] == "seed")
    assert (seed["type"], seed["minimum"], seed["maximum"]) == ("integer", 0, 2**31 - 1)


def test_the_list_of_models_may_be_kept_by_anybodys_cache() -> None:
    answer = Client().get(MODELS)
    assert answer.headers["Cache-Control"] == "public, s-maxage=3600, stale-while-revalidate=7200"
    assert "Set-Cookie" not in answer.headers
    assert not answer.cookies


@pytest.mark.parametrize("form", ["{tag}", "W/{tag}", '"x", {tag}', "*"])
def test_an_unchanged_list_is_not_sent_again(form: str) -> None:
    first = Client().get(MODELS)
    answer = Client().get(MODELS, headers={"If-None-Match": form.format(tag=first.headers["ETag"])})
    assert (answer.status_code, answer.content) == (304, b"")
    for name in ("ETag", "Cache-Control", "Vary"):
        assert answer.headers[name] == first.headers[name]


def test_a_changed_list_is_sent(settings: Any) -> None:
    first = Client().get(MODELS)
    russian = Client().get(MODELS, headers={"If-None-Match": first.headers["ETag"], "Accept-Language": "ru"})
    assert russian.status_code == 200
    assert russian.headers["ETag"] != first.headers["ETag"]
    settings.EMBEDDED = settings.LOCAL_WORK = False
    without = Client().get(MODELS, headers={"If-None-Match": first.headers["ETag"]})
    assert (without.status_code, without.json()) == (200, [])


def test_the_list_is_the_same_for_all_who_ask_in_one_language(make_person: MakePerson) -> None:
    """A shared cache knows the language by Accept-Language alone: a person's own choice must not leak into it."""
    alice = make_person("alice", language="ru")
    signed_in = Client()
    signed_in.force_login(alice)
    with_cookie = Client()
    with_cookie.cookies["django_language"] = "ru"
    plain = Client().get(MODELS, headers={"Accept-Language": "en"})
    for client in (signed_in, with_cookie, ApiClient(alice)):
        answer = client.get(MODELS, headers={"Accept-Language": "en"})
        assert answer.content == plain.content
        assert answer.headers["Vary"] == plain.headers["Vary"] == "Accept-Language"


def test_the_list_speaks_the_language_asked_for() -> None:
    labels = {}
    for language in ("en", "ru"):
        (row, *_) = Client().get(MODELS, headers={"Accept-Language": language}).json()
        labels[language] = row["parameters"][0]["label"]
    assert not CYRILLIC.search(labels["en"])
    assert CYRILLIC.search(labels["ru"])


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_sweeps_run_for_who_knows_the_secret(method: str, settings: Any) -> None:
    settings.CRON_SECRET = "right"
    answer = Client(enforce_csrf_checks=True).generic(method, CLEANUP, headers={"Authorization": "Bearer right"})
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert {"overdue", "deliveries", "late"} < set(answer.json())
    assert all(isinstance(count, int) for count in answer.json().values())


@pytest.mark.parametrize(
    ("secret", "given"),
    [
        ("right", None), ("right", "Bearer wrong"), ("right", "right"), ("right", "Bearer right "),
        ("right", "Bearer \u00e9"), ("", "Bearer "), ("", "Bearer"), ("right", "Bearer "),
    ],
)  # fmt: skip
def test_the_sweeps_do_not_run_for_anybody_else(secret: str, given: str | None, settings: Any) -> None:
    settings.CRON_SECRET = secret
    answer = Client().post(CLEANUP, headers={"Authorization": given} if given else {})
    body = answer.json()
    assert (answer.status_code, set(body), body["code"]) == (401, {"error", "code"}, "not_authenticated")
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert is_a_sentence(body["error"])


def test_a_key_of_alice_is_not_the_secret(make_person: MakePerson) -> None:
    assert ApiClient(make_person("alice")).post(CLEANUP).status_code == 401


def test_health_tells_of_everything_it_stands_on() -> None:
    answer = Client().get("/api/health")
    body = answer.json()
    assert answer.status_code == 200
    assert set(body) == {"status", "database", "redis", "workers", "memory"}
    assert body["status"] == "healthy"
    for part in ("database", "redis"):
        assert set(body[part]) == {"status", "latencyMs"}
        assert body[part]["status"] == "ok"
        assert 0 < body[part]["latencyMs"] < 1000
    assert body["workers"] == dict.fromkeys(("worker", "media", "pulse", "beat"), "silent")
    assert 10 < body["memory"]["rssMB"] < 2000


def test_live_asks_nothing(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        answer = Client().get("/api/health/live")
    assert (answer.status_code, answer.json()) == (200, {"status": "live"})


def test_ready_names_what_has_not_beaten() -> None:
    answer = Client().get("/api/health/ready")
    assert answer.status_code == 200
    assert answer.json()["waiting_for"] == ["media", "pulse", "worker"]
    for name in ("worker", "media", "pulse"):
        Heartbeat.objects.beat(name)
    answer = Client().get("/api/health/ready")
    assert (answer.status_code, answer.json()["waiting_for"]) == (200, [])
    assert Client().get("/api/health").json()["workers"]["pulse"] == "ok"


@pytest.mark.parametrize("path", [MODELS, "/api/health", "/api/health/live", "/api/schema"])
def test_head_answers_as_get_does(path: str) -> None:
    answer = Client().head(path)
    assert (answer.status_code, answer.content) == (200, b"")
