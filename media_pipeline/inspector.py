"""The child process that looks into files: `python -m media_pipeline.inspector`, JSON in, JSON out. Knows no Django.

Decoders are where hostile files strike, so they run where memory, time and files are limited and where the environment
holds nothing worth stealing. A crash here is a verdict on the file, read by `inspection`.
"""

import json
import resource
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from media_pipeline.derivatives import make_thumbnails
from media_pipeline.errors import MediaError
from media_pipeline.probing import decode_frames, probe
from media_pipeline.sniffing import HEAD_BYTES, sniff

MEBIBYTE = 1_048_576
CPU_SECONDS = 30
# Written before the file is opened: what breaks after it, the file broke.
LOOKING = "looking"
EXIT_OURS = 3


def limit(max_pixels: int) -> None:
    """Bounds no honest picture meets: 512 MiB and 12 bytes a pixel of address space, 30 s of processor time."""
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


def look(path: Path, thumbnails: dict[int, Path], *, max_pixels: int) -> dict[str, Any]:
    """The whole look at one file; the answer's fields are those of inspection.InspectedImage. Raises MediaError."""
    with path.open("rb") as file:
        kind = sniff(file.read(HEAD_BYTES))
    probed = probe(path, kind, max_pixels=max_pixels)
    orientation = make_thumbnails(path, kind, thumbnails, max_pixels=max_pixels)
    if probed.frames > 1:
        decode_frames(path, kind, max_pixels=max_pixels)
    return {"content_type": kind.content_type, "extension": kind.extension, **asdict(probed.upright(orientation))}


def main() -> None:
    request = json.load(sys.stdin)
    max_pixels = int(request["max_pixels"])
    thumbnails = {int(side): Path(path) for side, path in request["thumbnails"].items()}
    limit(max_pixels)
    print(LOOKING, flush=True)
    try:
        answer = look(Path(request["path"]), thumbnails, max_pixels=max_pixels)
    except MediaError as refusal:
        answer = {"refused": type(refusal).__name__, "because": str(refusal)}
    except MemoryError:
        answer = {"refused": "Dangerous", "because": "The picture needs more memory than allowed."}
    except OSError as error:
        if error.errno is None:  # Pillow's own, about the file
            raise
        sys.exit(EXIT_OURS)
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
