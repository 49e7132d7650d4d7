"""The files that are kept, of uploads and of jobs, until their two days are over."""

import base64
import hashlib
import json
import re
import secrets
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from providers.sandbox.desk import Desk
from providers.sandbox.google.problems import Refused, problem
from providers.sandbox.google.responses import stamp

KEPT_SECONDS = 48 * 3_600
NAME = re.compile(r"/files/([a-z0-9-]{1,40})(?::download)?$")


def folder_of(desk: Desk) -> Path:
    return desk.environment.folder / "files" / "google"


def described(desk: Desk, name: str) -> dict[str, Any]:
    """A file's description; one whose two days are over is not there. Raises Refused."""
    path = folder_of(desk) / name / "file.json"
    if not re.fullmatch(r"[a-z0-9-]{1,40}", name) or not path.exists():
        raise Refused(problem(403, f"You do not have permission to access the File {name} or it may not exist."))
    known: dict[str, Any] = json.loads(path.read_text())
    if datetime.fromisoformat(known["expirationTime"]).timestamp() < desk.clock.now():
        shutil.rmtree(path.parent)
        raise Refused(problem(403, f"You do not have permission to access the File {name} or it may not exist."))
    return known


def keep(desk: Desk, content: bytes, content_type: str, display_name: str = "") -> dict[str, Any]:
    """A new file, of an upload or of a job."""
    name, now = secrets.token_hex(6), desk.clock.now()
    folder = folder_of(desk) / name
    folder.mkdir(parents=True)
    (folder / "content").write_bytes(content)
    digest = base64.b64encode(hashlib.sha256(content).hexdigest().encode()).decode()
    address = f"{desk.environment.origin}/google/v1beta/files/{name}"
    known = {
        "name": f"files/{name}",
        "displayName": display_name,
        "mimeType": content_type,
        "sizeBytes": str(len(content)),
        "createTime": stamp(now),
        "updateTime": stamp(now),
        "expirationTime": stamp(now + KEPT_SECONDS),
        "sha256Hash": digest,
        "uri": address,
        "downloadUri": f"{address}:download?alt=media",
        "state": "ACTIVE",
        "source": "UPLOADED",
    }
    (folder / "file.json").write_text(json.dumps(known))
    return known


def own(desk: Desk, reference: str) -> bytes | None:
    """The content of a file that is named by its address; None for other addresses. Raises Refused."""
    found = NAME.search(urlsplit(reference).path)
    if not found or not reference.startswith(f"{desk.environment.origin}/google/"):
        return None
    described(desk, found[1])
    return (folder_of(desk) / found[1] / "content").read_bytes()
