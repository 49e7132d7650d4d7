"""The sound of films, in one form: two channels of 48,000 samples a second, as much as is asked for and no more."""

from collections.abc import Generator
from pathlib import Path
from typing import Any, TypeAlias

import av
import numpy as np
from numpy.typing import NDArray

RATE = 48_000
CHANNELS = 2
# A hole in a track is filled with silence if one could hear it; smaller ones are how clocks are rounded.
HEARD = RATE // 20
Samples: TypeAlias = NDArray[np.float32]


class Track:
    """One film's sound from a moment on, then silence for as long as is asked. Holds little more than was asked for."""

    def __init__(self, path: Path, skipped: int = 0) -> None:
        self._source = _decoded(path)
        self._held = silence(0)
        self.take(skipped)

    @property
    def held(self) -> int:
        """Samples that were decoded and not taken."""
        return len(self._held[0])

    def take(self, count: int) -> Samples:
        """The next samples of both channels."""
        parts = [self._held]
        there = self.held
        while there < count and (more := next(self._source, None)) is not None:
            parts.append(more)
            there += more.shape[1]
        found = np.concatenate(parts, axis=1)
        self._held = found[:, count:].copy()
        return np.concatenate([found[:, :count], silence(max(0, count - there))], axis=1)

    def close(self) -> None:
        self._source.close()


def silence(count: int) -> Samples:
    return np.zeros((CHANNELS, count), dtype=np.float32)


def frame_of(samples: Samples) -> Any:
    """As an encoder takes it."""
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples), format="fltp", layout="stereo")
    frame.sample_rate = RATE
    return frame


def _decoded(path: Path) -> Generator[Samples, None, None]:
    """From the film's own beginning, holes filled. A track that breaks off ends there: its picture is worth showing."""
    resampler = av.AudioResampler(format="fltp", layout="stereo", rate=RATE)
    done, early = 0, 0
    with av.open(str(path)) as film:
        try:
            for frame in film.decode(audio=0) if film.streams.audio else ():
                hole = round((frame.time or 0) * RATE) - done
                if hole < 0 and not done:
                    early = -hole
                while hole > HEARD:
                    part = min(hole, RATE)
                    yield silence(part)
                    done, hole = done + part, hole - part
                for made in resampler.resample(frame):
                    samples = made.to_ndarray().astype(np.float32, copy=False)
                    cut = min(early, samples.shape[1])
                    early -= cut
                    done += samples.shape[1] - cut
                    yield samples[:, cut:]
            for made in resampler.resample(None):
                yield made.to_ndarray().astype(np.float32, copy=False)
        except av.FFmpegError:
            return
