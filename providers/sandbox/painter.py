"""Has files made beside the event loop, each once. What is in them is for `work` to say."""

import asyncio
import shutil
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path


def _paint(path: Path, make: Callable[[], bytes]) -> None:
    content = make()
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{threading.get_ident()}")
    unfinished.write_bytes(content)
    unfinished.replace(path)


class Painter:
    """One drawing at a time, in a thread: numpy and Pillow let go of the interpreter for the long parts."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="painter")
        self._under_way: dict[Path, asyncio.Future[None]] = {}

    async def paint(self, path: Path, make: Callable[[], bytes]) -> Path:
        """The file, made now unless it is there. Two who ask for the same file wait for the same making.

        make: gives the file's bytes, in the painter's thread; what it raises is raised here.
        """
        if path.exists():
            return path
        if path not in self._under_way:
            drawing = asyncio.get_running_loop().run_in_executor(self._thread, _paint, path, make)
            self._under_way[path] = drawing
            drawing.add_done_callback(lambda _: self._under_way.pop(path, None))
        await asyncio.shield(self._under_way[path])
        return path

    def forget(self, folder: Path) -> None:
        """Removes the files below a folder, and the drawings for it that have not begun."""
        for path, drawing in list(self._under_way.items()):
            if folder in path.parents:
                drawing.cancel()
        shutil.rmtree(folder, ignore_errors=True)

    def close(self) -> None:
        """Does not wait for drawings that have not begun."""
        self._thread.shutdown(wait=False, cancel_futures=True)
