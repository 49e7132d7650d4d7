"""App configuration of media_pipeline."""

from django.apps import AppConfig
from django.core.checks import register
from django.utils.translation import gettext_lazy as _

from media_pipeline import bucket_checks, checks


class MediaPipelineConfig(AppConfig):
    name = "media_pipeline"
    verbose_name = _("Media")

    def ready(self) -> None:
        register(checks.media_root_is_writable)
        register(checks.pillow_knows_the_kinds)
        register(bucket_checks.bucket_is_described)
        register(bucket_checks.bucket_answers, deploy=True)
