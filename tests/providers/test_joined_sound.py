"""Films that are joined keep their sound, each where its picture is; those without are silent, and nothing drifts."""

import io
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from providers.local.sounds import RATE, Track
from tests.providers.local_orders import Bench

FPS = 12


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path / "media", tmp_path / "work")


def filmed(
    bench: Bench, name: str, tone: float = 0, *, seconds: int = 1, rate: int = 48_000, layout: str = "stereo",
    heard: float | None = None, starts: float = 0, fps: int = FPS,
) -> Path:  # fmt: skip
    """A grey film; tone: hertz of its sound, 0 for none. heard: seconds of it. starts: when the track begins."""
    path = bench.media / "originals" / f"{name}.mp4"
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w", format="mp4") as film:
        picture: Any = film.add_stream("libx264", rate=fps)
        picture.width, picture.height, picture.pix_fmt = 64, 48, "yuv420p"
        sound: Any = film.add_stream("aac", rate=rate, layout=layout) if tone else None
        for number in range(seconds * fps):
            level = np.full((48, 64, 3), 40 + number * 3 % 200, dtype=np.uint8)
            film.mux(picture.encode(av.VideoFrame.from_ndarray(level, format="rgb24")))
        film.mux(picture.encode())
        if sound:
            count = round((seconds if heard is None else heard) * rate)
            wave = 0.5 * np.sin(2 * np.pi * tone * np.arange(count) / rate)
            channels = np.tile(wave.astype(np.float32), (2 if layout == "stereo" else 1, 1))
            for at in range(0, count, 1024):
                piece = np.ascontiguousarray(channels[:, at : at + 1024])
                frame = av.AudioFrame.from_ndarray(piece, format="fltp", layout=layout)
                frame.sample_rate, frame.pts, frame.time_base = rate, at + round(starts * rate), Fraction(1, rate)
                film.mux(sound.encode(frame))
            film.mux(sound.encode())
    return path


def joined(bench: Bench, *paths: Path) -> bytes:
    update = bench.done("local/join", video=[bench.hand_over(path) for path in paths])
    return bytes(update.inline_outputs[0])


def listened(content: bytes) -> tuple[np.ndarray[Any, Any], float]:
    """One channel of its sound as it is played, and how long its picture is."""
    with av.open(io.BytesIO(content), "r") as film:
        track = film.streams.audio[0]
        assert (track.rate, track.codec_context.layout.name) == (RATE, "stereo")
        parts = []
        for frame in film.decode(audio=0):
            assert frame.pts is not None
            parts.append((frame.pts, frame.to_ndarray()[0]))
        heard = np.zeros(max(at + len(part) for at, part in parts), dtype=np.float32)
        for at, part in parts:
            heard[max(0, at) : at + len(part)] = part[max(0, -at) :]
    with av.open(io.BytesIO(content), "r") as film:
        frames = sum(1 for _frame in film.decode(video=0))
        return heard, frames / float(film.streams.video[0].average_rate or 1)


def hertz(heard: np.ndarray[Any, Any], begin: float, end: float) -> int:
    """The strongest tone between two moments, to the nearest ten; 0 for silence."""
    part = heard[round(begin * RATE) : round(end * RATE)]
    if np.sqrt(np.mean(part**2)) < 0.01:
        return 0
    strengths = np.abs(np.fft.rfft(part * np.hanning(len(part))))
    return int(round(float(np.argmax(strengths)) * RATE / len(part), -1))


def test_each_film_is_heard_where_it_is_seen_and_one_without_sound_is_silent(bench: Bench) -> None:
    films = [filmed(bench, "low", 440), filmed(bench, "mute"), filmed(bench, "high", 880, rate=22_050, layout="mono")]
    heard, seconds = listened(joined(bench, *films))
    # The frame between two films is shown once, and its sound is left out with it.
    step = 1 / FPS
    assert seconds == pytest.approx(3 - 2 * step, abs=0.01)
    assert len(heard) / RATE == pytest.approx(seconds, abs=0.05)
    assert hertz(heard, 0.05, 0.9) == 440
    assert hertz(heard, 1.1, 1.85) == 0
    assert hertz(heard, 2 - step + 0.1, seconds - 0.05) == 880


def test_many_films_do_not_drift(bench: Bench) -> None:
    tones = [300, 600, 0, 900, 0, 1200, 500, 700]
    films = [
        filmed(bench, str(number), tone, rate=(44_100, 48_000, 32_000)[number % 3]) for number, tone in enumerate(tones)
    ]
    heard, seconds = listened(joined(bench, *films))
    assert len(heard) / RATE == pytest.approx(seconds, abs=0.05)
    for number, tone in enumerate(tones):
        begin = number - max(0, number - 1) / FPS
        assert hertz(heard, begin + 0.1, begin + 0.8) == tone, number


def test_sound_that_is_longer_shorter_or_later_than_its_picture_stays_beside_it(bench: Bench) -> None:
    films = [
        filmed(bench, "longer", 400, heard=3), filmed(bench, "shorter", 800, heard=0.4),
        filmed(bench, "later", 1200, heard=0.5, starts=0.5),
    ]  # fmt: skip
    heard, seconds = listened(joined(bench, *films))
    assert len(heard) / RATE == pytest.approx(seconds, abs=0.05)
    second, third = 1.0, 2 - 1 / FPS
    assert [hertz(heard, 0.1, 0.9), hertz(heard, second + 0.05, second + 0.28)] == [400, 800]
    assert hertz(heard, second + 0.5, second + 0.85) == 0
    assert hertz(heard, third + 0.02, third + 0.35) == 0
    assert hertz(heard, third + 0.5, third + 0.85) == 1200


def test_films_without_any_sound_get_no_track(bench: Bench) -> None:
    with av.open(io.BytesIO(joined(bench, filmed(bench, "one"), filmed(bench, "two"))), "r") as film:
        assert len(film.streams.audio) == 0


def test_no_more_is_decoded_than_is_asked_for(bench: Bench) -> None:
    track = Track(filmed(bench, "long", 440, heard=20))
    for _step in range(30):
        assert track.take(RATE // 10).shape == (2, RATE // 10)
        assert track.held <= 2048
    track.close()
