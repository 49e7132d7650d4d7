"""Has pictures drawn beside the event loop, each file once. How a picture looks is in `pictures`."""

import asyncio
import os
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from providers.sandbox.pictures.draw import draw
from providers.sandbox.pictures.encode import encode


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """What to draw: the words, the seed, the size in pixels; how to write it: webp, jpg or png, quality 0 to 100."""

    words: str
    seed: int
    width: int
    height: int
    format: str = "webp"
    quality: int = 80


def _paint(path: Path, order: Order) -> None:
    picture = draw(order.words, order.seed, (order.width, order.height))
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{threading.get_ident()}")
    unfinished.write_bytes(encode(picture, order.format, order.quality, order.words, order.seed))
    unfinished.replace(path)


def _step_back() -> None:
    # Drawing is the only heavy work here: it must not take the processor from the answers.
    # Back only: who stands further back already, as below bin/run, may not come forward without being root.
    if hasattr(os, "setpriority"):
        thread = threading.get_native_id()
        os.setpriority(os.PRIO_PROCESS, thread, max(5, os.getpriority(os.PRIO_PROCESS, thread)))


class Painter:
    """One drawing at a time, in a thread: numpy and Pillow let go of the interpreter for the long parts."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="painter", initializer=_step_back)
        self._under_way: dict[Path, asyncio.Future[None]] = {}

    async def paint(self, path: Path, order: Order) -> Path:
        """The file, drawn now unless it is there. Two who ask for the same file wait for the same drawing."""
        if path.exists():
            return path
        if path not in self._under_way:
            drawing = asyncio.get_running_loop().run_in_executor(self._thread, _paint, path, order)
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
