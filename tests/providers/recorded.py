"""Bodies the providers' tests are fed with. Each file says where it comes from."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "fixtures"


@dataclass(frozen=True, slots=True)
class Recorded:
    """One answer; then: those that come after it, where telling takes several. webhook: what is delivered instead."""

    source: str
    status: int
    headers: dict[str, str]
    body: bytes
    then: tuple["Recorded", ...] = ()
    webhook: bytes | None = None

    @property
    def object(self) -> dict[str, Any]:
        return dict(json.loads(self.body))


def recorded(provider: str, name: str) -> Recorded:
    return _read(raw(provider, name))


def raw(provider: str, name: str) -> dict[str, Any]:
    """A fixture that is no single answer."""
    return dict(json.loads((FOLDER / provider / f"{name}.json").read_text(encoding="utf-8")))


def _read(values: dict[str, Any]) -> Recorded:
    then = tuple(_read({"source": values["source"], **one}) for one in values.get("then", ()))
    webhook = values.get("webhook")
    return Recorded(
        values["source"],
        values["status"],
        values["headers"],
        values["body"].encode(),
        then,
        webhook.encode() if webhook else None,
    )


def examples() -> list[dict[str, Any]]:
    """Real predictions of several models, as Replicate publishes them."""
    return list(raw("replicate", "examples")["predictions"])
