"""Videos: what one says of itself, whether it is whole, and a still of it. From paths to paths, by FFmpeg's libraries.

Runs in the inspector's child process, single-threaded, with the one demuxer of the file's kind: a playlist or a script
for a demuxer that fetches other files never gets that far.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.container import InputContainer
from av.video.frame import VideoFrame
from PIL import Image

from media_pipeline.child import NoPicture
from media_pipeline.probing import TooManyPixels
from media_pipeline.sniffing import MP4, WEBM, FileKind

QUALITY = 80
POSTER_AT_SECONDS = 0.5
SECONDS_MAX = 3600
QUARTER_TURN = 90


@dataclass(frozen=True, kw_only=True, slots=True)
class ProbedFilm:
    """Upright pixels of the frames as a player shows them, and how long it lasts."""

    width: int
    height: int
    frames: int
    duration_seconds: float


def open_film(path: Path, kind: FileKind) -> InputContainer:
    # A title in an old code page is no fault of the film, and nobody reads it here.
    options = {"protocol_whitelist": "file"}
    container = av.open(str(path), "r", format=kind.decoder, options=options, metadata_errors="replace")
    for stream in container.streams.video:
        stream.thread_type = "NONE"
        stream.codec_context.thread_count = 1
    return container


def look_into(path: Path, kind: FileKind, targets: Mapping[int, Path], *, max_pixels: int) -> ProbedFilm:
    """Measures it, reads it to its end, and writes a WebP still per entry of {longer side in pixels: path}.

    Raises TooManyPixels, NoPicture, and whatever FFmpeg raises about a broken file.
    """
    with open_film(path, kind) as film:
        stream = _stream(film)
        if stream.width * stream.height > max_pixels:
            raise TooManyPixels(f"The video has more than {max_pixels} pixels a frame.")
        frames, seconds = _read_through(film, stream)
    if not frames or seconds > SECONDS_MAX:
        raise NoPicture(f"The video has {frames} frames in {seconds:.0f} s.")
    with open_film(path, kind) as film:
        still, turned = _still(film, seconds)
    _write(still, targets)
    return ProbedFilm(
        width=stream.height if turned else stream.width,
        height=stream.width if turned else stream.height,
        frames=frames,
        duration_seconds=round(seconds, 3),
    )


def _stream(film: InputContainer) -> Any:
    if not film.streams.video or not film.streams.video[0].width:
        raise NoPicture("There is no picture in it.")
    return film.streams.video[0]


def _read_through(film: InputContainer, stream: Any) -> tuple[int, float]:
    """Packets and seconds of the picture. Reads every byte, so that a file cut short is noticed here."""
    frames, end = 0, Fraction(0)
    for packet in film.demux(stream):
        if packet.size and packet.pts is not None:
            frames += 1
            end = max(end, (packet.pts + (packet.duration or 0)) * packet.time_base)
    announced = Fraction(film.duration or 0, av.time_base)
    if announced and end < announced / 2:
        raise NoPicture("The video ends long before it says it does.")
    return frames, float(end or announced)


def _still(film: InputContainer, seconds: float) -> tuple[Image.Image, bool]:
    """An upright frame from near the beginning, which is seldom black, and whether it had to be turned on its side."""
    wanted = min(POSTER_AT_SECONDS, seconds / 2)
    chosen: VideoFrame | None = None
    for frame in film.decode(_stream(film)):
        chosen = frame
        if frame.time is None or frame.time >= wanted:
            break
    if chosen is None:
        raise NoPicture("No frame can be decoded.")
    image: Image.Image = chosen.to_image()  # type: ignore[no-untyped-call]
    turn = int(chosen.rotation) % 360
    return (image.rotate(turn, expand=True) if turn else image), turn % 180 == QUARTER_TURN


def _write(still: Image.Image, targets: Mapping[int, Path]) -> None:
    for side in sorted(targets, reverse=True):
        still.thumbnail((side, side), Image.Resampling.LANCZOS)
        still.save(targets[side], "WEBP", quality=QUALITY, method=4)


def clean_film(path: Path, kind: FileKind, target: Path, comment: str = "") -> FileKind:
    """Copies picture and sound into a container without tags but the comment. Raises what FFmpeg raises."""
    is_webm = kind is WEBM
    options = {"map_metadata": "-1"} if is_webm else {"movflags": "+faststart", "map_metadata": "-1"}
    with (
        open_film(path, kind) as source,
        av.open(str(target), "w", format="webm" if is_webm else "mp4", options=options) as copy,
    ):
        streams = [*source.streams.video[:1], *source.streams.audio[:1]]
        copies = {stream.index: copy.add_stream_from_template(stream) for stream in streams}
        for fresh in copies.values():
            fresh.metadata.clear()
        if comment:
            copy.metadata["comment"] = comment
        for packet in source.demux(streams):
            if packet.dts is not None:
                packet.stream = copies[packet.stream.index]
                copy.mux(packet)
    return WEBM if is_webm else MP4
