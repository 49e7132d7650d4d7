"""What a child process may use of this machine, set by itself before it opens a file."""

import ctypes
import os
import resource
import signal
import sys

MEBIBYTE = 1_048_576
THREADS = 2
LARGEST_FILE_BYTES = 100 * MEBIBYTE
OPEN_FILES = 256
SET_DEATH_SIGNAL = 1  # prctl(2), PR_SET_PDEATHSIG


def limit(memory_mebibytes: int, seconds: int) -> None:
    """Address space, processor time, file size. The wall clock is the parent's."""
    memory, processor = memory_mebibytes * MEBIBYTE, seconds * THREADS
    limits = (
        (resource.RLIMIT_AS, memory, memory),
        (resource.RLIMIT_CPU, processor, processor + 5),
        (resource.RLIMIT_FSIZE, LARGEST_FILE_BYTES, LARGEST_FILE_BYTES),
        (resource.RLIMIT_NOFILE, OPEN_FILES, OPEN_FILES),
        (resource.RLIMIT_CORE, 0, 0),
    )
    for what, soft, hard in limits:
        ceiling = resource.getrlimit(what)[1]
        most = hard if ceiling == resource.RLIM_INFINITY else min(hard, ceiling)
        resource.setrlimit(what, (min(soft, most), most))


def die_with(parent: int) -> None:
    """A parent that is killed takes its child along: nobody else would ever come for the result."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SET_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit(1)
