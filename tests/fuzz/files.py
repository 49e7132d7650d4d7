"""Files made from whole ones: cut, flipped, joined, with pages hidden in them, or of a size no file has."""

import struct
import zlib
from functools import cache

from hypothesis import strategies as st
from PIL import Image

from tests.media_pipeline import films, pictures

# What nothing that is kept of an upload may say.
SECRET = b"secret-of-the-maker"
SCRIPT = b"<script>alert('" + SECRET + b"')</script>"
PAYLOADS = (
    b"<!doctype html><html><body>" + SCRIPT + b"</body></html>",
    b'<svg xmlns="http://www.w3.org/2000/svg">' + SCRIPT + b"</svg>",
    b"PK\x03\x04\x14\x00\x00\x00\x00\x00" + bytes(16) + b"\x08\x00\x00\x00evil.txt" + SECRET,
    b"*/=1;alert('" + SECRET + b"')//",
    b"%PDF-1.7\n" + SECRET,
    b"<?php system('" + SECRET + b"') ?>",
)
# What a careless sniffer takes for a picture or a film.
HEADS = (
    *(
        b"GIF89a",
        b"GIF89a/*",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0",
        b"RIFF\xff\xff\x00\x00WEBP",
        b"RIFF\x00\x00\x00\x00WEBPVP8 ",
    ),
    *(
        b"\x00\x00\x00\x18ftypisom\x00\x00\x00\x00isommp42",
        b"\x00\x00\x00\x14ftypqt  \x00\x00\x00\x00",
        b"\x00\x00\x00\x18ftypavif",
    ),
    *(b"\x1aE\xdf\xa3\x93B\x82\x84webm", b"", b"\xef\xbb\xbf", b"\n \t", b"\x00"),
)
PICTURES = ("png", "jpeg", "webp", "lossless", "gif", "animation", "avif")
FILMS = ("mp4", "mov", "webm")
SIDES = st.one_of(st.sampled_from([0, 1, 7_072, 65_535, 2**31 - 1, 2**31, 2**32 - 1]), st.integers(0, 2**32 - 1))


@cache
def whole(name: str) -> bytes:
    """A small honest file, with something in it that must not stay."""
    if name in FILMS:
        return films.encoded(name, 96, 64, 0.5, {"title": SECRET.decode(), "comment": SECRET.decode()})
    scene = pictures.scene()
    exif = Image.Exif()
    exif[0x010F] = SECRET.decode()
    match name:
        case "jpeg":
            return pictures.written(scene, "JPEG", exif=exif, comment=SECRET, xmp=SECRET)
        case "lossless":
            return pictures.written(scene.convert("RGBA"), "WEBP", lossless=True, exif=exif, xmp=SECRET)
        case "gif":
            return pictures.written(scene, "GIF", comment=SECRET)
        case "animation":
            return pictures.animation(3)
        case _:
            return pictures.written(scene, name.upper(), exif=exif)


def damaged(names: tuple[str, ...]) -> st.SearchStrategy[bytes]:
    """One of these, no longer whole, or with more in it than there should be."""
    one = st.sampled_from(names)
    every = st.sampled_from(PICTURES + FILMS)
    return st.one_of(_cut(one), _flipped(one), _spliced(one, every), hiding(names), _absurd(one))


@st.composite
def _cut(draw: st.DrawFn, one: st.SearchStrategy[str]) -> bytes:
    content = whole(draw(one))
    at = round(draw(st.floats(0, 1)) * len(content))
    gap = draw(st.integers(0, 64))
    return draw(
        st.sampled_from([content[:at], content[:at] + content[at + gap :], content[:at] + bytes(gap) + content[at:]])
    )


@st.composite
def _flipped(draw: st.DrawFn, one: st.SearchStrategy[str]) -> bytes:
    """Up to eight other bytes, most near the beginning; some of the PNGs with right checksums, to get further."""
    name = draw(one)
    content = bytearray(whole(name))
    for _ in range(draw(st.integers(1, 8))):
        end = draw(st.sampled_from([64, 512, 1 << 20]))
        content[round(draw(st.floats(0, 1)) * (min(end, len(content)) - 1))] = draw(st.integers(0, 255))
    return _summed(bytes(content)) if name == "png" and draw(st.booleans()) else bytes(content)


