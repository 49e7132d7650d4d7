"""The project's wiring as an app, so that its own management commands are found."""

from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig


class ConfigConfig(AppConfig):
    """Has no models."""

    name = "config"


class StudioStaticFilesConfig(StaticFilesConfig):
    """Leaves out what no page loads: htmx's extensions name types in comments, which the manifest takes for imports."""

    ignore_patterns: list[str] = [  # noqa: RUF012
        *StaticFilesConfig.ignore_patterns,
        "hx-*.js",
        "htmx-4*.js",
        "htmax-4*.js",
    ]
