"""The style sheet that browsers get is one file with everything in it, in the layers of the tree."""

import re
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage

SOURCES = settings.BASE_DIR / "static/css"


def test_the_collected_style_sheet_imports_nothing_and_lacks_nothing() -> None:
    collected = Path(settings.STATIC_ROOT) / staticfiles_storage.stored_name("css/app.css")  # type: ignore[attr-defined]
    text = collected.read_text(encoding="utf-8")
    assert "@import" not in text
    imported = re.findall(r'@import "([^"]+)" layer\((\w+)\);', (SOURCES / "app.css").read_text(encoding="utf-8"))
    assert len(imported) > 30
    for path, layer in imported:
        assert f"@layer {layer} {{\n{(SOURCES / path).read_text(encoding='utf-8')}}}" in text
    unused = {str(path.relative_to(SOURCES)) for path in SOURCES.rglob("*.css")} - {path for path, _layer in imported}
    assert unused == {"admin.css", "app.css", "plain.css"}
