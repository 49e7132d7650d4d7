"""The levers for Telegram, below /control/telegram: to play people, to look, and to let calls fail.

GET  journal   -> {"webhook", "calls", "messages", "updates", "toasts"}; messages of people and of the bot
POST write     {"person": 42, "text": "/start …", "first_name": "…", "language": "ru"} -> {"update_id"}
POST press     {"person": 42, "message": 7, "data": "…", "forged": false} -> {"update_id", "query"}
POST block     {"person": 42, "blocked": true} -> {"update_id"}
POST faults    {"method": "sendMessage" or "*", "fault": "429", "value": "3", "times": 1}; 400 to 502, or `cut`
               (done, and no answer), `lost` (not done, no answer), `accept-500` (done, answered 502)
POST resend    {"update": 700000001, "times": 1, "secret": null} -> {"answers"}; all at once, with another secret or ""
POST reset     forgets people, messages and updates; keeps the webhook
"""

import asyncio
import json
from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from providers.sandbox.desk import desk_of
from providers.sandbox.faults import Fault
from providers.sandbox.telegram import acting, posting
from providers.sandbox.telegram.routes import FAULTS


async def _said(request: Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.body() or b"{}")
    except ValueError:
        raise acting.Impossible("the body is not JSON") from None
    return body if isinstance(body, dict) else {}


async def journal(request: Request) -> Response:
    chats = desk_of(request).telegram
    return JSONResponse(
        {
            "webhook": {"url": chats.url, "has_secret": bool(chats.secret)},
            "people": [asdict(person) for person in chats.people.values()],
            "calls": chats.calls,
            "messages": list(chats.messages.values()),
            "updates": [asdict(update) for update in chats.updates.values()],
            "toasts": chats.toasts,
        }
    )


async def write(request: Request) -> Response:
    desk, said = desk_of(request), await _said(request)
    known = {"first_name": said.get("first_name"), "language_code": said.get("language")}
    desk.telegram.person(int(said["person"]), **{name: value for name, value in known.items() if value})
    update = acting.write(desk, int(said["person"]), str(said["text"]))
    return JSONResponse({"update_id": update.id})


async def press(request: Request) -> Response:
    desk, said = desk_of(request), await _said(request)
    update, query = acting.press(
        desk, int(said["person"]), int(said["message"]), str(said["data"]), is_forged=bool(said.get("forged"))
    )
    return JSONResponse({"update_id": update.id, "query": query})


async def block(request: Request) -> Response:
    said = await _said(request)
    update = acting.block(desk_of(request), int(said["person"]), is_blocked=bool(said.get("blocked", True)))
    return JSONResponse({"update_id": update.id})


async def faults(request: Request) -> Response:
    said = await _said(request)
    name = f"telegram-{said.get('fault')}"
    if name not in FAULTS:
        raise acting.Impossible(f"there is no fault {said.get('fault')!r}; see docs/sandbox.md")
    method = str(said.get("method") or "*")
    match = "telegram:" if method == "*" else f"telegram:{method}"
    fault = Fault(match=match, name=name, value=str(said.get("value") or ""), times=int(said.get("times") or 1))
    desk_of(request).faults.add(fault)
    return JSONResponse(asdict(fault), 201)


async def resend(request: Request) -> Response:
    desk, said = desk_of(request), await _said(request)
    update = desk.telegram.updates.get(int(said["update"]))
    if update is None:
        raise acting.Impossible(f"there is no update {said['update']}")
    times = range(int(said.get("times") or 1))
    answers = await asyncio.gather(*(posting.post_once(desk, update, secret=said.get("secret")) for _ in times))
    return JSONResponse({"answers": answers})


async def reset(request: Request) -> Response:
    desk_of(request).telegram.clear()
    return JSONResponse({"status": "ok"})


async def impossible(request: Request, error: Exception) -> Response:
    del request
    return JSONResponse({"error": str(error)}, 400)


ROUTES: list[BaseRoute] = [
    Route("/journal", journal, methods=["GET"]),
    Route("/write", write, methods=["POST"]),
    Route("/press", press, methods=["POST"]),
    Route("/block", block, methods=["POST"]),
    Route("/faults", faults, methods=["POST"]),
    Route("/resend", resend, methods=["POST"]),
    Route("/reset", reset, methods=["POST"]),
]
