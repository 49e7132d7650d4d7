"""t.me on loopback: the chat of one played person with the bot, as a plain page with forms and no script."""

import json
from html import escape
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, Response

from providers.sandbox.desk import Desk, desk_of
from providers.sandbox.telegram import acting
from providers.sandbox.telegram.chats import BOT

PERSON = 42
HEAD = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Telegram, played by the sandbox</title><meta name="color-scheme" content="light dark">
<h1>{name}</h1><p>The sandbox plays Telegram. You are person {person}. <a href="">Look again</a></p>"""


async def chat(request: Request) -> Response:
    """?start=PAYLOAD offers what the real page offers: a button that starts the bot."""
    desk = desk_of(request)
    if request.path_params["bot"] != BOT["username"]:
        return JSONResponse({"detail": "Not Found"}, 404)
    payload, person = request.query_params.get("start", ""), _person(request)
    parts = [HEAD.format(name=escape(str(BOT["first_name"])), person=person)]
    own = [message for message in desk.telegram.messages.values() if message["chat"]["id"] == person]
    parts += [_shown(message, person) for message in own]
    if toasts := desk.telegram.toasts[-1:]:
        parts.append(f"<p role='status'>{escape(toasts[0]['text'])}</p>")
    if payload:
        parts.append(_form(person, "START", text=f"/start {payload}"))
    parts.append(
        f"<form method='post'><input type='hidden' name='person' value='{person}'>"
        "<label>Message <input name='text' autocomplete='off'></label> <button>Send</button></form>"
    )
    return HTMLResponse("\n".join(parts))


async def act(request: Request) -> Response:
    """A message, or a button of one."""
    desk = desk_of(request)
    async with request.form() as form:
        said = {name: str(value) for name, value in form.items()}
    person = int(said.get("person") or PERSON)
    try:
        if said.get("data"):
            acting.press(desk, person, int(said["message"]), said["data"])
        elif said.get("text", "").strip():
            acting.write(desk, person, said["text"].strip())
    except acting.Impossible as error:
        return JSONResponse({"error": str(error)}, 400)
    return RedirectResponse(f"?person={person}", 303)


async def file(request: Request) -> Response:
    """A file that the bot sent."""
    path = _files(desk_of(request)) / str(request.path_params["number"])
    if not path.exists():
        return JSONResponse({"detail": "Not Found"}, 404)
    about = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    kind, name = about["content_type"], about["name"]
    return FileResponse(path, media_type=kind, filename=name, content_disposition_type="inline")


def _files(desk: Desk) -> Any:
    return desk.telegram.files


def _person(request: Request) -> int:
    given = request.query_params.get("person", "")
    return int(given) if given.isdecimal() else PERSON


def _shown(message: dict[str, Any], person: int) -> str:
    number, who = message["message_id"], "bot" if message["from"]["is_bot"] else "you"
    words = escape(message.get("text") or message.get("caption") or "").replace("\n", "<br>")
    parts = [f"<p><b>{who}</b> {words}</p>"]
    if "photo" in message:
        parts.append(f"<p><img src='../files/{number}' alt='' width='320'></p>")
    elif "video" in message:
        parts.append(f"<p><video src='../files/{number}' controls width='320'></video></p>")
    elif "document" in message:
        parts.append(f"<p><a href='../files/{number}'>{escape(message['document'].get('file_name', 'file'))}</a></p>")
    for row in message.get("reply_markup", {}).get("inline_keyboard", []):
        parts += [_button(button, number, person) for button in row]
    return "".join(parts)


def _button(button: dict[str, Any], number: int, person: int) -> str:
    if url := button.get("url"):
        return f"<p><a href='{escape(url, quote=True)}'>{escape(button['text'])}</a></p>"
    return _form(person, button["text"], message=str(number), data=button["callback_data"])


def _form(person: int, label: str, **fields: str) -> str:
    hidden = "".join(
        f"<input type='hidden' name='{name}' value='{escape(value, quote=True)}'>"
        for name, value in {"person": str(person), **fields}.items()
    )
    return f"<form method='post'>{hidden}<button>{escape(label)}</button></form>"
