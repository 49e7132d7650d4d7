"""bin/manage copy_media: files of the local folder into the bucket that is described, before or after it is chosen."""

from contextlib import suppress
from typing import Any, cast

from django.conf import settings
from django.core.files.storage import storages
from django.core.management.base import BaseCommand, CommandError

from config import media
from media_pipeline import bucket_checks, moving, storage
from media_pipeline.shelf import Shelf, StorageAway

BAR_WIDTH = 40


class Command(BaseCommand):
    help = "Copy media from DATA_DIR/media into the bucket MEDIA_BUCKET names; what is there already is passed."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        if mistakes := list(bucket_checks.mistakes()):
            raise CommandError("\n".join(mistakes))
        places = (media.folder(settings.DATA_DIR), media.bucket(settings))
        folder, bucket = (cast("Shelf", storages.create_storage(place)) for place in places)
        total = sum(1 for _ in moving.keys(folder))
        done = copied = 0
        try:
            for done, key in enumerate(moving.keys(folder), 1):
                # What has gone since it was listed was thrown away, not lost: the studio may be at work.
                with suppress(FileNotFoundError), storage.parts() as new_part:
                    copied += moving.copy(key, folder, bucket, new_part())
                self._show(done, max(done, total))
        except (StorageAway, storage.DiskFull) as error:
            raise CommandError(f"{error} Begin again when that is over: what has been copied is passed.") from error
        self.stdout.write(f"{copied} copied, {done - copied} there already")

    def _show(self, done: int, total: int) -> None:
        bar = "█" * (BAR_WIDTH * done // total)
        self.stdout.write(f"files {bar:░<{BAR_WIDTH}} {done} of {total}", ending="\n" if done >= total else "\r")
        self.stdout.flush()
