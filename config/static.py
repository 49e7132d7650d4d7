"""Static files under names that carry their content, ES modules and their imports included; one style sheet.

In the tree it is one file a component, held together by @import; a browser would fetch forty files one after another.
"""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.files.base import ContentFile
from django.core.files.storage import Storage

ENTRY = "css/app.css"
IMPORT = re.compile(r'@import "(?P<path>[^"]+)" layer\((?P<layer>[\w-]+)\);')


class ModuleManifestStorage(ManifestStaticFilesStorage):
    support_js_module_import_aggregation = True

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:  # noqa: FBT001, FBT002 (Django's)
        """Before names are given: the collected entry holds what it imported, each file in its layer."""
        if not dry_run and ENTRY in paths:
            text = inlined(*paths[ENTRY])
            self.delete(ENTRY)
            self.save(ENTRY, ContentFile(text.encode()))
            paths = {**paths, ENTRY: (self, ENTRY)}
        yield from super().post_process(paths, dry_run, **options)


def inlined(storage: Storage, entry: str) -> str:
    """The style sheet with its imports in their place."""

    def content(found: re.Match[str]) -> str:
        path = str(PurePosixPath(entry).parent / found["path"])
        return f"@layer {found['layer']} {{\n{_read(storage, path)}}}"

    return IMPORT.sub(content, _read(storage, entry))


def _read(storage: Storage, path: str) -> str:
    with storage.open(path) as file:
        return bytes(file.read()).decode()
