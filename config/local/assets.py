"""Whether static files have to be collected again: a start that changes nothing should not pay for it."""

import hashlib
import sysconfig
from collections.abc import Iterator
from pathlib import Path

from config.local.site import Site


def _sources(site: Site) -> Iterator[Path]:
    for folder in (site.root / "static", site.data_dir / "fonts"):
        yield from sorted(folder.rglob("*"))
    yield from sorted((site.root / "config").glob("*.py"))
    yield Path(sysconfig.get_path("purelib"))  # changes when a package comes or goes


def fingerprint(site: Site) -> str:
    """The same as long as everything collectstatic would read is."""
    digest = hashlib.sha256()
    for path in _sources(site):
        facts = path.stat()
        digest.update(f"{path} {facts.st_mtime_ns} {facts.st_size}\n".encode())
    return digest.hexdigest()


def are_current(site: Site) -> bool:
    """True when the files below DATA_DIR/static were collected from exactly what is there now."""
    mark = site.data_dir / "static.txt"
    manifest = site.data_dir / "static/staticfiles.json"
    return manifest.exists() and mark.exists() and mark.read_text(encoding="utf-8") == fingerprint(site)


def remember(site: Site) -> None:
    """After a successful collection."""
    (site.data_dir / "static.txt").write_text(fingerprint(site), encoding="utf-8")
