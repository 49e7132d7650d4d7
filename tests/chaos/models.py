"""Models as in the catalogue, less patient: what nobody hears of again ends within a minute, so that a run can end."""

import re
from pathlib import Path

from config.local.site import ROOT

# One for each provider, and each kind of answer: by webhook, at once, with files.
MODELS = {
    "replicate/flux-schnell": "chaos-flux",
    "google/nano-banana-2-lite": "chaos-banana",
    "higgsfield/soul-v2": "chaos-soul",
    "fal/z-image-turbo": "chaos-turbo",
}
PATIENCE = {"deadline_seconds": 40, "rate_per_minute": 100_000}


def write(folder: Path) -> None:
    """The files, for CATALOGUE_EXTRA_DIR."""
    for name, own_id in MODELS.items():
        text = (ROOT / "providers/catalogue" / f"{name}.toml").read_text(encoding="utf-8")
        for key, value in ({"id": f'"{own_id}"', "name": f'"{own_id}"'} | PATIENCE).items():
            text, count = re.subn(rf"^{key} = .*$", f"{key} = {value}", text, count=1, flags=re.MULTILINE)
            assert count == 1, (name, key)
        file = folder / name.partition("/")[0] / f"{own_id}.toml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
