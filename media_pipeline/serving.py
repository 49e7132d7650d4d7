"""A stored file as a response: by internal redirect to the proxy, or by Django itself, with single ranges. No access
rules; whoever calls has checked.
"""

import re

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import parse_etags

from media_pipeline import storage
from media_pipeline.models import AssetFile

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
        return _own_response(request, file.key, headers)
    is_part = _names_part(request, file.etag) is not None
    address = storage.shelf().internal_address(file.key, headers, method=str(request.method), is_part=is_part)
    return HttpResponse(headers={**headers, "X-Accel-Redirect": address})


def _own_response(request: HttpRequest, key: str, headers: dict[str, str]) -> HttpResponseBase | None:
    try:
        size = storage.shelf().length(key)
    except FileNotFoundError:
        return None
    headers = {**headers, "Accept-Ranges": "bytes"}
    if request.method == "HEAD":
        return HttpResponse(headers={**headers, "Content-Length": str(size)})
    wanted = _wanted_range(request, headers["ETag"], size)
    if wanted is None:
        headers["Content-Length"] = str(size)
        return StreamingHttpResponse(storage.shelf().pieces(key, 0, size), headers=headers)
    if not wanted:
        return HttpResponse(status=416, headers={**headers, "Content-Range": f"bytes */{size}"})
    headers["Content-Range"] = f"bytes {wanted.start}-{wanted.stop - 1}/{size}"
    headers["Content-Length"] = str(len(wanted))
    pieces = storage.shelf().pieces(key, wanted.start, len(wanted))
    return StreamingHttpResponse(pieces, status=206, headers=headers)


def _wanted_range(request: HttpRequest, etag: str, size: int) -> range | None:
    """The bytes asked for; empty if none of them exist; None for the whole file (RFC 9110, 14.2)."""
    if (named := _names_part(request, etag)) is None:
        return None
    first, last = named
    if first:
        return range(int(first), min(int(last), size - 1) + 1 if last else size)
    return range(max(size - int(last), 0), size) if last else None


def _names_part(request: HttpRequest, etag: str) -> tuple[str, str] | None:
    """First and last byte as asked for; None where the whole file is the answer, as of several parts at once."""
    match = RANGE.fullmatch(request.headers.get("Range", ""))
    if match is None or request.headers.get("If-Range", etag) != etag:
        return None
    first, last = match.groups()
    return None if first and last and int(first) > int(last) else (first, last)
