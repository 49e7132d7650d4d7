"""docs/reliability.md tells the truth: each test it names exists, and no fault stands there without test or reason."""

import re

import pytest

from config.local.site import ROOT

PAGE = (ROOT / "docs/reliability.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (F\d+|[\d–, ]+) \| (.+?) \| (.+) \|$", PAGE, re.MULTILINE)
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)))


@pytest.mark.parametrize(("path", "name"), NAMED, ids=[name for _path, name in NAMED])
def test_a_test_that_is_named_exists(path: str, name: str) -> None:
    assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8")


def test_every_fault_has_its_row_and_every_row_a_test_or_a_reason() -> None:
    faults = [number for number, _what, _met in ROWS if number.startswith("F")]
    assert faults == [f"F{number}" for number in range(1, 49)]
    assert len(ROWS) > len(faults)
    assert [number for number, _what, met in ROWS if "::" not in met and "reason: " not in met] == []
