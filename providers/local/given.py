"""The files an order names, on this machine: in the media folder where they lie, or copied out of a bucket."""

import shutil
from pathlib import Path

from providers.local.order import Order


def bring(order: Order, media_root: str, folder: Path) -> Order:
    """The same order with paths for keys. Copies go into `folder`, which ends with the work. Raises OSError."""
    files = {slot: [str(_path(key, media_root, folder)) for key in keys] for slot, keys in order.files.items()}
    return Order(endpoint=order.endpoint, files=files, settings=order.settings, seconds=order.seconds)


def _path(key: str, media_root: str, folder: Path) -> Path:
    """A file that has gone is a path to nothing, which the work refuses."""
    if media_root:
        return Path(media_root) / key
    # Adapters run without Django, which is there wherever there is a bucket.
    from django.core.files.storage import default_storage  # noqa: PLC0415

    copy = folder / "given" / key
    copy.parent.mkdir(parents=True, exist_ok=True)
    try:
        with default_storage.open(key) as file, copy.open("wb") as target:
            shutil.copyfileobj(file, target)
    except FileNotFoundError:
        copy.unlink(missing_ok=True)
    return copy
