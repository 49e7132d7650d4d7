"""Calls about a person's line: pausing, going on, moving to the front."""

from datetime import datetime

from accounts.models import User
from generations.models import Generation
from tests.api.cases import CREATE, Scene
from tests.conftest import ApiClient


def test_a_program_pauses_and_resumes_its_persons_line(scene: Scene) -> None:
    row = scene.client.send(CREATE, {"model": "flux-schnell", "prompt": "waits"}).json()
    assert scene.client.get("/api/line").json() == {"paused_at": None, "active": 0, "waiting": 1, "room": 24}
    paused = scene.client.post("/api/line/pause").json()
    assert datetime.fromisoformat(paused.pop("paused_at")).tzinfo is not None
    assert paused == {"active": 0, "waiting": 1, "room": 24}
    assert scene.client.get(f"/api/generations/{row['id']}").json()["waits_for"] == "pause"
    later = scene.client.send(CREATE, {"model": "flux-schnell", "prompt": "asked for meanwhile"}).json()
    assert (later["status"], later["waits_for"]) == ("pending", "pause")
    assert scene.client.post("/api/line/resume").json()["paused_at"] is None
    assert not Generation.objects.filter(waits_for="pause").exists()


def test_a_pause_is_ones_own(scene: Scene, bob: User) -> None:
    ApiClient(bob).post("/api/line/pause")
    assert scene.client.get("/api/line").json()["paused_at"] is None


def test_moving_to_the_front_answers_the_row(scene: Scene) -> None:
    row = scene.client.send(CREATE, {"model": "flux-schnell", "prompt": "soon", "priority": "low"}).json()
    answer = scene.client.post(f"/api/generations/{row['id']}/front")
    assert (answer.status_code, answer.json()["priority"]) == (200, "normal")


def test_a_stranger_moves_nothing(scene: Scene, bob: User) -> None:
    row = scene.client.send(CREATE, {"model": "flux-schnell", "prompt": "hers"}).json()
    assert ApiClient(bob).post(f"/api/generations/{row['id']}/front").status_code == 404
    assert Generation.objects.get(pk=row["id"]).fronted_at is None
