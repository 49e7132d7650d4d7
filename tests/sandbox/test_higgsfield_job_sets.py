"""The old API: parameters in a wrapper, a status per job, lists and references."""

import pytest
import requests

from tests.sandbox.higgsfield import DOP, Higgsfield
from tests.sandbox.running import RunningSandbox
from tests.sandbox.test_higgsfield_requests import png, upload

HEADERS = {"hf-api-key": "id", "hf-secret": "secret"}


@pytest.fixture
def higgsfield(sandbox: RunningSandbox) -> Higgsfield:
    return Higgsfield(sandbox)


def test_a_job_set_has_a_job_per_picture_with_a_status_of_its_own(higgsfield: Higgsfield) -> None:
    fresh = higgsfield.submit_old("four boats", width_and_height="960x1696", batch_size=4).json()
    assert fresh.keys() == {"id", "type", "created_at", "jobs", "input_params"}
    assert fresh["type"] == "text2image_soul"
    assert fresh["input_params"]["prompt"] == "four boats"
    assert {(job["status"], job["results"]) for job in fresh["jobs"]} == {("queued", None)}
    done = higgsfield.job_set(fresh["id"])
    assert [job["id"] for job in done["jobs"]] == [job["id"] for job in fresh["jobs"]]
    assert len({job["results"]["raw"]["url"] for job in done["jobs"]}) == 4
    file = done["jobs"][0]["results"]["raw"]
    assert file["type"] == "image"
    assert requests.get(file["url"], timeout=10).headers["content-type"] == "image/png"


def test_the_filter_may_strike_at_one_job_alone(higgsfield: Higgsfield) -> None:
    fresh = higgsfield.submit_old("four crowds [[part]]", width_and_height="960x1696", batch_size=4).json()
    done = higgsfield.job_set(fresh["id"])
    assert [job["status"] for job in done["jobs"]] == ["completed"] * 3 + ["nsfw"]
    assert done["jobs"][3]["results"] is None


def test_a_film_goes_from_the_first_picture_to_the_last(higgsfield: Higgsfield) -> None:
    first, last = ({"type": "image_url", "image_url": upload(higgsfield, png(colour))} for colour in ("navy", "gold"))
    fresh = higgsfield.submit_old(
        "from night to day", DOP, model="dop-lite", input_images=[first], input_images_end=[last]
    ).json()
    [job] = higgsfield.job_set(fresh["id"])["jobs"]
    assert (job["job_set_type"], job["status"], job["results"]["raw"]["type"]) == ("image2video", "completed", "video")
    assert requests.get(job["results"]["raw"]["url"], timeout=10).headers["content-type"] == "video/mp4"


def test_a_wrong_parameter_is_told_below_params(higgsfield: Higgsfield) -> None:
    answer = higgsfield.submit_old("x", batch_size=2)
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["body", "params", "batch_size"]
    assert higgsfield.call("POST", DOP, json={"prompt": "not wrapped"}).status_code == 422


def test_neither_api_shows_what_came_by_the_other(higgsfield: Higgsfield) -> None:
    old = higgsfield.submit_old("old").json()["id"]
    new = higgsfield.accepted("new")["request_id"]
    assert higgsfield.call("GET", f"requests/{old}/status").status_code == 404
    assert higgsfield.call("GET", f"v1/job-sets/{new}", headers=HEADERS).status_code == 404


def test_its_lists_have_names_and_ids(higgsfield: Higgsfield) -> None:
    for path in ("v1/motions", "v1/text2image/soul-styles"):
        found = higgsfield.call("GET", path, headers=HEADERS).json()
        assert len({one["id"] for one in found}) == len(found) > 3
        assert all(one["name"] for one in found)


def test_a_reference_is_made_found_and_listed(higgsfield: Higgsfield) -> None:
    made = [
        higgsfield.call("POST", "v1/custom-references", json={"name": f"face {n}", "input_images": []}).json()
        for n in range(3)
    ]
    assert {one["status"] for one in made} == {"queued"}
    assert higgsfield.call("GET", f"v1/custom-references/{made[0]['id']}").json()["status"] == "completed"
    page = higgsfield.call("GET", "v1/custom-references/list", params={"page": 2, "page_size": 2}).json()
    assert (page["total"], page["total_pages"], [one["id"] for one in page["items"]]) == (3, 2, [made[2]["id"]])
    assert higgsfield.call("GET", "v1/custom-references/x").status_code == 404
    assert higgsfield.call("POST", "v1/custom-references", json={}).status_code == 422
