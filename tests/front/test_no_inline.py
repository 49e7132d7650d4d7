"""The strict content security policy holds by construction: nothing inline, nothing from elsewhere."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
STATIC = sorted(path for path in (ROOT / "static").rglob("*") if path.suffix in {".css", ".js", ".svg"})
# A name of a vocabulary, never fetched.
NAMESPACE = "http://www.w3.org/2000/svg"
FORBIDDEN = {
    "a style attribute": r"\sstyle\s*=",
    "a style element": r"<style\b",
    "an inline handler": r"\son[a-z]+\s*=\s*[\"']",
    "an htmx expression": r"\bhx-(on|vars)\b|hx-(vals|headers)=[\"']js:",
    "a data: address": r"[\"'(]data:",
    "a script address": r"javascript:",
    "another host": r"(https?:)?//[a-z0-9.-]+\.[a-z]{2,}",
}


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_templates_hold_nothing_inline_and_name_no_host(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for what, pattern in FORBIDDEN.items():
        assert not re.search(pattern, text, re.IGNORECASE), what
    for script in re.findall(r"<script\b[^>]*>", text):
        assert "src=" in script


@pytest.mark.parametrize("path", STATIC, ids=relative)
def test_static_files_name_no_host_and_carry_no_data(path: Path) -> None:
    text = path.read_text(encoding="utf-8").replace(NAMESPACE, "")
    assert not re.search(FORBIDDEN["another host"], text)
    assert not re.search(FORBIDDEN["a data: address"], text)
    assert "eval(" not in text
    assert "new Function" not in text


def test_files_stay_small() -> None:
    for path in STATIC:
        limit = {".css": 200, ".js": 150}.get(path.suffix, 50)
        assert len(path.read_text(encoding="utf-8").splitlines()) <= limit, relative(path)
