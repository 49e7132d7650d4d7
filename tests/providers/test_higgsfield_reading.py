"""What Higgsfield's two objects say: requests of the present API, job sets of the old one."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.adapters.higgsfield_requests import MAX_OUTPUTS, read
from providers.contract import ErrorCode, JobState
from tests.providers.recorded import recorded

ID = "d7e6c0f3-6699-4f6c-bb45-2ad7fd9158ff"
PICTURE = {"url": "https://d3u0tzju9qaucj.cloudfront.net/u/u.png"}
FILM = {"url": "https://cdn.example.org/v.mp4"}
SOUND = {"url": "https://cdn.example.org/a.wav"}


def request(status: object, **more: object) -> dict[str, Any]:
    return {"status": status, "request_id": ID, **more}


def job(status: str, **more: object) -> dict[str, Any]:
    return {"id": "j", "job_set_type": "image2video", "status": status, "results": None, **more}


def files(name: str) -> dict[str, Any]:
    return {
        "raw": {"type": "video", "url": f"https://a.b/{name}.mp4"},
        "min": {"type": "video", "url": "https://a.b/m"},
    }


def job_set(*jobs: object) -> dict[str, Any]:
    return recorded("higgsfield", "job_set").object | {"jobs": list(jobs)}


@pytest.mark.parametrize(
    ("status", "state", "code"),
    [
        ("queued", JobState.WAITING, ""),
        ("in_progress", JobState.RUNNING, ""),
        ("failed", JobState.FAILED, ErrorCode.PROVIDER_FAILED),
        ("nsfw", JobState.FAILED, ErrorCode.CONTENT_REFUSED),
        ("canceled", JobState.CANCELLED, ""),
        ("completed", JobState.FAILED, ErrorCode.NO_OUTPUT),
        ("cancelled", JobState.RUNNING, ""),
        ("COMPLETED", JobState.RUNNING, ""),
        ("resting", JobState.RUNNING, ""),
        (None, JobState.RUNNING, ""),
        (5, JobState.RUNNING, ""),
    ],
)
def test_every_status_means_one_thing(status: object, state: JobState, code: str) -> None:
    update = read(request(status))
    assert (update.external_id, update.state, update.error_code) == (ID, state, code)


@pytest.mark.parametrize(
    ("outputs", "urls"),
    [
        ({"images": [PICTURE, PICTURE]}, (PICTURE["url"],) * 2),
        ({"video": FILM}, (FILM["url"],)),
        ({"images": [PICTURE], "video": FILM}, (PICTURE["url"], FILM["url"])),
        ({"video": FILM, "audio": SOUND, "zip": {"url": "https://a.b/c.zip"}}, (FILM["url"],)),
        ({"audio": SOUND}, (SOUND["url"],)),
        ({"audios": [SOUND, SOUND]}, (SOUND["url"],) * 2),
        ({"images": []}, ()),
        ({"images": None, "video": {}}, ()),
        ({"images": [{"url": None}, "https://a.b/c", 5, {"url": "ftp://a/b"}, {"url": "https://a b/"}]}, ()),
        ({"images": {"url": "https://["}, "video": {"url": "https://a.b/\u00e9"}}, ()),
    ],
)
def test_pictures_and_videos_are_taken_and_other_files_where_there_are_none(
    outputs: Any, urls: tuple[str, ...]
) -> None:
    update = read(request("completed", **outputs))
    assert update.output_urls == urls
    assert update.state is (JobState.SUCCEEDED if urls else JobState.FAILED)
    assert update.error_code == ("" if urls else ErrorCode.NO_OUTPUT)


def test_the_documented_object_gives_both_its_files() -> None:
    update = read(recorded("higgsfield", "succeeded").object)
    assert update.output_urls == ("https://image.url/example.jpg", "https://video.url/example.mp4")


def test_outputs_count_only_on_success_and_up_to_a_limit() -> None:
    assert read(request("in_progress", images=[PICTURE])).output_urls == ()
    many = read(request("completed", images=[PICTURE] * (MAX_OUTPUTS + 2)))
    assert len(many.output_urls) == MAX_OUTPUTS
    assert "2 of them ignored" in many.error_detail


@pytest.mark.parametrize(
    ("error", "code"),
    [
        ("Something broke", ErrorCode.PROVIDER_FAILED),
        ("The request timed out", ErrorCode.PROVIDER_TIMED_OUT),
        ("Blocked by content moderation", ErrorCode.CONTENT_REFUSED),
        (None, ErrorCode.PROVIDER_FAILED),
        ({"code": 5}, ErrorCode.PROVIDER_FAILED),
    ],
)
def test_a_failure_is_sorted_by_its_text(error: object, code: str) -> None:
    update = read(request("failed", error=error))
    assert update.error_code == code
    assert isinstance(update.error_detail, str)


@pytest.mark.parametrize("value", [None, 5, "", "a/b", "../x", "a" * 121, ["x"]])
def test_without_a_usable_id_there_is_nothing_to_say(value: object) -> None:
    with pytest.raises(ValueError, match="usable id"):
        read({"status": "queued", "request_id": value})
    with pytest.raises(ValueError, match="usable id"):
        read({"id": value, "jobs": []})


def test_the_documented_job_set_waits() -> None:
    fixture = recorded("higgsfield", "job_set").object
    update = read(fixture)
    assert (update.external_id, update.state, update.output_urls) == (fixture["id"], JobState.WAITING, ())


@pytest.mark.parametrize(
    ("jobs", "state"),
    [
        ([], JobState.WAITING),
        ([job("queued"), job("queued")], JobState.WAITING),
        ([job("queued"), job("in_progress")], JobState.RUNNING),
        ([job("completed", results=files("a")), job("queued")], JobState.RUNNING),
        ([job("completed", results=files("a")), job("resting")], JobState.RUNNING),
        ([job("nsfw"), job("in_progress")], JobState.RUNNING),
        (["nonsense"], JobState.WAITING),
    ],
)
def test_a_job_set_is_over_when_all_its_jobs_are(jobs: list[object], state: JobState) -> None:
    update = read(job_set(*jobs))
    assert (update.state, update.output_urls, update.error_code) == (state, (), "")


def test_one_good_job_makes_the_set_good_and_the_rest_is_told() -> None:
    update = read(job_set(job("completed", results=files("a")), job("nsfw"), job("completed", results=files("b"))))
    assert (update.state, update.output_urls) == (JobState.SUCCEEDED, ("https://a.b/a.mp4", "https://a.b/b.mp4"))
    assert update.error_detail == "1 of 3 did not complete: nsfw"


@pytest.mark.parametrize(
    ("words", "state", "code"),
    [
        (["failed", "nsfw", "canceled"], JobState.FAILED, ErrorCode.CONTENT_REFUSED),
        (["canceled", "failed"], JobState.FAILED, ErrorCode.PROVIDER_FAILED),
        (["canceled"], JobState.CANCELLED, ""),
        (["completed"], JobState.FAILED, ErrorCode.NO_OUTPUT),
    ],
)
def test_a_set_without_a_file_is_as_its_worst_job(words: list[str], state: JobState, code: str) -> None:
    update = read(job_set(*(job(word) for word in words)))
    assert (update.state, update.error_code, update.output_urls) == (state, code, ())


def test_the_smaller_copy_stands_in_for_a_missing_file() -> None:
    update = read(job_set(job("completed", results={"raw": {"url": None}, "min": {"url": "https://a.b/m.mp4"}})))
    assert update.output_urls == ("https://a.b/m.mp4",)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.sampled_from(["completed", "nsfw", "https://a.b/c"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["url", "status", "raw", "results", "x"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(said=st.dictionaries(st.sampled_from(["status", "jobs", "images", "video", "error", "audio"]), ANYTHING))
def test_whatever_comes_is_read_or_refused_as_one(said: dict[str, Any]) -> None:
    update = read({"request_id": ID, "id": ID} | said)
    assert update.external_id == ID
    assert bool(update.output_urls) is (update.state is JobState.SUCCEEDED)
    assert bool(update.error_code) is (update.state is JobState.FAILED)
