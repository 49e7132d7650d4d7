"""What must be true after every accident."""

import requests

from tests.system import RunningSystem
from tests.visitor import Visitor


def assert_one_end(visitor: Visitor, generation_id: str, prompt: str) -> None:
    """One end, one charge, one job at the provider, one picture that its owner can open and the page shows."""
    row = visitor.get(generation_id)
    assert (row["status"], len(row["output_urls"])) == ("completed", 1)
    assert visitor.ledger() == ["hold", "capture"]
    assert visitor.balance() == (100_000 - 300, 0)
    assert len(visitor.journal(prompt)) == 1
    ends = visitor.system.query(
        "SELECT kind FROM generations_event WHERE generation_id = %s AND kind IN ('completed', 'failed', 'cancelled')",
        generation_id,
    )
    assert ends == [("completed",)]
    picture = requests.get(row["output_urls"][0], headers={"Authorization": f"Bearer {visitor.key}"}, timeout=10)
    assert (picture.status_code, picture.headers["Content-Type"]) == (200, "image/webp")
    page = visitor.sign_in().browser.get(f"{visitor.system.url}/", timeout=10)
    assert f'id="generation-{generation_id}"' in page.text
    assert "/media/" in page.text


def attempt_of(visitor: Visitor, generation_id: str) -> tuple[object, ...]:
    """State and provider's id of the one attempt."""
    (attempt,) = visitor.system.query(
        "SELECT state, external_id FROM generations_attempt WHERE generation_id = %s", generation_id
    )
    return attempt


def stages_of(visitor: Visitor) -> list[object]:
    rows = visitor.system.query("SELECT stage FROM generations_generation WHERE user_id = %s", visitor.id)
    return [stage for (stage,) in rows]


def is_answering(system: RunningSystem) -> bool:
    """Pages come through the proxy."""
    try:
        return requests.get(f"{system.url}/api/health/live", timeout=2).status_code == 200
    except requests.RequestException:
        return False
