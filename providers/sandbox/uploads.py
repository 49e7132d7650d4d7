"""Files handed over before the job that needs them: on disk, with their facts beside them, until they expire."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from providers.sandbox.clock import Clock


@dataclass(frozen=True, kw_only=True, slots=True)
class Upload:
    """owner: a fingerprint of the token it came with. more: what only its face knows (metadata, state, …)."""

    provider: str
    id: str
    owner: str
    name: str
    content_type: str
    size: int
    created_ns: int
    expires_ns: int
    more: dict[str, Any] = field(default_factory=dict)


def owner_of(token: str) -> str:
    """Stands for an account: each token is taken for one of its own."""
    return hashlib.sha256(token.encode()).hexdigest()[:16]


class Uploads:
    """Kept over restarts, forgotten at a reset, gone when they expire by the sandbox's clock."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock

    def keep(self, upload: Upload, content: bytes) -> Upload:
        """Takes a file in, or replaces it. The id is the face's own and must do as a file's name."""
        path = self._path(upload.provider, upload.id)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        path.with_suffix(".json").write_text(json.dumps(asdict(upload)), encoding="utf-8")
        return upload

    def find(self, provider: str, upload_id: str) -> Upload | None:
        """The file of that id, unless it has expired."""
        path = self._path(provider, upload_id).with_suffix(".json")
        if not upload_id.isascii() or "/" in upload_id or not path.exists():
            return None
        upload = Upload(**json.loads(path.read_text(encoding="utf-8")))
        return upload if self._clock.now_ns() < upload.expires_ns else None

    def content(self, upload: Upload) -> bytes:
        """Its bytes."""
        return self._path(upload.provider, upload.id).read_bytes()

    def every(self, provider: str) -> Iterator[Upload]:
        """Those that are still there, newest first."""
        found = [self.find(provider, path.stem) for path in (self._folder / provider).glob("*.json")]
        yield from sorted((upload for upload in found if upload), key=lambda upload: -upload.created_ns)

    def remove(self, upload: Upload) -> None:
        """Forgets it."""
        path = self._path(upload.provider, upload.id)
        path.unlink(missing_ok=True)
        path.with_suffix(".json").unlink(missing_ok=True)

    def _path(self, provider: str, upload_id: str) -> Path:
        return self._folder / provider / f"{upload_id}.bin"
