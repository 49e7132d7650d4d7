"""Several people, workers or deliveries at the same moment, each on its own connection."""

import threading
from collections.abc import Callable

from django.db import connection


def at_once(work: Callable[[int], object], count: int) -> list[object]:
    """Runs work(0) … work(count-1) together; what one raises stands in its place."""
    start = threading.Barrier(count)
    results: list[object] = [None] * count

    def run(number: int) -> None:
        try:
            start.wait()
            results[number] = work(number)
        except Exception as error:  # noqa: BLE001  (every outcome is the test's to judge)
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
