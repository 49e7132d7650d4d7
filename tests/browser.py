"""A Chromium to drive: Debian's, else the one bin/setup-browser fetched. Without either, its tests are left out.

.ci/run sets REQUIRE_BROWSER, and then a run in which no browser test passed is a failed run.
"""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

# Quiet and alone: nothing is fetched, nothing reports home. --no-sandbox because root has no other way.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
)
_passed: list[str] = []


def launch_options() -> dict[str, Any] | None:
    """What playwright's chromium.launch takes; None when there is no browser on this machine."""
    if path := shutil.which("chromium"):
        return {"executable_path": path, "args": list(FLAGS), "env": dict(os.environ)}
    folder = Path(os.environ.get("BROWSER_DIR") or Path(os.environ.get("DATA_DIR", "var")).resolve() / "browser")
    if not (folder / "chromium").exists():
        return None
    own = {
        "LD_LIBRARY_PATH": str(folder / "al2023/lib"),
        "FONTCONFIG_PATH": str(folder / "fonts"),
        "HOME": str(folder),
        "XDG_CACHE_HOME": str(folder / "cache"),
    }
    flags = [*FLAGS, "--headless=shell", "--no-zygote"]
    return {"executable_path": str(folder / "chromium"), "args": flags, "env": {**os.environ, **own}}


def pytest_report_header() -> str:
    options = launch_options()
    return f"browser: {options['executable_path'] if options else 'none; bin/setup-browser fetches one'}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if launch_options() is None:
        config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker("browser")])
        items[:] = [item for item in items if not item.get_closest_marker("browser")]


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.when == "call" and report.passed and "browser" in report.keywords:
        _passed.append(report.nodeid)


def pytest_sessionfinish(session: pytest.Session) -> None:
    # Of several processes the first one hears what all of them report.
    if os.environ.get("REQUIRE_BROWSER") and not _passed and not hasattr(session.config, "workerinput"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if os.environ.get("REQUIRE_BROWSER") and not _passed:
        terminalreporter.write_line("No browser test passed, and this run requires one.", red=True)
