"""Pictures with something on them, and this machine's adapter at work on them in a folder of the test's own."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from providers.adapters.local import Local
from providers.contract import InputFile, JobRef, JobRequest, JobUpdate, Line

SECONDS = 60


def picture(width: int, height: int, shift: int = 0) -> Image.Image:
    """A bright disc, `shift` pixels to the right, before a slow gradient."""
    down, across = np.mgrid[0:height, 0:width].astype(np.float32)
    ground = np.stack([across / width * 90 + 40, down / height * 90 + 40, np.full_like(down, 90)], axis=-1)
    distance = np.hypot(across - width / 3 - shift, down - height / 2)
    disc = np.clip(min(width, height) / 5 - distance, 0, 1)[..., None]
    return Image.fromarray((ground * (1 - disc) + np.array([250, 220, 60]) * disc).astype(np.uint8))


def difference(one: Image.Image, other: Image.Image) -> float:
    """The mean distance of two pictures' values, of 255."""
    first, second = (np.asarray(each.convert("RGB"), np.float32) for each in (one, other))
    return float(np.abs(first - second).mean())


@dataclass
class Bench:
    """An adapter, the folder of given files and that of what is being made."""

    media: Path
    work: Path
    seconds: int = SECONDS

    @property
    def adapter(self) -> Local:
        return Local(Line(base_url="", token="", options={"media_root": str(self.media), "work_dir": str(self.work)}))

    def given(self, image: Image.Image, name: str, **how: Any) -> str:
        """A file among the studio's, as the adapter names it."""
        path = self.media / "originals" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        image.save(path, **how)
        return self.hand_over(path)

    def hand_over(self, path: Path) -> str:
        size = path.stat().st_size
        return self.adapter.upload(
            InputFile(
                path=path,
                content_type="image/png",
                size_bytes=size,
                name=path.name,
                key=path.relative_to(self.media).as_posix(),
            )
        ).reference

    def ordered(self, endpoint: str, key: str = "job-1", **inputs: Any) -> JobRef:
        request = JobRequest(
            endpoint=endpoint,
            inputs=inputs,
            callback_url=None,
            deadline_seconds=self.seconds,
            idempotency_key=key,
        )
        update = self.adapter.submit(request)
        return JobRef(external_id=update.external_id, endpoint=endpoint, follow_up=update.follow_up)

    def done(self, endpoint: str, **inputs: Any) -> JobUpdate:
        """The last word about a job, asked for until it is there."""
        return self.finished(self.ordered(endpoint, **inputs))

    def finished(self, job: JobRef, while_running: Callable[[], None] = lambda: None) -> JobUpdate:
        while not (update := self.adapter.fetch(job)).state.is_final:
            while_running()
        return update

    def made(self, endpoint: str, **inputs: Any) -> Image.Image:
        """The picture a job ends with."""
        update = self.done(endpoint, **inputs)
        assert update.error_code == "", update.error_detail
        image = Image.open(BytesIO(update.inline_outputs[0]))
        image.load()
        return image
