"""The child process that does one order: `python -m providers.local.worker`, JSON in, a file and a line of JSON out."""

import errno
import json
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

from providers.local import bounds
from providers.local.jobs import JOBS
from providers.local.order import Order, Refused


def work(request: dict[str, Any]) -> dict[str, Any]:
    """Does the order within its bounds. What it raises is a fault of ours and ends the process."""
    order = Order.from_json(request["order"])
    job = JOBS[order.endpoint]
    bounds.die_with(request["parent"])
    bounds.limit(job.memory_mebibytes, order.seconds)
    module, _colon, function = job.work.partition(":")
    started = time.monotonic()
    try:
        getattr(import_module(f"providers.local.{module}"), function)(order, Path(request["target"]))
    except Refused as refusal:
        return {"refused": refusal.code, "because": str(refusal)}
    except MemoryError:
        return {"refused": "input_too_large", "because": "it needs more memory than allowed"}
    except OSError as error:
        if error.errno != errno.EFBIG:
            raise
        return {"refused": "input_too_large", "because": "the result is a larger file than allowed"}
    return {"seconds": round(time.monotonic() - started, 3)}


if __name__ == "__main__":
    print(json.dumps(work(json.load(sys.stdin))))
