"""The paths below /telegram: /bot<token>/<method> as at api.telegram.org, and t.me as a page to play a person."""

import re
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from providers.sandbox.connections import NoAnswer, cut
from providers.sandbox.desk import Desk, desk_of
from providers.sandbox.telegram import page
from providers.sandbox.telegram.methods import METHODS
from providers.sandbox.telegram.problems import Refused, told
from providers.sandbox.telegram.reading import Call, read

TOKEN = re.compile(r"[0-9]{1,20}:[A-Za-z0-9_-]{1,80}|sandbox")
PROVIDER = "telegram"


async def method(request: Request) -> Response:
    """One call. The name's case does not matter."""
    desk, name = desk_of(request), request.path_params["method"]
    call = Call({}, {})
    try:
        if not TOKEN.fullmatch(request.path_params["token"]) or name.lower() not in METHODS:
            raise Refused(404, "Not Found")
        call = await read(request)
        return _carry_out(desk, request, name, call)
    except Refused as refused:
        desk.telegram.note_call(name, call.told, refused.code)
        return refused.response


def _carry_out(desk: Desk, request: Request, name: str, call: Call) -> Response:
    fault = next(iter(desk.faults.take(f"telegram:{name}", FAULTS).items()), None)
    kind, value = fault or ("", "")
    if kind.removeprefix("telegram-").isdigit():
        raise told(kind.removeprefix("telegram-"), value)
    if kind == "telegram-lost":
        # Not carried out, and not answered either.
        return _no_answer(desk, request, name, call)
    result: Any = METHODS[name.lower()](desk, call)
    if kind == "telegram-cut":
        return _no_answer(desk, request, name, call)
    desk.telegram.note_call(name, call.told, 502 if kind == "telegram-accept-500" else 200)
    if kind == "telegram-accept-500":
        return Response("<html><h1>502 Bad Gateway</h1></html>", 502, media_type="text/html")
    return JSONResponse({"ok": True, "result": result})


def _no_answer(desk: Desk, request: Request, name: str, call: Call) -> Response:
    desk.telegram.note_call(name, call.told, "cut")
    cut(request)
    return NoAnswer()


FAULTS = frozenset(
    f"telegram-{name}" for name in ("400", "401", "403", "404", "413", "429", "500", "502", "lost", "cut", "accept-500")
)
ROUTES: list[BaseRoute] = [
    Route("/bot{token}/{method}", method, methods=["GET", "POST"]),
    Route("/t.me/{bot}", page.chat, methods=["GET"]),
    Route("/t.me/{bot}", page.act, methods=["POST"]),
    Route("/files/{number:int}", page.file, methods=["GET"]),
]
