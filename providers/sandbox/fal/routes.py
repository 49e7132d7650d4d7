"""The paths of this face, below /fal: one folder for each of fal's hosts."""

from starlette.routing import BaseRoute, Mount, Route

from providers.sandbox.fal import files, listing, prices, queue, requests
from providers.sandbox.fal.access import elsewhere

QUEUE = [
    Route("/{app:path}/requests/{id}/status/stream", queue.stream, methods=["GET"]),
    Route("/{app:path}/requests/{id}/status", queue.get_status, methods=["GET"]),
    Route("/{app:path}/requests/{id}/cancel", queue.cancel, methods=["PUT"]),
    Route("/{app:path}/requests/{id}/response", queue.result, methods=["GET"]),
    Route("/{app:path}/requests/{id}", queue.result, methods=["GET"]),
    Route("/{endpoint:path}", requests.submit, methods=["POST"]),
]
REST = [
    Route("/storage/upload/initiate", files.initiate, methods=["POST"]),
    Route("/storage/auth/token", files.token, methods=["POST"]),
    Route("/.well-known/jwks.json", files.keys, methods=["GET"]),
]
FILES = [
    Route("/b/{place}/{name}", files.put, methods=["PUT"]),
    Route("/b/{place}/{name}", files.uploaded, methods=["GET"]),
    Route("/o/{id}/{name}", files.made, methods=["GET"]),
]

ROUTES: list[BaseRoute] = [
    Mount("/queue", routes=QUEUE),
    Route("/run/{endpoint:path}", requests.run_now, methods=["POST"]),
    Mount("/rest", routes=REST),
    Route("/cdn/files/upload", files.upload, methods=["POST"]),
    Mount("/files", routes=FILES),
    Route("/api/v1/models/requests/by-endpoint", listing.listing, methods=["GET"]),
    Route("/api/v1/models/pricing", prices.prices, methods=["GET"]),
    Route("/{rest:path}", elsewhere),
]
