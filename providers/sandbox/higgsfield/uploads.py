"""Files: an address to put one at, signed and without a key, and the public address it then has. For a week."""

import hashlib
import hmac
import json
from collections.abc import Callable
from urllib.parse import urlsplit
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from providers.sandbox.desk import Desk, desk_of
from providers.sandbox.higgsfield import problems
from providers.sandbox.higgsfield.access import PROVIDER, base_of, faulty, guarded
from providers.sandbox.uploads import Upload

KINDS = ("image/", "video/", "audio/")
KEPT_NS = 7 * 24 * 3_600 * 1_000_000_000
STORE = f"/{PROVIDER}/store/"
DENIED = '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{}</Code></Error>'


@guarded
async def offer(desk: Desk, request: Request) -> Response:
    """POST /files/generate-upload-url."""
    if refused := faulty(desk, "upload", "", {}):
        return refused
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
    content, now_ns = await request.body(), desk.clock.now_ns()
    upload = Upload(
        provider=PROVIDER,
        id=str(request.path_params["id"]),
        owner="",
        name="",
        content_type=kind,
        size=len(content),
        created_ns=now_ns,
        expires_ns=now_ns + KEPT_NS,
    )
    desk.uploads.keep(upload, content)
    return Response(status_code=200)


async def get(request: Request) -> Response:
    """GET on the public address."""
    desk = desk_of(request)
    upload = desk.uploads.find(PROVIDER, str(request.path_params["id"]))
    if upload is None:
        return _denied(403, "AccessDenied")
    return Response(desk.uploads.content(upload), media_type=upload.content_type)


def reader(desk: Desk) -> Callable[[str], bytes | None]:
    """Answers for the public addresses of this store, whatever host they were asked for by."""

    def read(reference: str) -> bytes | None:
        try:
            parts = urlsplit(reference)
            is_ours = parts.port == desk.environment.port and parts.path.startswith(STORE)
        except ValueError:  # no address, as the port says
            return None
        if not is_ours:
            return None
        upload = desk.uploads.find(PROVIDER, parts.path.removeprefix(STORE))
        return desk.uploads.content(upload) if upload else None

    return read


def _sign(desk: Desk, path: str, kind: str) -> str:
    return hmac.new(desk.secret.encode(), f"{path}\n{kind}".encode(), hashlib.sha256).hexdigest()


def _denied(status: int, code: str) -> Response:
    return Response(DENIED.format(code), status, media_type="application/xml")
