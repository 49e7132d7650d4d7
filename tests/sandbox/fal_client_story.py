"""What a program does with the `fal-client` package. Run by itself; prints what came of it as JSON."""

import json
import sys
from typing import Any

import fal_client

DEV = "fal-ai/flux/dev"
EDIT = "fal-ai/nano-banana/edit"
SMALL = {"image_size": "square"}


def tell(webhook: str) -> dict[str, Any]:
    client = fal_client.SyncClient(key="test:secret")
    told: dict[str, Any] = {}

    handle = client.submit(DEV, {"prompt": "a quiet lake [[slow=0.3]]", **SMALL}, webhook_url=webhook, start_timeout=60)
    events = list(handle.iter_events(with_logs=True, interval=0.05))
    told["events"] = [type(event).__name__ for event in events]
    last = events[-1]
    told["logs"] = [log["message"] for log in last.logs or []] if isinstance(last, fal_client.Completed) else []
    told["result"] = handle.get()
    told["request_id"] = handle.request_id
    told["again"] = client.result(DEV, handle.request_id)

    seen: list[str] = []
    told["subscribed"] = client.subscribe(
        DEV,
        {"prompt": "hills", **SMALL},
        with_logs=True,
        on_queue_update=lambda status: seen.append(type(status).__name__),
    )
    told["seen"] = seen

    address = client.upload(b"hello", "text/plain", "hello.txt")
    told["uploaded"] = address
    picture = told["result"]["images"][0]["url"]
    told["edited"] = client.subscribe(EDIT, {"prompt": "at night", "image_urls": [picture]})
    told["run"] = client.run(DEV, {"prompt": "dunes", **SMALL})

    busy = [client.submit(DEV, {"prompt": "tower [[slow=600]]"}) for _ in range(3)]
    waiting = busy[-1].status()
    told["position"] = waiting.position if isinstance(waiting, fal_client.Queued) else None
    for one in busy:
        one.cancel()
    told["cancelled"] = type(busy[0].status()).__name__

    try:
        client.subscribe(DEV, {"prompt": "a wall [[refuse]]"})
    except fal_client.FalClientHTTPError as error:
        told["refused"] = [error.status_code, str(error)]
    try:
        client.submit("fal-ai/nothing", {})
    except fal_client.FalClientHTTPError as error:
        told["unknown"] = error.status_code
    return told


if __name__ == "__main__":
    print(json.dumps(tell(sys.argv[1])))
