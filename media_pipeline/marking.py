"""Pictures without what is written beside their pixels, and with a note of ours instead, if one is wanted.

Bytes are moved, nothing is decoded or encoded anew: the pixels stay exactly those that were made. What is kept is
named, so that a kind of note invented tomorrow stays behind, too. Sources: PNG 3rd edition, 11.3; ITU T.81, B.1; WebP
container specification; XMP part 3.
"""

import re
import struct
import zlib
from collections.abc import Callable, Iterator
from xml.sax.saxutils import escape

from PIL import ExifTags, Image

PNG_HEAD = b"\x89PNG\r\n\x1a\n"
# Beside the critical ones: how pixels look, and animation.
PNG_KEPT = {b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD", b"pHYs", b"cICP", b"acTL", b"fcTL", b"fdAT"}
JPEG_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]", re.DOTALL)
JFIF, APP1, APP2, ADOBE, APP15, COMMENT = 0xE0, 0xE1, 0xE2, 0xEE, 0xEF, 0xFE
SCAN, END = 0xDA, 0xD9
XMP_NAME, EXIF_NAME, ICC_NAME = b"http://ns.adobe.com/xap/1.0/\x00", b"Exif\x00\x00", b"ICC_PROFILE\x00"
WEBP_KEPT = {b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ICCP", b"ANIM", b"ANMF"}
HAS_ALPHA, HAS_EXIF, HAS_XMP = 0x10, 0x08, 0x04
PACKET = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:description><rdf:Alt><rdf:li xml:lang="x-default">{note}</rdf:li>'
    '</rdf:Alt></dc:description></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="r"?>'
)


class NotMarkable(Exception):
    """Of a kind, or put together in a way, that is not known here."""


def mark(content: bytes, content_type: str, note: str = "") -> bytes:
    """The same picture with nothing but the note, "" for none. Raises NotMarkable."""
    work = KINDS.get(content_type)
    if work is None:
        raise NotMarkable(content_type)
    try:
        return work(content, note)
    except (struct.error, IndexError, ValueError) as error:
        raise NotMarkable(content_type) from error


def _png(content: bytes, note: str) -> bytes:
    if not content.startswith(PNG_HEAD):
        raise ValueError("no PNG")
    parts, at = [PNG_HEAD], len(PNG_HEAD)
    while parts[-1][4:8] != b"IEND":
        (length,) = struct.unpack_from(">I", content, at)
        name, whole = content[at + 4 : at + 8], content[at : at + length + 12]
        at += len(whole)
        is_critical = not name[0] & 0x20
        turned = _upright(whole[8:-4]) if name == b"eXIf" else b""
        if is_critical or name in PNG_KEPT:
            parts.append(whole)
        elif turned:
            parts.append(_chunk(name, turned))
        if name == b"IHDR" and note:
            parts.append(_chunk(b"iTXt", b"Description\x00\x00\x00\x00\x00" + note.encode()))
    return b"".join(parts)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _jpeg(content: bytes, note: str) -> bytes:
    parts, at = [content[:2]], 2
    notes = [_segment(APP1, XMP_NAME + _packet(note))] if note else []
    while True:
        found = JPEG_MARKER.search(content, at)
        if not found:
            raise ValueError("no end")
        # Between a scan and the next marker stand its pixels.
        parts.append(content[at : found.start()])
        marker, start = found[0][1], found.start()
        if marker == END:
            return b"".join([*parts, content[start : start + 2]])
        (length,) = struct.unpack_from(">H", content, start + 2)
        at = start + 2 + length
        body = content[start + 4 : at]
        if marker == JFIF:
            parts.append(content[start:at])
            continue
        parts += notes
        notes = []
        if _is_kept(marker, body):
            parts.append(content[start:at])
        elif marker == APP1 and body.startswith(EXIF_NAME) and (turned := _upright(body[len(EXIF_NAME) :])):
            parts.append(_segment(APP1, EXIF_NAME + turned))


def _is_kept(marker: int, body: bytes) -> bool:
    is_application = JFIF <= marker <= APP15
    return (not is_application and marker != COMMENT) or marker == ADOBE or body.startswith(ICC_NAME)


def _segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def _webp(content: bytes, note: str) -> bytes:
    kept = [(name, data) for name, data in _riff(content) if name in WEBP_KEPT]
    if not kept:
        raise ValueError("no WebP")
    if kept[0][0] == b"VP8X":
        flags = kept[0][1][0] & ~(HAS_EXIF | HAS_XMP)
        kept[0] = (b"VP8X", bytes([flags | (HAS_XMP if note else 0)]) + kept[0][1][1:])
    elif note:
        kept.insert(0, (b"VP8X", _canvas(*kept[0])))
    if note:
        kept.append((b"XMP ", _packet(note)))
    body = b"".join(name + struct.pack("<I", len(data)) + data + bytes(len(data) % 2) for name, data in kept)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def _riff(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    end = min(len(content), struct.unpack_from("<I", content, 4)[0] + 8)
    at = 12
    while at + 8 <= end:
        (length,) = struct.unpack_from("<I", content, at + 4)
        yield content[at : at + 4], content[at + 8 : at + 8 + length]
        at += 8 + length + length % 2


def _canvas(name: bytes, data: bytes) -> bytes:
    """The head of an extended file for a plain one."""
    if name == b"VP8L":
        (bits,) = struct.unpack_from("<I", data, 1)
        width, height, alpha = bits & 0x3FFF, bits >> 14 & 0x3FFF, HAS_ALPHA if bits >> 28 & 1 else 0
    else:
        width, height = ((side & 0x3FFF) - 1 for side in struct.unpack_from("<HH", data, 6))
        alpha = 0
    return bytes([HAS_XMP | alpha, 0, 0, 0]) + struct.pack("<I", width)[:3] + struct.pack("<I", height)[:3]


def _packet(note: str) -> bytes:
    return PACKET.format(note=escape(note)).encode()


def _upright(exif: bytes) -> bytes:
    """Of all that EXIF tells only how the picture is turned, without which it would lie on its side."""
    whole, bare = Image.Exif(), Image.Exif()
    whole.load(exif)
    turned = whole.get(ExifTags.Base.Orientation, 1)
    if turned not in range(2, 9):
        return b""
    bare[ExifTags.Base.Orientation] = turned
    fresh: bytes = bare.tobytes()
    return fresh.removeprefix(EXIF_NAME)


KINDS: dict[str, Callable[[bytes, str], bytes]] = {"image/png": _png, "image/jpeg": _jpeg, "image/webp": _webp}
