"""Writes a picture as webp, jpg or png, with the facts of its making in the file's own metadata."""

import io
import json

from PIL import Image, PngImagePlugin

DESCRIPTION = 0x010E
SOFTWARE = 0x0131
MAKER = "sandbox: a drawn stand-in, not made by the model it was asked from"


def encode(picture: Image.Image, form: str, quality: int, words: str, seed: int) -> bytes:
    """The file's bytes. `form`: webp, jpg or png; `quality` 0 to 100, ignored for png."""
    facts = json.dumps({"made_by": "sandbox", "prompt": words, "seed": seed}, ensure_ascii=True)
    target = io.BytesIO()
    if form == "png":
        text = PngImagePlugin.PngInfo()
        text.add_text("Software", MAKER)
        text.add_itxt("Description", facts)
        picture.save(target, "PNG", pnginfo=text, compress_level=4)
        return target.getvalue()
    exif = Image.Exif()
    exif[SOFTWARE] = MAKER
    exif[DESCRIPTION] = facts
    if form == "webp":
        picture.save(target, "WEBP", quality=quality, method=2, exif=exif)
    else:
        picture.save(target, "JPEG", quality=max(1, quality), exif=exif, optimize=True)
    return target.getvalue()
