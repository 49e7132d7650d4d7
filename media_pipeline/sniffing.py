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
class ImageKind:
    """A kind of picture that may come in. `decoder` is Pillow's name for it, the only decoder it will meet."""

    content_type: str
    extension: str
    decoder: str


PNG = ImageKind(content_type="image/png", extension="png", decoder="PNG")
JPEG = ImageKind(content_type="image/jpeg", extension="jpg", decoder="JPEG")
WEBP = ImageKind(content_type="image/webp", extension="webp", decoder="WEBP")
GIF = ImageKind(content_type="image/gif", extension="gif", decoder="GIF")
AVIF = ImageKind(content_type="image/avif", extension="avif", decoder="AVIF")
KINDS = {kind.content_type: kind for kind in (PNG, JPEG, WEBP, GIF, AVIF)}

SIGNATURES = [
    (re.compile(rb"\x89PNG\r\n\x1a\n", re.DOTALL), PNG),
    (re.compile(rb"\xff\xd8\xff", re.DOTALL), JPEG),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), WEBP),
    (re.compile(rb"GIF8[79]a", re.DOTALL), GIF),
    # ISO 14496-12 file type box: the major brand, or a still-image brand with AVIF among the compatible ones.
    (re.compile(rb"\x00\x00..ftypavi[fs]", re.DOTALL), AVIF),
    (re.compile(rb"\x00\x00..ftypm[is]f1.{4}(?:[\x20-\x7e]{4}){0,14}?avi[fs]", re.DOTALL), AVIF),
]
# Only to say in the log what came instead; anything else is refused as well.
KNOWN_REFUSALS = [
    (re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<svg", re.DOTALL | re.IGNORECASE), "SVG"),
    (re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html|head|body|script)", re.IGNORECASE), "HTML"),
    (re.compile(rb"(?:\xef\xbb\xbf)?\s*<"), "XML"),
    (re.compile(rb"\s*[\[{]"), "JSON"),
    (re.compile(rb"%PDF"), "PDF"),
    (re.compile(rb"PK\x03\x04"), "ZIP"),
    (re.compile(rb"....ftyp", re.DOTALL), "a video or an image kind that is not kept"),
]


def sniff(head: bytes) -> ImageKind:
    """The kind of picture that starts with these bytes (HEAD_BYTES are enough). Raises TypeRefused."""
    for signature, kind in SIGNATURES:
        if signature.match(head):
            return kind
    named = next((name for signature, name in KNOWN_REFUSALS if signature.match(head)), "of no known kind")
    raise TypeRefused(f"The file is {named}, not a picture that is kept.")
