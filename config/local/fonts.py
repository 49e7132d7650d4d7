"""Golos Text from its npm package, at set-up. Without npm or network the system's own typeface does.

As with the browser of the tests the archive is fetched, checked against the digest here and unpacked; nothing of
it runs.
"""

import base64
import hashlib
import io
import shutil
import subprocess
import tarfile
import tempfile
import time
from pathlib import Path

PACKAGE = "@fontsource-variable/golos-text@5.3.0"
SHA512 = "D+Evz5yqXYh6tsalc537FS+cPDWn2FTdO8j/K1ZZuFAvA7ib6WnusTiihciq7mMnm6GBo6XTlh0JXPrhBsam2g=="
PATIENCE_SECONDS = 8
SECONDS_BETWEEN_TRIES = 24 * 3600


def install(data_dir: Path) -> bool:
    """True when the files stand in DATA_DIR/fonts/fonts, where settings.STATICFILES_DIRS finds them.

    Takes nothing when they do, under ten seconds when they have to be fetched, and after a failure nothing for a day.
    """
    folder = data_dir / "fonts"
    mark = data_dir / "fonts.txt"
    if (folder / "fonts/golos.css").exists() and _is_marked(mark, PACKAGE):
        return True
    if _is_marked(mark, f"no {PACKAGE}") and time.time() - mark.stat().st_mtime < SECONDS_BETWEEN_TRIES:
        return folder.exists()
    archive = _fetch(data_dir)
    if archive is None:
        mark.write_text(f"no {PACKAGE}", encoding="utf-8")
        return folder.exists()
    with tempfile.TemporaryDirectory(dir=data_dir) as workshop:
        draft = Path(workshop) / "fonts"
        _unpack(archive, draft / "fonts")
        shutil.rmtree(folder, ignore_errors=True)
        draft.rename(folder)
    mark.write_text(PACKAGE, encoding="utf-8")
    return True


def _is_marked(mark: Path, words: str) -> bool:
    return mark.exists() and mark.read_text(encoding="utf-8") == words


def _fetch(data_dir: Path) -> bytes | None:
    """The package as it was published, None when it cannot be had now."""
    npm = shutil.which("npm")
    if npm is None:
        return None
    with tempfile.TemporaryDirectory(dir=data_dir) as workshop:
        command = [npm, "pack", PACKAGE, "--silent", "--pack-destination", workshop]
        try:
            subprocess.run(command, check=True, capture_output=True, cwd=workshop, timeout=PATIENCE_SECONDS)
        except (subprocess.SubprocessError, OSError):
            return None
        content = next(Path(workshop).glob("*.tgz")).read_bytes()
    return content if base64.b64encode(hashlib.sha512(content).digest()).decode() == SHA512 else None


def _unpack(archive: bytes, target: Path) -> None:
    """The variable font files, their licence, and the package's @font-face rules beside them."""
    target.mkdir(parents=True)
    with tarfile.open(fileobj=io.BytesIO(archive)) as package:
        for member in package.getmembers():
            file = package.extractfile(member)
            name = Path(member.name).name
            if file is None:
                continue
            if name == "LICENSE" or name.endswith("wght-normal.woff2"):
                (target / name).write_bytes(file.read())
            elif member.name == "package/index.css":
                # "optional": a face that comes late is for the next page, so that no text jumps.
                rules = file.read().decode().replace("./files/", "./").replace("swap", "optional")
                (target / "golos.css").write_text(rules, encoding="utf-8")
