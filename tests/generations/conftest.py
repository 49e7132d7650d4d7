"""The hands of these tests. The fixtures themselves are everybody's: tests/studio.py, through tests/conftest.py."""

from tests.studio import Ask, Sandbox, drive, step

__all__ = ["Ask", "Sandbox", "drive", "step"]
