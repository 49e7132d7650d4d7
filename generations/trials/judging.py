"""Whether the files are what was asked for: their kind, size and length, read from their own bytes."""

import io
from collections.abc import Sequence

import av
from PIL import Image

from generations.trials.planning import Trial
from providers.catalogue.frames import Frame

# Providers round to what their models can make.
MOST_SIDE_OFF, MOST_SHAPE_OFF, MOST_SECONDS_OFF = 0.1, 0.05, 0.5


def complaint(trial: Trial, files: Sequence[bytes]) -> str:
    """What is wrong with them, "" when nothing is."""
    if not files:
        return "completed without a file"
    return next((found for one in files if (found := _wrong(trial, one))), "")


def _wrong(trial: Trial, content: bytes) -> str:
    try:
        frame, seconds = _film(content) if trial.model.output_kind == "video" else _picture(content)
    except (OSError, av.FFmpegError, IndexError) as error:
        return f"no {trial.model.output_kind}: {error}"[:200]
    if not _fits(frame, trial):
        return f"{frame[0]} × {frame[1]} pixels, asked for {trial.frame[0]} × {trial.frame[1]}"
    if trial.seconds and abs(seconds - trial.seconds) > MOST_SECONDS_OFF:
        return f"{seconds:.1f} s, asked for {trial.seconds:g} s"
    return ""


def _fits(frame: Frame, trial: Trial) -> bool:
    """The size where one was asked for, the shape always."""
    shares = [has / asked for has, asked in zip(frame, trial.frame, strict=True)]
    is_as_large = not trial.is_exact or all(abs(share - 1) <= MOST_SIDE_OFF for share in shares)
    return is_as_large and abs(shares[0] / shares[1] - 1) <= MOST_SHAPE_OFF


def _picture(content: bytes) -> tuple[Frame, float]:
    with Image.open(io.BytesIO(content)) as picture:
        picture.load()
        return picture.size, 0


def _film(content: bytes) -> tuple[Frame, float]:
    with av.open(io.BytesIO(content), "r") as container:
        stream = container.streams.video[0]
        return (stream.width, stream.height), (container.duration or 0) / av.time_base
