"""Modules stay small and say what is on their shelf."""

import ast
import subprocess
from pathlib import Path
from statistics import median

import pytest

from config.local.site import ROOT

APPS = ("accounts", "config", "generations", "guide", "media_pipeline", "notifications", "providers")
MODULES = sorted(
    path
    for app in APPS
    for path in (ROOT / app).rglob("*.py")
    if "migrations" not in path.parts and path.stat().st_size
)


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_the_median_module_has_about_sixty_lines_and_nine_of_ten_under_160() -> None:
    sizes = sorted(lines(path) for path in MODULES)
    assert median(sizes) <= 65
    assert sizes[len(sizes) * 9 // 10] <= 160
    assert sizes[-1] <= 300


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_module_begins_with_what_is_on_it_and_its_functions_are_short(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    assert [node.name for node in functions if (node.end_lineno or 0) - node.lineno > 45] == []


@pytest.mark.parametrize("name", ["utils.py", "helpers.py", "services.py"])
def test_there_is_no_shelf_without_a_label(name: str) -> None:
    assert [path for path in MODULES if path.name == name] == []


def test_no_file_in_git_is_heavy_or_of_a_third_party() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False).stdout
    files = [ROOT / name for name in listed.split("\0") if name]
    assert [path for path in files if path.exists() and path.stat().st_size > 1_500_000] == []
    assert [path for path in files if path.name.endswith((".min.js", ".min.css"))] == []
