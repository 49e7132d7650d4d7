"""Stored files against their rows: there, as long and as the digest says; thumbnails too."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

from tests.checker.rows import Violation


def violations(connection: psycopg.Connection[Any], media: Path) -> Iterator[Violation]:
    """media: the folder that keys are below."""
    rows = connection.execute("SELECT id, key, sha256, size_bytes, thumbnails FROM media_pipeline_asset")
    for asset, key, sha256, size, thumbnails in rows:
        file = media / key
        if not file.is_file():
            yield Violation("a stored file is there", str(asset))
        elif file.stat().st_size != size or hashlib.sha256(file.read_bytes()).hexdigest() != sha256:
            yield Violation("a stored file is what its row says", str(asset))
        for thumbnail in thumbnails.values():
            if not (media / thumbnail).is_file():
                yield Violation("a thumbnail is there", f"{asset} {thumbnail}")
