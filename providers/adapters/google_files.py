"""Google's Files API: a file in two requests, and the wait until it may be used. Kept for two days, costs nothing.

API: https://ai.google.dev/gemini-api/docs/files. The upload protocol is the resumable one that Google's own clients
speak; pictures may be used at once, videos are looked at first.
"""

import re
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from providers.adapters.google_parts import reference
from providers.adapters.google_refusals import refusal
from providers.contract import InputFile, Uploaded
from providers.errors import Rejected, Transient
from providers.http import Answer, Client

NAME = re.compile(r"files/[A-Za-z0-9_-]{1,100}")
KEPT = timedelta(hours=48)
LOOKS, PAUSE_SECONDS = 12, 1.0


def upload(client: Client, version: str, file: InputFile) -> Uploaded:
    """Raises as Client.read does, and Rejected for a file that Google does not take."""
    begun = _good(
        client.read(
            "POST",
            f"/upload/{version}/files",
            payload={"file": {"displayName": file.name, "mimeType": file.content_type}},
            headers={
                "X-Goog-Upload-Protocol": "resumable",
                "X-Goog-Upload-Command": "start",
                "X-Goog-Upload-Header-Content-Length": str(file.size_bytes),
                "X-Goog-Upload-Header-Content-Type": file.content_type,
            },
            may_be_empty=True,
        )
    )
    address = begun.headers.get("x-goog-upload-url", "")
    if not address:
        raise Transient("the upload was begun without an address")
    sent = client.send_file(
        address, file, headers={"X-Goog-Upload-Command": "upload, finalize", "X-Goog-Upload-Offset": "0"}
    )
    described = _good(sent).object.get("file")
    kept = _usable(client, version, described if isinstance(described, dict) else {})
    if not isinstance(uri := kept.get("uri"), str):
        raise Transient("the upload was accepted without an address")
    return Uploaded(reference=reference(uri, file.content_type), expires_at=_expiry(kept))


def _usable(client: Client, version: str, described: Mapping[str, Any]) -> Mapping[str, Any]:
    """The file once Google has looked at it. A state we do not know counts as usable: the job will tell."""
    for _ in range(LOOKS):
        if described.get("state") == "FAILED":
            raise Rejected("Google could not read the file")
        name = str(described.get("name"))
        if described.get("state") != "PROCESSING" or not NAME.fullmatch(name):
            return described
        time.sleep(PAUSE_SECONDS)
        described = _good(client.read("GET", f"/{version}/{name}")).object
    raise Transient("Google is still looking at the file")


def _expiry(described: Mapping[str, Any]) -> datetime:
    try:
        return datetime.fromisoformat(str(described.get("expirationTime"))).astimezone(UTC)
    except ValueError:
        return datetime.now(UTC) + KEPT


def _good(answer: Answer) -> Answer:
    if not answer.is_success:
        raise refusal(answer)
    return answer
