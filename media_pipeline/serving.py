"""A stored file as a response: by internal redirect to the proxy, or by Django itself, with single ranges. No access
rules; whoever calls has checked.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import parse_etags

from media_pipeline import storage
from media_pipeline.models import AssetFile

INTERNAL_PREFIX = "/_media/"
PIECE_BYTES = 64 * 1024
RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)
# The bytes came from strangers: no script, no guessing of another type, no use by other origins. django-csp leaves a
# policy alone that is there already.
GUARDS = {
    "Cache-Control": "private, max-age=86400, immutable",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


def serve(request: HttpRequest, file: AssetFile) -> HttpResponseBase | None:
    """The response for GET or HEAD, 304 for a browser that has the file; None when it is not on the disk.

    With MEDIA_REDIRECT "caddy" or "nginx" the body is the proxy's work, and so are ranges.
    """
    if file.etag in {etag.removeprefix("W/") for etag in parse_etags(request.headers.get("If-None-Match", ""))}:
        return HttpResponseNotModified(headers={**GUARDS, "ETag": file.etag})
    disposition = "attachment" if request.GET.get("download") == "1" else "inline"
    headers = {
        **GUARDS,
        "Content-Type": file.content_type,
        "Content-Disposition": f'{disposition}; filename="{file.filename}"',
        "ETag": file.etag,
    }
    if settings.MEDIA_REDIRECT == "none":
        return _own_response(request, storage.path_of(file.key), headers)
    return HttpResponse(headers={**headers, "X-Accel-Redirect": INTERNAL_PREFIX + file.key})


def _own_response(request: HttpRequest, path: Path, headers: dict[str, str]) -> HttpResponseBase | None:
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        return None
    headers = {**headers, "Accept-Ranges": "bytes"}
    if request.method == "HEAD":
        return HttpResponse(headers={**headers, "Content-Length": str(size)})
    wanted = _wanted_range(request, headers["ETag"], size)
    if wanted is None:
        return StreamingHttpResponse(_pieces(path, 0, size), headers={**headers, "Content-Length": str(size)})
    if not wanted:
        return HttpResponse(status=416, headers={**headers, "Content-Range": f"bytes */{size}"})
    headers["Content-Range"] = f"bytes {wanted.start}-{wanted.stop - 1}/{size}"
    headers["Content-Length"] = str(len(wanted))
    return StreamingHttpResponse(_pieces(path, wanted.start, len(wanted)), status=206, headers=headers)


def _wanted_range(request: HttpRequest, etag: str, size: int) -> range | None:
    """The bytes asked for; empty if none of them exist; None for the whole file (RFC 9110, 14.2)."""
    match = RANGE.fullmatch(request.headers.get("Range", ""))
    if match is None or request.headers.get("If-Range", etag) != etag:
        return None
    first, last = match.groups()
    if first and last and int(first) > int(last):
        return None
    if first:
        return range(int(first), min(int(last), size - 1) + 1 if last else size)
    return range(max(size - int(last), 0), size) if last else None


def _pieces(path: Path, start: int, length: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(start)
        while length > 0 and (piece := file.read(min(PIECE_BYTES, length))):
            length -= len(piece)
            yield piece
