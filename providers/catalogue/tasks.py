"""What can be done, and which files each needs. The words stand in files, in the API and on pages alike."""

from collections.abc import Collection

TASKS: dict[str, frozenset[str]] = {
    "text-to-image": frozenset(),
    "image-edit": frozenset({"image"}),
    "inpaint": frozenset({"image", "mask"}),
    "expand": frozenset({"image"}),
    "upscale": frozenset({"image"}),
    "remove-background": frozenset({"image"}),
    "restyle": frozenset({"image"}),
    "convert": frozenset({"image"}),
    "text-to-video": frozenset(),
    "image-to-video": frozenset({"first_frame"}),
    "first-last-frame": frozenset({"first_frame", "last_frame"}),
    "reference-to-video": frozenset({"image"}),
    "video-edit": frozenset({"video"}),
    "join-videos": frozenset({"video"}),
}
# What comes of a task is a film; of all others it is pictures.
MAKES_VIDEO = frozenset(
    {"text-to-video", "image-to-video", "first-last-frame", "reference-to-video", "video-edit", "join-videos"}
)
# A mask is white where something is to change and black where all stays.
SLOTS = ("image", "mask", "first_frame", "last_frame", "video", "style_image")


def task_for(tasks: Collection[str], given: Collection[str]) -> str | None:
    """Of a model's tasks the one that needs most of what is given; None when none can do without more."""
    possible = [task for task in tasks if TASKS[task] <= set(given)]
    return max(possible, key=lambda task: len(TASKS[task]), default=None)


def stranded(tasks: Collection[str], task: str, given: Collection[str]) -> dict[str, frozenset[str]]:
    """Given files that only another of a model's tasks has a use for: slot → what that one lacks."""
    found = {}
    for slot in set(given) - TASKS[task]:
        if lacking := [TASKS[one] - set(given) for one in tasks if slot in TASKS[one]]:
            found[slot] = min(lacking, key=len)
    return found