@st.composite
def _spliced(draw: st.DrawFn, one: st.SearchStrategy[str], every: st.SearchStrategy[str]) -> bytes:
    first, second = whole(draw(one)), whole(draw(every))
    at, since = draw(st.floats(0, 1)), draw(st.floats(0, 1))
    return first[: round(at * len(first))] + second[round(since * len(second)) :]


@st.composite
def hiding(draw: st.DrawFn, names: tuple[str, ...]) -> bytes:
    """A whole one with something else behind it, or inside where metadata stands."""
    name, payload = draw(st.sampled_from(names)), draw(st.sampled_from(PAYLOADS))
    content = whole(name)
    return content + payload if draw(st.booleans()) else _hidden(name, content, payload)


def _hidden(name: str, content: bytes, payload: bytes) -> bytes:
    if name == "png":
        return content[:33] + pictures.chunk(b"tEXt", b"Comment\x00" + payload) + content[33:]
    if name == "jpeg":
        return content[:2] + b"\xff\xfe" + struct.pack(">H", len(payload) + 2) + payload + content[2:]
    if name in {"gif", "animation"}:
        return content[:-1] + b"\x21\xfe" + bytes([len(payload)]) + payload + b"\x00;"
    if name in {"webp", "lossless"}:
        more = b"EVIL" + struct.pack("<I", len(payload)) + payload + b"\x00" * (len(payload) % 2)
        return content[:4] + struct.pack("<I", len(content) - 8 + len(more)) + content[8:] + more
    if name == "webm":
        return content + b"\xec" + bytes([0x80 | len(payload)]) + payload
    return content + struct.pack(">I", len(payload) + 8) + b"free" + payload


@st.composite
def _absurd(draw: st.DrawFn, one: st.SearchStrategy[str]) -> bytes:
    """The header promises other sides than the file has."""
    name, width, height = draw(one), draw(SIDES), draw(SIDES)
    at, sides = _sides(name, whole(name), width, height)
    content = whole(name)
    changed = content[:at] + sides + content[at + len(sides) :]
    return _summed(changed) if name == "png" else changed


def _sides(name: str, content: bytes, width: int, height: int) -> tuple[int, bytes]:
    """Where a header of this kind has them, and how it would say these."""
    short = struct.pack(">HH", height & 0xFFFF, width & 0xFFFF)
    places = {
        "png": (b"IHDR", 4, struct.pack(">II", width, height)),
        "jpeg": (b"\xff\xc0", 5, short),
        "webp": (b"\x9d\x01\x2a", 3, struct.pack("<HH", width & 0x3FFF, height & 0x3FFF)),
        "lossless": (b"VP8X", 12, struct.pack("<I", width)[:3] + struct.pack("<I", height)[:3]),
        "gif": (b"GIF8", 6, struct.pack("<HH", width & 0xFFFF, height & 0xFFFF)),
        "animation": (b"\x2c\x00\x00\x00\x00", 5, struct.pack("<HH", width & 0xFFFF, height & 0xFFFF)),
        "avif": (b"ispe", 8, struct.pack(">II", width, height)),
        # Its track's "width" in one byte, which is where two are.
        "webm": (b"\xb0\x81", 1, b"\x82" + short[:2]),
    }
    before, after, sides = places.get(name, (b"avc1\x00\x00\x00\x00\x00\x00\x00\x01", 28, short))
    return content.index(before) + after, sides


def _summed(png: bytes) -> bytes:
    """The same chunks, each with the checksum of what now stands in it."""
    out, at = png[:8], 8
    while at + 12 <= len(png):
        (length,) = struct.unpack_from(">I", png, at)
        body = png[at + 4 : at + 8 + length]
        out += png[at : at + 4] + body + struct.pack(">I", zlib.crc32(body))
        at += 12 + length
    return out


IMPOSTORS = st.builds(bytes.__add__, st.sampled_from(HEADS), st.sampled_from(PAYLOADS))
