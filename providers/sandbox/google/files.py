"""The Files API without its uploads: what is there, and downloads, which want the key."""

import shutil

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from providers.sandbox.desk import Desk, desk_of
from providers.sandbox.google.access import faulty, guarded
from providers.sandbox.google.kept import described, folder_of
from providers.sandbox.google.problems import Refused


@guarded
async def get(desk: Desk, request: Request) -> Response:
    """GET /files/{name}; with ":download" behind the name, a redirect to the content."""
    name, _, verb = request.path_params["name"].partition(":")
    if refused := faulty(desk, "get", name, {}):
        return refused
    known = described(desk, name)
    if verb == "download":
        # The address lives by itself: whoever is sent there brings no key along to another host.
        return RedirectResponse(f"{desk.environment.origin}/google/content/{name}", 302)
    return JSONResponse(known)


@guarded
async def delete(desk: Desk, request: Request) -> Response:
    """DELETE /files/{name}."""
    name = request.path_params["name"]
    described(desk, name)
    shutil.rmtree(folder_of(desk) / name)
    return JSONResponse({})


async def content(request: Request) -> Response:
    """GET /google/content/{name}: where a download's redirect leads."""
    desk = desk_of(request)
    try:
        known = described(desk, request.path_params["name"])
    except Refused as refused:
        return refused.answer
    body = (folder_of(desk) / request.path_params["name"] / "content").read_bytes()
    return Response(body, media_type=known["mimeType"])
