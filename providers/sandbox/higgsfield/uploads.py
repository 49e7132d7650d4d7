"""Files: an address to put one at, signed and without a key, and the public address it then has. For ever, here."""

import hashlib
import hmac
import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from providers.sandbox.desk import Desk, desk_of
from providers.sandbox.higgsfield import problems
from providers.sandbox.higgsfield.access import PROVIDER, base_of, guarded

KINDS = ("image/", "video/", "audio/")
STORE = f"/{PROVIDER}/store/"
DENIED = '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{}</Code></Error>'


@guarded
async def offer(desk: Desk, request: Request) -> Response:
    """POST /files/generate-upload-url."""
    try:
        body = json.loads(await request.body())
    except ValueError:
        body = None
    kind = body.get("content_type") if isinstance(body, dict) else None
    if not isinstance(kind, str) or not kind.startswith(KINDS):
        return problems.problem(400, "Unsupported content type")
    address = f"{base_of(desk, request)}/store/{uuid4()}"
    answer = {
        "upload_url": f"{address}?X-Amz-Signature={_sign(desk, urlsplit(address).path, kind)}",
        "public_url": address,
        "upload_headers": {"Content-Type": kind},
    }
    return JSONResponse(answer)


async def put(request: Request) -> Response:
    """PUT on the signed address, as a bucket takes it: with the type it was signed for, and with no other key."""
    desk = desk_of(request)
    kind = request.headers.get("content-type", "")
    if "authorization" in request.headers:
        return _denied(400, "InvalidArgument")
    signature = request.query_params.get("X-Amz-Signature", "")
    if not hmac.compare_digest(signature.encode(), _sign(desk, request.url.path, kind).encode()):
        return _denied(403, "SignatureDoesNotMatch")
    path = _path(desk, request.path_params["id"])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(await request.body())
    path.with_suffix(".type").write_text(kind)
    return Response(status_code=200)


async def get(request: Request) -> Response:
    """GET on the public address."""
    path = _path(desk_of(request), request.path_params["id"])
    if not path.exists():
        return _denied(403, "AccessDenied")
    return Response(path.read_bytes(), media_type=path.with_suffix(".type").read_text())


def reader(desk: Desk) -> Callable[[str], bytes | None]:
    """Answers for the public addresses of this store, whatever host they were asked for by."""

    def read(reference: str) -> bytes | None:
        parts = urlsplit(reference)
        is_ours = parts.port == desk.environment.port and parts.path.startswith(STORE)
        if not is_ours:
            return None
        try:
            path = _path(desk, UUID(parts.path.removeprefix(STORE)))
        except ValueError:
            return None
        return path.read_bytes() if path.exists() else None

    return read


def _path(desk: Desk, identifier: UUID) -> Path:
    return desk.environment.folder / "files" / "uploads" / str(identifier)


def _sign(desk: Desk, path: str, kind: str) -> str:
    return hmac.new(desk.secret.encode(), f"{path}\n{kind}".encode(), hashlib.sha256).hexdigest()


def _denied(status: int, code: str) -> Response:
    return Response(DENIED.format(code), status, media_type="application/xml")
