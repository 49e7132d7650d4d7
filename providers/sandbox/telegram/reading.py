"""What a call says: in the address, as a form, as multipart with files, or as JSON."""

import json
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request

from providers.sandbox.telegram.problems import Refused, bad

MOST_BYTES = 50 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class File:
    name: str
    content: bytes = field(repr=False)
    content_type: str


@dataclass(frozen=True, slots=True)
class Call:
    params: dict[str, Any]
    files: dict[str, File]

    @property
    def told(self) -> dict[str, Any]:
        """For the journal."""
        files = {name: f"<{file.content_type}, {len(file.content)} bytes>" for name, file in self.files.items()}
        return {**self.params, **files}

    def text(self, name: str) -> str:
        return str(self.params.get(name) or "")

    def number(self, name: str, missing: str) -> int:
        try:
            return int(self.params[name])
        except (KeyError, ValueError, TypeError):
            raise bad(missing) from None

    def nested(self, name: str) -> Any:
        value = self.params.get(name)
        if not isinstance(value, str) or not value:
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise bad(f"can't parse {name.replace('_', ' ')} JSON object") from None


async def read(request: Request) -> Call:
    """Raises Refused."""
    params: dict[str, Any] = dict(request.query_params)
    kind = request.headers.get("content-type", "").partition(";")[0]
    if int(request.headers.get("content-length") or 0) > MOST_BYTES:
        raise Refused(413, "Request Entity Too Large")
    if kind == "application/json":
        try:
            body = json.loads(await request.body() or b"{}")
        except ValueError:
            raise bad("can't parse JSON object") from None
        return Call(params | (body if isinstance(body, dict) else {}), {})
    files = {}
    if kind in {"multipart/form-data", "application/x-www-form-urlencoded"}:
        async with request.form() as form:
            for name, value in form.items():
                if isinstance(value, UploadFile):
                    files[name] = File(value.filename or "file", await value.read(), value.content_type or "")
                else:
                    params[name] = value
    return Call(params, files)
