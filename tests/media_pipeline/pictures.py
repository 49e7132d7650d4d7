"""Pictures made for the tests: honest ones, broken ones, and files that pretend to be pictures."""

import io
import struct
import zlib
from typing import Any

from PIL import Image, ImageCms

SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><html><body>Sorry, this file has expired.</body></html>"
ENTITIES = b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">]><lolz>&lol;</lolz>'


def scene(width: int = 64, height: int = 48, mode: str = "RGB") -> Image.Image:
    """A diagonal of colour, so that turning it or cutting it shows."""
    ramp = Image.linear_gradient("L").resize((width, height))
    side = Image.linear_gradient("L").rotate(90).resize((width, height))
    picture = Image.merge("RGB", (ramp, side, Image.new("L", (width, height), 90)))
    return picture.convert(mode)


def encoded(kind: str = "PNG", width: int = 64, height: int = 48, **options: Any) -> bytes:
    return written(scene(width, height), kind, **options)


def written(picture: Image.Image, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def animation(frames: int, size: int = 8, kind: str = "GIF") -> bytes:
    stills = [Image.new("RGB", (size, size), ((number * 37) % 256, number % 256, 40)) for number in range(frames)]
    return written(stills[0], kind, save_all=True, append_images=stills[1:], duration=20)


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_claiming(width: int, height: int, data: bytes = b"") -> bytes:
    """A PNG whose header promises that many grey pixels; a few kilobytes of zeros stand for gigabytes."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = data or zlib.compress(bytes(4_000_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def photograph_with_place(orientation: int = 1) -> bytes:
    """A JPEG as a telephone makes it: turned, with GPS coordinates, a comment and a colour profile."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "CameraMaker"
    exif.get_ifd(0x8825).update({1: "N", 2: (59.0, 56.0, 19.0), 3: "E", 4: (30.0, 18.0, 51.0)})
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return encoded("JPEG", 1200, 900, exif=exif, comment=b"taken at home", icc_profile=profile, xmp=b"<x:xmpmeta/>")
