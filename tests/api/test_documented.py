"""docs/api.md names every code a program can meet and every address it can call. The codes are read from the source."""

import ast
import json
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import TypeGuard

import pytest
from django.test import Client

from config.local.site import ROOT
from generations.failures import FAILURES
from generations.models import Status
from generations.models.generation import Stage
from tests.api import test_in_russian
from tests.api.test_calls import WHOLE

SOURCES = ("generations/refusals.py", "generations/api/errors.py", "generations/api/cleanup.py", "config/errors.py")
CODE = re.compile("[a-z]+(_[a-z]+)*")
TEXT = (ROOT / "docs/api.md").read_text(encoding="utf-8")


def literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def is_status(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, int) and 400 <= node.value < 600


def is_constant(node: ast.AST) -> TypeGuard[ast.Assign]:
    """KEY_REUSED = "…": a code that is named once and used twice."""
    return isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id.isupper()


def codes_of(path: Path) -> Iterator[str]:
    """A word after a status, before a translated sentence, under the key "code", or given as code=."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        found: list[str | None] = []
        if (isinstance(node, ast.keyword) and node.arg == "code") or is_constant(node):
            found = [literal(node.value)]
        elif isinstance(node, ast.Dict):
            found = [
                literal(value)
                for key, value in zip(node.keys, node.values, strict=True)
                if key and literal(key) == "code"
            ]
        elif isinstance(node, ast.Tuple) and len(node.elts) == 2 and isinstance(node.elts[1], ast.Call | ast.BinOp):
            found = [literal(node.elts[0])]
        if isinstance(node, ast.Call | ast.Tuple):
            row = node.args if isinstance(node, ast.Call) else node.elts
            found += [literal(after) for before, after in pairwise(row) if is_status(before)]
        yield from (code for code in found if code and CODE.fullmatch(code))


def promised() -> set[str]:
    """What stands in backticks in the first two columns of a table row."""
    rows = [line.split("|") for line in TEXT.splitlines() if line.startswith("|")]
    return {code for row in rows for cell in row[1:3] for code in re.findall(r"`([a-z_0-9]+)`", cell)}


def test_the_reader_of_the_source_finds_what_it_should() -> None:
    found = {source: set(codes_of(ROOT / source)) for source in SOURCES}
    assert {"active_limit", "unknown_model", "insufficient_credit"} < found["generations/refusals.py"]
    assert {"too_large", "invalid_json", "api_key_refused", "refused"} < found["generations/api/errors.py"]
    assert {"internal", "unavailable", "csrf_failed", "bad_request", "method_not_allowed"} < found["config/errors.py"]


@pytest.mark.parametrize("source", SOURCES)
def test_every_code_of_a_refusal_is_in_the_document(source: str) -> None:
    assert set(codes_of(ROOT / source)) - promised() == set()


def test_every_code_the_hostile_tests_expect_is_in_the_document() -> None:
    assert {case.code for module in test_in_russian.MODULES for case in module.CASES} - promised() == set()


def test_the_document_names_no_code_that_is_gone() -> None:
    known = {code for source in SOURCES for code in codes_of(ROOT / source)} | set(FAILURES)
    known |= {"prompt_empty", "prompt_too_long", "prompt_unreadable", "prompt_unwanted", "http_413", "http_502"}
    told = {code for code in promised() if "_" in code} - WHOLE
    assert told - known == set()


def test_every_failure_is_in_the_document() -> None:
    after = TEXT[TEXT.index("### Why a generation failed") :]
    assert [code for code in FAILURES if f"| `{code}` |" not in after] == []


def test_every_status_stage_and_field_is_in_the_document() -> None:
    assert [word for word in (*Status.values, *Stage.values, *WHOLE) if word not in TEXT] == []


def test_the_example_row_has_all_fields() -> None:
    (example,) = (block for block in re.findall(r"```json\n(.+?)```", TEXT, re.DOTALL) if '"id"' in block)
    assert set(json.loads(example)) == WHOLE


@pytest.mark.django_db
def test_every_address_of_the_schema_is_in_the_document() -> None:
    paths = Client().get("/api/schema").json()["paths"]
    assert [path for path in paths if path.replace("generation_id", "id").replace("batch_id", "id") not in TEXT] == []
