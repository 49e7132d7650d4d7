"""Uploads by the resumable protocol: an address is asked for, then the bytes are sent there."""

import json
import re
import secrets

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from providers.sandbox.desk import Desk, desk_of
from providers.sandbox.google.access import guarded
from providers.sandbox.google.kept import folder_of, keep
from providers.sandbox.google.problems import Refused, nothing_there, problem

LARGEST_BYTES = 2 * 1024**3


@guarded
async def upload(desk: Desk, request: Request) -> Response:
    """POST /upload/{version}/files: "start" gives an address; a body sent there with "upload, finalize" is the file."""
    if request.headers.get("x-goog-upload-protocol") != "resumable":
        raise Refused(problem(400, "Upload protocol is not supported: resumable"))
    asked = json.loads(await request.body() or b"{}").get("file", {})
    length = request.headers.get("x-goog-upload-header-content-length", "0")
    if int(length) > LARGEST_BYTES:
        raise Refused(problem(413, "The file is larger than 2 GB"))
    ticket = secrets.token_urlsafe(24)
    folder = folder_of(desk) / "uploads"
    folder.mkdir(parents=True, exist_ok=True)
    told = {
        "type": request.headers.get("x-goog-upload-header-content-type") or asked.get("mimeType", ""),
        "name": asked.get("displayName") or asked.get("display_name", ""),
        "length": int(length),
    }
    (folder / ticket).write_text(json.dumps(told))
    address = f"{desk.environment.origin}{request.url.path}?upload_id={ticket}&upload_protocol=resumable"
    return Response(headers={"x-goog-upload-url": address, "x-goog-upload-status": "active"})


async def finish(request: Request) -> Response:
    """The second request: its address is the permission, no key is wanted."""
    desk = desk_of(request)
    ticket = folder_of(desk) / "uploads" / re.sub(r"[^\w-]", "", request.query_params["upload_id"])
    if not ticket.exists():
        return nothing_there("The upload")
    with ticket.with_suffix(".part").open("ab") as part:
        part.write(await request.body())
    if "finalize" not in request.headers.get("x-goog-upload-command", ""):
        return Response(headers={"x-goog-upload-status": "active"})
    told, content = json.loads(ticket.read_text()), ticket.with_suffix(".part").read_bytes()
    ticket.with_suffix(".part").unlink()
    ticket.unlink()
    if len(content) != told["length"]:
        return problem(400, "The upload's length is not the one it was begun with")
    known = keep(desk, content, told["type"], told["name"])
    return JSONResponse({"file": known}, headers={"x-goog-upload-status": "final"})


async def receive(request: Request) -> Response:
    """Both requests of an upload come to one path."""
    return await (finish(request) if "upload_id" in request.query_params else upload(request))
