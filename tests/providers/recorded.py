"""Bodies the providers' tests are fed with. Each file says where it comes from."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "fixtures"


@dataclass(frozen=True, slots=True)
class Recorded:
    source: str
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def object(self) -> dict[str, Any]:
        return dict(json.loads(self.body))


def recorded(provider: str, name: str) -> Recorded:
    values = json.loads((FOLDER / provider / f"{name}.json").read_text(encoding="utf-8"))
    return Recorded(values["source"], values["status"], values["headers"], values["body"].encode())


def examples() -> list[dict[str, Any]]:
    """Real predictions of several models, as Replicate publishes them."""
    values = json.loads((FOLDER / "replicate" / "examples.json").read_text(encoding="utf-8"))
    return list(values["predictions"])
