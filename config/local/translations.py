"""Translations: compiled without msgfmt at every start, and checked by bin/check to be complete."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from config.local.site import ROOT

SOURCES = (
    "accounts",
    "config",
    "generations",
    "guide",
    "locale",
    "media_pipeline",
    "notifications",
    "providers",
    "templates",
    "manage.py",
)


def compile_all(locale: Path) -> None:
    """Writes the .mo beside each .po that is newer. Babel, because a bare machine has no gettext."""
    for source in sorted(locale.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        draft = target.with_name(f".{target.name}.{os.getpid()}")
        with draft.open("wb") as file:
            write_mo(file, read(source))
        draft.replace(target)


def read(path: Path) -> Catalog:
    """One .po file; its language is its folder's name."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name)


def extract(language: str) -> Catalog:
    """What the code says today: makemessages in a copy, so that the tree stays as it is."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in SOURCES:
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
            elif (ROOT / name).exists():
                shutil.copy(ROOT / name, copy / name)
        (copy / "locale" / language / "LC_MESSAGES").mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "manage.py", "makemessages", "--locale", language, "--no-obsolete", "--no-location"]
        subprocess.run(command, cwd=copy, check=True, stdout=subprocess.DEVNULL)
        return read(copy / "locale" / language / "LC_MESSAGES/django.po")


def gaps(said: Catalog, translated: Catalog) -> Iterator[str]:
    """A line for everything that would reach a reader in the wrong language, or reach nobody."""
    known = {(message.id, message.context): message for message in translated if message.id}
    wanted = {(message.id, message.context) for message in said if message.id}
    for key in sorted(wanted - known.keys(), key=str):
        yield f"not in the file: {key[0]!r}"
    for key in sorted(known.keys() - wanted, key=str):
        yield f"no longer said anywhere: {key[0]!r}"
    for message in known.values():
        yield from _faults(message, translated)


def _faults(message: Message, catalogue: Catalog) -> Iterator[str]:
    strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
    if message.fuzzy:
        yield f"fuzzy: {message.id!r}"
    if not all(strings):
        yield f"not translated: {message.id!r}"
    else:
        yield from (f"{error}: {message.id!r}" for error in message.check(catalogue))


def main() -> int:
    """1 with a line for each gap."""
    found = [
        f"{language.parent.name}: {gap}"
        for language in sorted(ROOT.glob("locale/*/LC_MESSAGES"))
        for gap in gaps(extract(language.parent.name), read(language / "django.po"))
    ]
    print("\n".join(found) or "complete")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
