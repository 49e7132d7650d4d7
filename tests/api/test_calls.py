"""The calls on one generation: what they take, what they answer, and who may."""

import datetime
import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings as django_settings
from django.test import Client

from accounts import credits
from accounts.models import User
from generations.models import Generation
from providers import catalogue
from tests.api.cases import CREATE, LIST, Scene, everything
from tests.conftest import ApiClient
from tests.studio import Sandbox, drive, step

ROW = {
    "id", "model", "model_name", "task", "status", "stage", "waits_for", "place_in_line", "created_at", "output_urls",
    "thumbnail_url", "viewed",
}  # fmt: skip
WHOLE = ROW | {
    "prompt", "settings", "seed", "priority", "cost", "error_message", "error_code", "completed_at", "viewed_at",
    "retry_of", "batch",
}  # fmt: skip
OBJECT_CALLS = [("GET", ""), ("POST", "/cancel"), ("POST", "/retry"), ("POST", "/viewed")]
# What needs no file, and no more credits than the cast has.
FROM_WORDS = [
    model.id
    for model in catalogue.all_models()
    if "text-to-image" in model.tasks and model.routes[0].provider == "replicate"
]
UUID7 = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def address(generation: Generation | dict[str, Any], suffix: str = "") -> str:
    pk = generation["id"] if isinstance(generation, dict) else generation.pk
    return f"/api/generations/{pk}{suffix}"


def test_whoever_is_in_no_hurry_says_so_and_only_admins_go_first(scene: Scene, ada: User) -> None:
    body = {"model": "flux-schnell", "prompt": "no hurry", "priority": "low"}
    row = scene.client.send(CREATE, body).json()
    assert row["priority"] == "low"
    again = scene.client.post(address(Generation.objects.get(pk=row["id"]), "/retry"))
    assert again.status_code == 409
    refused = scene.client.send(CREATE, body | {"priority": "high"})
    assert (refused.status_code, refused.json()["fields"]) == (400, {"priority": "This must be one of: low, normal."})
    assert scene.client.send(CREATE, body | {"priority": 1}).status_code == 400
    assert ApiClient(ada).send(CREATE, body | {"priority": "high"}).json()["priority"] == "high"


def test_create_answers_201_with_the_whole_row(scene: Scene) -> None:
    body = {"model": "flux-schnell", "prompt": " a lighthouse ", "params": {"seed": 7, "num_outputs": 2}, "inputs": {}}
    answer = scene.client.send(CREATE, body)
    row = answer.json()
    assert answer.status_code == 201
    assert set(row) == WHOLE
    assert UUID7.fullmatch(row["id"])
    assert datetime.datetime.fromisoformat(row["created_at"]).tzinfo is not None
    told = {name: row[name] for name in WHOLE - {"id", "created_at", "settings"}}
    assert told == {
        "model": "flux-schnell", "model_name": catalogue.get("flux-schnell").name,
        "task": "text-to-image", "status": "pending",
        "stage": "queued", "waits_for": None, "place_in_line": None,
        "output_urls": None, "thumbnail_url": None, "viewed": False, "prompt": "a lighthouse",
        "seed": 7, "priority": "normal", "cost": 0.6,
        "error_message": None, "error_code": None, "completed_at": None, "viewed_at": None,
        "retry_of": None,
        "batch": None,
    }  # fmt: skip
    assert (row["settings"]["seed"], row["settings"]["num_outputs"]) == (7, 2)
    assert answer.headers["Location"] == address(row)
    assert answer.headers["Cache-Control"] == "no-store"
    assert scene.client.get(address(row)).json() == row
    assert credits.balance_of(scene.alice.pk) == credits.Balance(available=99_400, held=600)


@pytest.mark.parametrize("model", FROM_WORDS)
def test_what_a_row_tells_as_settings_create_takes_as_params(model: str, scene: Scene) -> None:
    first = scene.client.send(CREATE, {"model": model, "prompt": "a lighthouse"}).json()
    second = scene.client.send(CREATE, {"model": model, "prompt": "a lighthouse", "params": first["settings"]}).json()
    assert second["settings"] == first["settings"]
    assert isinstance(first["seed"], int) == catalogue.get(model).has_seed


def test_a_page_may_call_with_its_csrf_token(scene: Scene) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(scene.alice)
    client.get("/")
    token = client.cookies["csrftoken"].value
    body = {"model": "flux-schnell", "prompt": "from a page"}
    answer = client.post(CREATE, body, content_type="application/json", headers={"X-CSRFToken": token})
    assert answer.status_code == 201
    assert Generation.objects.get().user == scene.alice


