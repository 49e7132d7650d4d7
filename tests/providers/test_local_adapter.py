"""This machine as a provider: what it promises like any other, and what is its own."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
import pytest
from PIL import Image

from config.local.waiting import until
from providers.contract import InputFile, JobRef, JobState
from providers.errors import BadSignature, Misconfigured, NotFound, Rejected, UnreadableWebhook, Unsupported
from providers.local import jobs
from tests.providers.local_orders import Bench, picture

ROOT = Path(__file__).parents[2]
CROP: dict[str, Any] = {
    "aspect_ratio": "1:1",
    "anchor": "center",
    "longer_side": "auto",
    "output_format": "png",
    "output_quality": 92,
}


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path / "media", tmp_path / "work")


@pytest.fixture
def needing_what_is_not_there(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setitem(jobs.JOBS, "local/crop", jobs.Job(work="shapes:crop", packages=("nowhere_to_be_had",)))
    jobs.missing.cache_clear()
    yield "local/crop"
    jobs.missing.cache_clear()


def children() -> list[psutil.Process]:
    """Processes of this one that do an order."""
    return [one for one in psutil.Process().children() if "providers.local.worker" in " ".join(one.cmdline())]


def long_job(bench: Bench, key: str = "job-1") -> JobRef:
    """A film of 150 frames at 1080p."""
    first, last = (bench.given(picture(640, 360, shift), f"{key}-{shift}.png") for shift in (0, 40))
    settings: dict[str, Any] = {"duration": 5, "fps": 30, "resolution": 1080}
    return bench.ordered("local/cross-fade", key=key, first_frame=first, last_frame=last, **settings)


def test_a_submit_is_an_order_and_starts_nothing(bench: Bench) -> None:
    image = bench.given(picture(80, 40), "a.png")
    job, again = (bench.ordered("local/crop", image=image, **CROP) for _ in range(2))
    assert job == again
    assert job.external_id == "job-1"
    assert not children()
    assert not bench.work.exists()
    assert str(bench.media) not in str(job.follow_up)


def test_asking_does_the_work_and_leaves_nothing_behind(bench: Bench) -> None:
    job = bench.ordered("local/crop", image=bench.given(picture(80, 40), "a.png"), **CROP)
    update = bench.finished(job)
    assert (update.state, update.external_id, len(update.inline_outputs)) == (JobState.SUCCEEDED, "job-1", 1)
    assert (update.provider_seconds or 0) > 0
    assert list(bench.work.iterdir()) == []
    assert not children()


def test_asking_again_after_the_end_does_the_same_again(bench: Bench) -> None:
    job = bench.ordered("local/crop", image=bench.given(picture(80, 40), "a.png"), **CROP)
    assert bench.finished(job).inline_outputs == bench.finished(job).inline_outputs


def test_cancelling_ends_it_at_once_and_may_be_repeated(bench: Bench) -> None:
    job = long_job(bench)
    assert bench.adapter.fetch(job).state is JobState.RUNNING
    (child,) = children()
    for _ in range(2):
        assert bench.adapter.cancel(job).state is JobState.CANCELLED
    assert not child.is_running()
    assert list(bench.work.iterdir()) == []


def test_at_its_limit_it_is_stopped(bench: Bench) -> None:
    bench.seconds = 1
    update = bench.finished(long_job(bench))
    assert (update.state, update.error_code) == (JobState.FAILED, "provider_timed_out")
    assert not children()
    assert list(bench.work.iterdir()) == []


def test_a_child_that_is_killed_is_a_failure(bench: Bench) -> None:
    def kill() -> None:
        for child in children():
            child.kill()

    update = bench.finished(long_job(bench), kill)
    assert (update.state, update.error_code) == (JobState.FAILED, "provider_failed")
    assert "-9" in update.error_detail


def test_a_killed_parent_takes_its_child_along(bench: Bench) -> None:
    job = long_job(bench)
    code = (
        "import sys, time; from tests.providers.local_orders import Bench; from pathlib import Path\n"
        "from providers.contract import JobRef\n"
        "bench = Bench(Path(sys.argv[1]), Path(sys.argv[2]))\n"
        "job = JobRef(external_id='job-1', endpoint='local/cross-fade', follow_up={'order': sys.argv[3]})\n"
        "bench.adapter.fetch(job); print('running', flush=True); sys.stdin.read()"
    )
    arguments = [sys.executable, "-c", code, str(bench.media), str(bench.work), job.follow_up["order"]]
    with subprocess.Popen(arguments, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "running\n"
        (child,) = psutil.Process(parent.pid).children()
        os.kill(parent.pid, signal.SIGKILL)
    assert until(lambda: not child.is_running(), 10)
    assert bench.finished(job).state is JobState.SUCCEEDED


def test_a_huge_picture_is_refused_in_bounded_memory(bench: Bench) -> None:
    image = bench.given(Image.new("1", (30_000, 30_000)), "huge.png")
    update = bench.done("local/crop", image=image, **CROP)
    assert (update.state, update.error_code) == (JobState.FAILED, "input_too_large")


@pytest.mark.parametrize("size", [(4_000, 4_000), (17, 6_000)])
def test_a_result_that_would_be_huge_is_refused(bench: Bench, size: tuple[int, int]) -> None:
    image = bench.given(Image.new("RGB", size), "large.png")
    update = bench.done("local/enlarge", image=image, scale=4, output_format="png")
    assert update.error_code == "input_too_large"


def test_what_needs_more_memory_than_its_bound_is_refused(bench: Bench) -> None:
    image = bench.given(Image.new("RGB", (4_000, 4_000)), "large.png")
    order = bench.ordered("local/expand", image=image, outpaint="zoom_out_1_5")
    text = order.follow_up["order"].replace("originals/", f"{bench.media}/originals/")
    asked = {"order": text, "target": str(bench.media / "result"), "parent": os.getpid()}
    code = (
        "import json, sys; from providers.local import jobs, worker\n"
        "jobs.JOBS['local/expand'] = jobs.Job(work='shapes:expand', memory_mebibytes=400)\n"
        "print(json.dumps(worker.work(json.load(sys.stdin))))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, input=json.dumps(asked), capture_output=True, check=True, text=True
    )
    assert json.loads(answer.stdout)["refused"] == "input_too_large"


@pytest.mark.parametrize("content", [b"", b"<svg/>", b"\x89PNG\r\n\x1a\n" + b"\0" * 40, b"II*\0" + b"\0" * 40])
def test_what_is_no_picture_is_refused(bench: Bench, content: bytes) -> None:
    bench.given(picture(8, 8), "a.png")
    path = bench.media / "originals" / "b.png"
    path.write_bytes(content)
    update = bench.done("local/crop", image=bench.hand_over(path), **CROP)
    assert (update.state, update.error_code) == (JobState.FAILED, "input_refused")


def test_a_file_that_has_gone_is_refused(bench: Bench) -> None:
    image = bench.given(picture(8, 8), "a.png")
    (bench.media / "originals" / "a.png").unlink()
    assert bench.done("local/crop", image=image, **CROP).error_code == "input_refused"


def test_only_the_studios_own_files_are_taken(bench: Bench, tmp_path: Path) -> None:
    outside = tmp_path / "secret.png"
    picture(8, 8).save(outside)
    with pytest.raises(Rejected):
        bench.adapter.upload(InputFile(path=outside, content_type="image/png", size_bytes=1, name="secret.png"))
    for reference in ("file:../secret.png", str(outside), f"file:{outside}", "https://example.org/a.png"):
        with pytest.raises(Rejected):
            bench.ordered("local/crop", image=reference, **CROP)


def test_work_that_is_not_known_or_not_installed_is_not_taken_on(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotFound):
        bench.ordered("local/nothing")
    monkeypatch.setattr(jobs, "missing", lambda: frozenset({"local/style"}))
    with pytest.raises(Misconfigured):
        bench.ordered("local/style")


@pytest.mark.parametrize("external_id", ["", "a/b", "../x", "ключ", "a" * 500, "a\nb"])
def test_an_id_that_was_not_given_here_is_refused(bench: Bench, external_id: str) -> None:
    for ask in (bench.adapter.fetch, bench.adapter.cancel):
        with pytest.raises(Rejected):
            ask(JobRef(external_id=external_id))


@pytest.mark.parametrize("follow_up", [{}, {"order": ""}, {"order": "[]"}, {"order": '{"endpoint": "local/crop"}'}])
def test_a_job_without_its_order_is_not_found(bench: Bench, follow_up: dict[str, str]) -> None:
    with pytest.raises(NotFound):
        bench.adapter.fetch(JobRef(external_id="job-1", follow_up=follow_up))


def test_nobody_calls_back_and_there_is_no_list(bench: Bench) -> None:
    with pytest.raises(BadSignature):
        bench.adapter.verify_webhook({}, b"{}", 0)
    with pytest.raises(UnreadableWebhook):
        bench.adapter.parse_webhook({}, b"{}")
    with pytest.raises(Unsupported):
        bench.adapter.list_since(datetime(2026, 11, 22, tzinfo=UTC), "")
    assert bench.adapter.name == "local"
    assert bench.adapter.traits("local/crop").is_idempotent
    assert bench.adapter.download_headers("https://example.org") == {}
