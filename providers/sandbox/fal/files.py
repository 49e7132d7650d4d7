"""Storage: a file handed over in two steps, or in one with storage's own token; every file given out, to anybody."""

import asyncio
import re
import secrets
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from providers.sandbox.desk import Desk, desk_of
from providers.sandbox.fal import PROVIDER, problems
from providers.sandbox.fal.access import guarded
from providers.sandbox.fal.orders import order_of, uploads_of
from providers.sandbox.fal.runs import is_purged, paint
from providers.sandbox.fal.shapes import TYPES
from providers.sandbox.fal.signature import published
from providers.sandbox.jobs import Job

NAME = re.compile(r"[\w.-]{1,120}", re.ASCII)
CDN_TOKEN = "sandbox-cdn"  # noqa: S105  (loopback only, and nobody's)
HUGE_BYTES = 20_000_000_000
DRIPS = 40
PAGE = b"<!doctype html>\n<title>Access denied</title>\n<script>document.title = 'not a picture'</script>\n"


def _name(told: str) -> str:
    return "".join(letter if NAME.fullmatch(letter) else "_" for letter in told)[-100:].lstrip(".") or "file"


def _place(desk: Desk, name: str) -> tuple[str, str, str]:
    """A new place for a file: where it lies, its secret, its address."""
    place, secret = secrets.token_hex(8), secrets.token_hex(16)
    folder = uploads_of(desk) / place
    folder.mkdir(parents=True)
    (folder / ".secret").write_text(secret)
    return place, secret, f"{desk.environment.origin}/fal/files/b/{place}/{_name(name)}"


@guarded
async def initiate(desk: Desk, request: Request) -> Response:
    """POST rest.fal.ai/storage/upload/initiate."""
    body = await request.json()
    name, kind = str(body.get("file_name", "")), body.get("content_type")
    if not name or not isinstance(kind, str):
        return problems.plain(422, [problems.problem("missing", "Field required", "file_name")])
    place, secret, address = _place(desk, name)
    (uploads_of(desk) / place / ".type").write_text(kind)
    return JSONResponse({"file_url": address, "upload_url": f"{address}?signature={secret}"})


async def put(request: Request) -> Response:
    """PUT of the bytes: the signature in the address is the only proof, so a key beside it is refused."""
    folder = uploads_of(desk_of(request)) / Path(request.path_params["place"]).name
    secret = folder / ".secret"
    if not secret.is_file() or request.query_params.get("signature") != secret.read_text():
        return Response(status_code=403)
    (folder / Path(request.path_params["name"]).name).write_bytes(await request.body())
    return Response(status_code=200)


@guarded
async def token(desk: Desk, request: Request) -> Response:
    """POST rest.fal.ai/storage/auth/token: what the Python client uploads with."""
    del request
    expires_at = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    base_url = f"{desk.environment.origin}/fal/cdn"
    return JSONResponse({"token": CDN_TOKEN, "token_type": "Bearer", "base_url": base_url, "expires_at": expires_at})


async def upload(request: Request) -> Response:
    """POST v3.fal.media/files/upload: the bytes at once."""
    if request.headers.get("authorization") != f"Bearer {CDN_TOKEN}":
        return problems.unauthenticated()
    desk = desk_of(request)
    place, _, address = _place(desk, request.headers.get("x-fal-file-name", "file"))
    folder = uploads_of(desk) / place
    (folder / ".type").write_text(request.headers.get("content-type", "application/octet-stream"))
    (folder / address.rpartition("/")[2]).write_bytes(await request.body())
    return JSONResponse({"access_url": address})


async def keys(request: Request) -> Response:
    """GET rest.fal.ai/.well-known/jwks.json, for everybody."""
    desk = desk_of(request)
    if told := desk.faults.take("", frozenset({"secret"})).get("secret"):
        return problems.refusal(told)
    return JSONResponse(published(desk.environment.folder, desk.clock.now()))


async def uploaded(request: Request) -> Response:
    """GET of what was handed over."""
    folder = uploads_of(desk_of(request)) / Path(request.path_params["place"]).name
    path = folder / Path(request.path_params["name"]).name
    if path.name.startswith(".") or not path.is_file():
        return problems.not_found("Not Found")
    return Response(path.read_bytes(), media_type=(folder / ".type").read_text())


async def made(request: Request) -> Response:
    """GET of an output, well or (when told to) badly."""
    desk, name = desk_of(request), request.path_params["name"]
    job = desk.store.find(PROVIDER, request.path_params["id"])
    if job is None or name not in job.outputs or job.is_told("gone") or is_purged(job, desk.clock.now()):
        return problems.not_found("Not Found")
    path = desk.folder_of(job) / name
    # A restart may find the file gone: the same order makes the same one.
    content = path.read_bytes() if path.exists() else await paint(desk, job, name, await order_of(desk, job))
    return _given(job, content, TYPES[name.rpartition(".")[2]])


def _given(job: Job, content: bytes, kind: str) -> Response:
    if job.is_told("html-file"):
        return Response(PAGE, media_type=kind)
    if job.is_told("truncated"):
        return _streamed(content[: len(content) // 2], kind, len(content))
    if job.is_told("huge"):
        return _streamed(content, kind, HUGE_BYTES)
    if job.is_told("slow-file"):
        return _streamed(content, kind, len(content), job.told_seconds("slow-file"))
    return Response(content, media_type=kind)


async def _drip(content: bytes, seconds: float) -> AsyncIterator[bytes]:
    step = max(1, -(-len(content) // DRIPS))
    for start in range(0, len(content), step):
        yield content[start : start + step]
        await asyncio.sleep(seconds / DRIPS)


def _streamed(content: bytes, kind: str, length: int, seconds: float = 0) -> Response:
    """The content under any Content-Length; the server cuts the connection when they differ."""
    return StreamingResponse(_drip(content, seconds), media_type=kind, headers={"Content-Length": str(length)})