def test_a_finished_generation_has_private_absolute_links(scene: Scene, sandbox: Sandbox) -> None:
    generation = drive(scene.ask(scene.alice, "a lighthouse", num_outputs=2))
    row = scene.client.get(address(generation)).json()
    assert (row["status"], row["stage"], row["cost"]) == ("completed", "completed", 0.6)
    assert row["completed_at"] > row["created_at"]
    assert len(row["output_urls"]) == 2
    stranger = ApiClient(scene.make_person("carol"))
    for link in (*row["output_urls"], row["thumbnail_url"]):
        assert link.startswith(f"{django_settings.PUBLIC_URL}/media/")
        path = f"{urlsplit(link).path}?{urlsplit(link).query}"
        assert scene.client.get(path).status_code == 200
        assert stranger.get(path).status_code == 404
        assert Client().get(path).status_code == 404


def test_a_failed_generation_says_why_and_that_it_was_free(scene: Scene, sandbox: Sandbox) -> None:
    generation = drive(scene.ask(scene.alice, "a crowd [[refuse]]"))
    row = scene.client.get(address(generation)).json()
    assert (row["status"], row["error_code"], row["output_urls"]) == ("failed", "content_refused", None)
    assert row["error_message"].endswith("Nothing was charged.")


def test_cancelling_in_line_ends_it_and_gives_the_credits_back(scene: Scene) -> None:
    generation = scene.ask(scene.alice, "in line")
    answer = scene.client.post(address(generation, "/cancel"))
    assert (answer.status_code, answer.json()["status"]) == (200, "cancelled")
    assert set(answer.json()) == WHOLE
    assert credits.balance_of(scene.alice.pk) == credits.Balance(available=100_000)


def test_cancelling_what_was_sent_asks_the_provider(scene: Scene, running: Generation) -> None:
    for _ in range(2):
        answer = scene.client.post(address(running, "/cancel"))
        assert (answer.status_code, answer.json()["status"]) == (200, "processing")
    assert drive(running).stage == "cancelled"


def test_too_late_to_cancel_is_a_conflict_that_changes_nothing(scene: Scene, sandbox: Sandbox) -> None:
    for prompt in ("done", "a crowd [[refuse]]"):
        generation = drive(scene.ask(scene.alice, prompt))
        before = everything()
        answer = scene.client.post(address(generation, "/cancel"))
        assert (answer.status_code, answer.json()["code"]) == (409, "not_cancellable")
        assert everything() == before


def test_a_retry_is_a_new_generation_that_names_the_old_one(scene: Scene) -> None:
    generation = scene.ask(scene.alice, "again", seed=5)
    refused = scene.client.post(address(generation, "/retry"))
    assert (refused.status_code, refused.json()["code"]) == (409, "not_retryable")
    scene.client.post(address(generation, "/cancel"))
    answer = scene.client.post(address(generation, "/retry"))
    row = answer.json()
    assert answer.status_code == 201
    assert set(row) == WHOLE
    assert row["id"] != str(generation.pk)
    assert (row["retry_of"], row["status"], row["seed"], row["prompt"]) == (str(generation.pk), "pending", 5, "again")
    assert answer.headers["Location"] == address(row)


def test_seen_once_is_seen_at_the_same_time_for_ever(scene: Scene) -> None:
    generation = scene.ask(scene.alice, "seen")
    first, second = (scene.client.post(address(generation, "/viewed")).json() for _ in range(2))
    assert set(first) == WHOLE
    assert first["viewed"] is True
    assert first["viewed_at"] == second["viewed_at"]
    generation.refresh_from_db()
    seq = generation.change_seq
    scene.client.post(address(generation, "/viewed"))
    generation.refresh_from_db()
    assert generation.change_seq == seq


@pytest.mark.parametrize(("method", "suffix"), OBJECT_CALLS, ids=["detail", "cancel", "retry", "viewed"])
@pytest.mark.parametrize("who", ["carol", "ada", "sue"])
def test_a_stranger_finds_nothing_and_changes_nothing(who: str, method: str, suffix: str, scene: Scene) -> None:
    """Neither does an admin through this door: it is for one's own."""
    role = {"carol": "user", "ada": "admin", "sue": "super_admin"}[who]
    stranger = ApiClient(scene.make_person(who, role=role))
    mine, ended = scene.ask(scene.alice, "mine"), scene.ask(scene.alice, "ended")
    scene.client.post(address(ended, "/cancel"))
    before = everything()
    for generation in (mine, ended):
        answer = stranger.generic(method, address(generation, suffix))
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert everything() == before


@pytest.mark.parametrize(("method", "path"), [
    ("POST", CREATE), ("GET", LIST), *((method, "/api/generations/{mine}" + suffix) for method, suffix in OBJECT_CALLS)
])  # fmt: skip
def test_signed_out_is_401_and_says_how_to_sign_in(method: str, path: str, scene: Scene) -> None:
    mine = scene.ask(scene.alice, "mine")
    before = everything()
    answer = Client(enforce_csrf_checks=True).generic(method, path.format(mine=mine.pk))
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert everything() == before


def test_open_work_has_no_links_yet(scene: Scene, running: Generation) -> None:
    row = scene.client.get(address(step(running))).json()
    assert (row["status"], row["output_urls"], row["thumbnail_url"]) == ("processing", None, None)
