"""What both inspectors share: bounds on the process, the request on stdin, the answer on stdout. Knows no decoder.

Decoders are where hostile files strike, so they run where memory, time and files are limited and where the environment
holds nothing worth stealing. A crash here is a verdict on the file, read by `inspection`.
"""

import json
import resource
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from media_pipeline.errors import MediaError

MEBIBYTE = 1_048_576
CPU_SECONDS = 30
# Written before the file is opened: what breaks after it, the file broke.
LOOKING = "looking"
EXIT_OURS = 3


class NoPicture(MediaError):
    """A video of sound alone, cut short, or in a stream that cannot be decoded here."""

    code: ClassVar[str] = "output_unreadable"
    is_permanent: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """thumbnails: {longer side in pixels: path to write}. clean: where to write a copy without metadata, if wanted.

    comment: what that copy says instead, if it is a video.
    """

    path: Path
    thumbnails: dict[int, Path]
    clean: Path | None
    max_pixels: int
    comment: str = ""


def limit(max_pixels: int) -> None:
    """Bounds no honest file meets: 512 MiB and 12 bytes a pixel of address space, 30 s of processor time."""
    memory = 512 * MEBIBYTE + 12 * max_pixels
    limits = (
        (resource.RLIMIT_AS, memory, memory),
        (resource.RLIMIT_CPU, CPU_SECONDS, CPU_SECONDS + 2),  # the soft one says why: SIGXCPU, not SIGKILL
        (resource.RLIMIT_FSIZE, 100 * MEBIBYTE, 100 * MEBIBYTE),
        (resource.RLIMIT_NOFILE, 64, 64),
        (resource.RLIMIT_CORE, 0, 0),
    )
    for what, soft, hard in limits:
        ceiling = resource.getrlimit(what)[1]
        most = hard if ceiling == resource.RLIM_INFINITY else min(hard, ceiling)
        resource.setrlimit(what, (min(soft, most), most))


def work(look: Callable[[Task], dict[str, Any]]) -> None:
    """Reads one task, looks, prints the answer; its fields are those of inspection.InspectedFile."""
    request = json.load(sys.stdin)
    task = Task(
        path=Path(request["path"]),
        thumbnails={int(side): Path(path) for side, path in request["thumbnails"].items()},
        clean=Path(request["clean"]) if request["clean"] else None,
        max_pixels=int(request["max_pixels"]),
        comment=request.get("comment", ""),
    )
    limit(task.max_pixels)
    print(LOOKING, flush=True)
    try:
        answer = look(task)
    except MediaError as refusal:
        answer = {"refused": type(refusal).__name__, "because": str(refusal)}
    except MemoryError:
        answer = {"refused": "Dangerous", "because": "The file needs more memory than allowed."}
    except OSError as error:
        if error.errno is None:  # Pillow's own, about the file
            raise
        sys.exit(EXIT_OURS)
    print(json.dumps(answer))
