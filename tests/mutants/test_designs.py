"""The code moves on: each mistake still has its place in it, and the tests that are to notice are there."""

import shutil
from pathlib import Path

import pytest

from config.local.site import ROOT
from tests.mutants.designs import MUTANTS, Mutant
from tests.mutants.trial import CRASH_POINT, planted


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_it_can_be_planted_and_taken_out_again(mutant: Mutant, tmp_path: Path) -> None:
    for path in {edit.path for edit in mutant.edits}:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, tmp_path / path)
    with planted(tmp_path, mutant.edits):
        for path in {edit.path for edit in mutant.edits}:
            text = (tmp_path / path).read_text(encoding="utf-8")
            assert text != (ROOT / path).read_text(encoding="utf-8")
            compile(text, path, "exec")
    for path in {edit.path for edit in mutant.edits}:
        assert (tmp_path / path).read_text(encoding="utf-8") == (ROOT / path).read_text(encoding="utf-8")


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_what_is_to_notice_it_is_there(mutant: Mutant) -> None:
    assert mutant.tests
    for test in mutant.tests:
        if test.startswith(CRASH_POINT):
            continue
        path, _, name = test.partition("::")
        source = (ROOT / path).read_text(encoding="utf-8")
        assert not name or f"def {name}(" in source
