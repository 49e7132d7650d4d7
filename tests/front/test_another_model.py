"""A change of model keeps what fits, brings numbers as near as can be, and says what became of each choice."""

import re
from typing import Any

import pytest
from django.test import Client

pytestmark = pytest.mark.usefixtures("sandbox")
HTMX = {"HX-Request": "true"}


def switched(client: Client, former: str, model: str, **given: Any) -> str:
    fields = {"from_model": former, "model": model, "prompt": "a kite", **given}
    return client.get("/composer/", fields, headers=HTMX).content.decode()


def told(content: str) -> str:
    found = re.search(r'id="changed"[^>]*>([^<]*)<', content)
    return found[1] if found else ""


def test_a_number_becomes_the_nearest_and_what_is_not_there_is_left_out(hers: Client) -> None:
    content = switched(hers, "flux-dev", "flux-schnell", guidance="7", num_inference_steps="40", aspect_ratio="16:9")
    assert told(content) == "Changed: Guidance: left out, Steps 40 → 4"
    assert re.search(r'name="num_inference_steps" value="4"', content)
    assert re.search(r'name="aspect_ratio" value="16:9" checked', content)


def test_nothing_is_told_where_nothing_was_chosen_or_all_of_it_fits(hers: Client) -> None:
    assert told(switched(hers, "flux-dev", "flux-schnell", guidance="3.0", num_inference_steps="28")) == ""
    assert told(switched(hers, "flux-dev", "flux-schnell", num_inference_steps="3", seed="77")) == ""


def test_a_length_that_another_model_has_not_becomes_the_nearest_it_has(hers: Client) -> None:
    content = switched(hers, "seedance-1-pro", "kling-v2.6-pro", goal="video", duration="8")
    assert told(content) == "Changed: Length 8 s → 10 s"
    assert re.search(r'<option value="10" selected>', content)


def test_a_switch_that_was_turned_off_stays_off(hers: Client) -> None:
    content = switched(hers, "kling-v3-pro", "kling-v3-standard", goal="video")
    assert re.findall(r'role="switch" name="sound"( checked)?', content) == [""]
    assert told(content) == ""


def test_everything_of_a_result_is_taken_or_all_but_its_seed_or_its_words(hers: Client) -> None:
    wish = {"model": "flux-dev", "prompt": "a kite", "seed": "77", "guidance": "7", "idempotency_key": "k-1"}
    card = hers.post("/", wish, headers=HTMX).content.decode()
    found = re.search(r'id="generation-([0-9a-f-]{36})"', card)
    assert found is not None
    address = f"/?from={found[1]}"
    everything = hers.get(f"{address}&take=all").content.decode()
    assert re.search(r'name="seed" value="77"', everything)
    again = hers.get(address).content.decode()
    assert re.search(r'name="seed" value=""', again)
    for content in (everything, again):
        assert "a kite</textarea>" in content
        assert re.search(r'name="guidance" value="7(\.0)?"', content)
    words = hers.get(f"{address}&take=prompt").content.decode()
    assert "a kite</textarea>" in words
    assert 'name="model" value="flux-dev"' not in words
    page = hers.get(f"/result/{found[1]}/").content.decode()
    hers.post("/draft/create/", {"model": "flux-schnell", "prompt": "a heron"}, headers=HTMX)
    settings = hers.get(f"{address}&take=settings").content.decode()
    assert "a heron</textarea>" in settings
    assert re.search(r'name="guidance" value="7(\.0)?"', settings)
    assert re.search(r'name="seed" value=""', settings)
    for take in ("take=all", "take=settings", "take=prompt", "take=seed"):
        assert f'href="{address}&amp;{take}"' in page
