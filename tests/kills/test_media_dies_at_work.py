"""kill -9 of the media workers while one of them does a person's work on this machine."""

import io

import pytest
import requests

from tests.media_pipeline import pictures
from tests.system import RunningSystem
from tests.visitor import Visitor

pytestmark = pytest.mark.system


def uploaded(visitor: Visitor) -> str:
    file = io.BytesIO(pictures.encoded("PNG", 640, 360))
    answer = visitor.call("POST", "/api/upload", files={"files": ("a.png", file, "image/png")})
    assert answer.status_code == 201, answer.text
    return str(answer.json()[0]["id"])


def test_the_work_is_done_again_and_ends_once(system: RunningSystem, alice: Visitor) -> None:
    wish = {
        "model": "local-cross-fade",
        "prompt": "",
        "params": {"duration": "3", "fps": "30", "resolution": "720p"},
        "inputs": {"first_frame": [uploaded(alice)], "last_frame": [uploaded(alice)]},
    }
    answer = alice.call("POST", "/api/generations/create", json=wish)
    assert answer.status_code == 201, answer.text
    generation = str(answer.json()["id"])
    work = system.system.site.data_dir / "local"
    system.wait_until(lambda: work.is_dir() and any(path.stat().st_size for path in work.glob("*/result")))
    system.kill("media")
    assert alice.stage(generation) == "running"
    row = alice.wait_for(generation, "completed", seconds=90)
    assert alice.ledger() == []
    assert alice.balance() == (100_000, 0)
    attempts = system.query("SELECT number, state FROM generations_attempt WHERE generation_id = %s", generation)
    assert attempts == [(1, "closed")]
    (address,) = row["output_urls"]
    film = requests.get(address, headers={"Authorization": f"Bearer {alice.key}"}, timeout=10)
    assert (film.status_code, film.headers["Content-Type"]) == (200, "video/mp4")
