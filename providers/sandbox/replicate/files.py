"""The Files API: multipart in, JSON out; gone after a day; read by its own account alone."""

import base64
import hashlib
import hmac
import json
import uuid
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from providers.sandbox.desk import Desk, desk_of
from providers.sandbox.replicate import stamps
from providers.sandbox.replicate.access import faulty, guarded, hear_out, token_of
from providers.sandbox.replicate.models import PROVIDER
from providers.sandbox.replicate.problems import not_found, problem
from providers.sandbox.uploads import Upload, owner_of

LARGEST_BYTES = 100 * 1024 * 1024
KEPT_NS = 24 * 3600 * 1_000_000_000


def _shown(desk: Desk, upload: Upload) -> dict[str, Any]:
    return {
        "id": upload.id,
        "name": upload.name,
        "content_type": upload.content_type,
        "size": upload.size,
        "etag": upload.more["md5"],
        "checksums": {"sha256": upload.more["sha256"], "md5": upload.more["md5"]},
        "metadata": upload.more["metadata"],
        "created_at": stamps.edge(upload.created_ns),
        "expires_at": stamps.edge(upload.expires_ns),
        "urls": {"get": f"{desk.environment.origin}/replicate/v1/files/{upload.id}"},
    }


def _own(desk: Desk, request: Request) -> Upload | None:
    """The file of the path, if it is the caller's."""
    upload = desk.uploads.find(PROVIDER, request.path_params["id"])
    return upload if upload and upload.owner == owner_of(token_of(request)) else None


async def _metadata(given: Any) -> Any:
    """The Python client sends a plain field, the JavaScript one a part with a file name; the text is JSON in both."""
    return json.loads(await given.read() if isinstance(given, UploadFile) else given or "{}")


@guarded(remaining=2999)
async def create(desk: Desk, request: Request) -> Response:
    """POST /files."""
    if refused := faulty(desk, "upload"):
        await hear_out(request)
        return refused
    async with request.form(max_part_size=LARGEST_BYTES) as form:
        content = form.get("content")
        if not isinstance(content, UploadFile):
            return problem(400, "Missing content", title="Bad Request")
        if (content.size or 0) > LARGEST_BYTES:
            return problem(413, "Files must be less than 100MB in size", title="Content Too Large")
        try:
            metadata = await _metadata(form.get("metadata"))
        except ValueError:
            return problem(400, "Metadata must be a JSON object", title="Bad Request")
        data, now_ns = await content.read(), desk.clock.now_ns() // 1_000_000 * 1_000_000
        upload = Upload(
            provider=PROVIDER,
            id=base64.b64encode(str(uuid.uuid4()).encode()).decode(),
            owner=owner_of(token_of(request)),
            name=content.filename or "file",
            content_type=content.content_type or "application/octet-stream",
            size=len(data),
            created_ns=now_ns,
            expires_ns=now_ns + KEPT_NS,
            more={
                "metadata": metadata,
                "sha256": hashlib.sha256(data).hexdigest(),
                "md5": hashlib.md5(data, usedforsecurity=False).hexdigest(),
            },
        )
    return JSONResponse(_shown(desk, desk.uploads.keep(upload, data)), 201)


@guarded(remaining=2999)
async def listing(desk: Desk, request: Request) -> Response:
    """GET /files."""
    owner = owner_of(token_of(request))
    results = [_shown(desk, upload) for upload in desk.uploads.every(PROVIDER) if upload.owner == owner]
    return JSONResponse({"next": None, "previous": None, "results": results})


@guarded(remaining=2999)
async def get(desk: Desk, request: Request) -> Response:
    """GET /files/{id}."""
    upload = _own(desk, request)
    return JSONResponse(_shown(desk, upload)) if upload else not_found()


@guarded(remaining=2999)
async def delete(desk: Desk, request: Request) -> Response:
    """DELETE /files/{id}: nothing comes back, as text."""
    upload = _own(desk, request)
    if upload is None:
        return not_found()
    desk.uploads.remove(upload)
    return Response(b"", 204, media_type="text/plain")


def signature(desk: Desk, owner: str, upload_id: str, expiry: str) -> str:
    """Of an address to download from, as the API's description gives it: base64 of HMAC-SHA256, "owner id expiry"."""
    signed = f"{owner} {upload_id} {expiry}".encode()
    return base64.b64encode(hmac.new(desk.secret.encode(), signed, hashlib.sha256).digest()).decode()


async def download(request: Request) -> Response:
    """GET /files/{id}/download?owner=&expiry=&signature=, for whoever has a signed address."""
    desk, asked = desk_of(request), request.query_params
    upload = desk.uploads.find(PROVIDER, request.path_params["id"])
    owner, expiry = asked.get("owner", ""), asked.get("expiry", "")
    if upload is None or not expiry.isdecimal() or int(expiry) < desk.clock.now():
        return not_found()
    if not hmac.compare_digest(signature(desk, owner, upload.id, expiry), asked.get("signature", "")):
        return not_found()
    return Response(desk.uploads.content(upload), media_type=upload.content_type)
