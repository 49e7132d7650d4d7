"""What a file really is, by its first bytes; the list of what may come in. Reads no header, name or extension.

A file may be two things at once: a JPEG with a ZIP or HTML behind it is still a JPEG here and is kept byte for byte.
That is harmless because of how it goes out: our own type, `nosniff`, a sandboxing policy, our own file name.
"""

import re
from dataclasses import dataclass
from typing import ClassVar

from media_pipeline.errors import MediaError

HEAD_BYTES = 512


class TypeRefused(MediaError):
    code: ClassVar[str] = "output_unsafe"
    is_permanent: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True, slots=True)
class FileKind:
    """A kind of file that may come in. `decoder`: Pillow's, or FFmpeg's, name for the only one it meets."""

    content_type: str
    extension: str
    decoder: str
    is_video: bool = False


PNG = FileKind(content_type="image/png", extension="png", decoder="PNG")
JPEG = FileKind(content_type="image/jpeg", extension="jpg", decoder="JPEG")
WEBP = FileKind(content_type="image/webp", extension="webp", decoder="WEBP")
GIF = FileKind(content_type="image/gif", extension="gif", decoder="GIF")
AVIF = FileKind(content_type="image/avif", extension="avif", decoder="AVIF")
MP4 = FileKind(content_type="video/mp4", extension="mp4", decoder="mov", is_video=True)
MOV = FileKind(content_type="video/quicktime", extension="mov", decoder="mov", is_video=True)
WEBM = FileKind(content_type="video/webm", extension="webm", decoder="matroska", is_video=True)
KINDS = {kind.content_type: kind for kind in (PNG, JPEG, WEBP, GIF, AVIF, MP4, MOV, WEBM)}

SIGNATURES = [
    (re.compile(rb"\x89PNG\r\n\x1a\n", re.DOTALL), PNG),
    (re.compile(rb"\xff\xd8\xff", re.DOTALL), JPEG),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), WEBP),
    (re.compile(rb"GIF8[79]a", re.DOTALL), GIF),
    # ISO 14496-12 file type box: the major brand, or a still-image brand with AVIF among the compatible ones.
    (re.compile(rb"\x00\x00..ftypavi[fs]", re.DOTALL), AVIF),
    (re.compile(rb"\x00\x00..ftypm[is]f1.{4}(?:[\x20-\x7e]{4}){0,14}?avi[fs]", re.DOTALL), AVIF),
    (re.compile(rb"\x00\x00..ftyp(?:isom|iso[2-9]|mp4[12]|avc1|M4V[ HP]|dash|MSNV)", re.DOTALL), MP4),
    (re.compile(rb"\x00\x00..ftypqt\x20\x20", re.DOTALL), MOV),
    # EBML head whose document type is webm; Matroska of other kinds stays out.
    (re.compile(rb"\x1aE\xdf\xa3.{1,40}\x42\x82.webm", re.DOTALL), WEBM),
]
# Only to say in the log what came instead; anything else is refused as well.
KNOWN_REFUSALS = [
    (re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<svg", re.DOTALL | re.IGNORECASE), "SVG"),
    (re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html|head|body|script)", re.IGNORECASE), "HTML"),
    (re.compile(rb"(?:\xef\xbb\xbf)?\s*<"), "XML"),
    (re.compile(rb"\s*[\[{]"), "JSON"),
    (re.compile(rb"%PDF"), "PDF"),
    (re.compile(rb"PK\x03\x04"), "ZIP"),
    (re.compile(rb"....ftyp", re.DOTALL), "a video kind or an image kind that is not kept"),
]


def sniff(head: bytes) -> FileKind:
    """The kind of file that starts with these bytes (HEAD_BYTES are enough). Raises TypeRefused."""
    for signature, kind in SIGNATURES:
        if signature.match(head):
            return kind
    named = next((name for signature, name in KNOWN_REFUSALS if signature.match(head)), "of no known kind")
    raise TypeRefused(f"The file is {named}, not a kind that is kept.")


def most_bytes(head: bytes, *, image: int, video: int) -> int:
    """How large a file that starts like this may be. What is no kept kind is refused later, so it gets the less."""
    kinds = [kind for signature, kind in SIGNATURES if signature.match(head)]
    return video if kinds and kinds[0].is_video else image
