"""The paths of this face, below /replicate."""

from starlette.routing import BaseRoute, Mount, Route

from providers.sandbox.replicate import account, delivery, files, listing, predictions
from providers.sandbox.replicate.access import elsewhere

V1 = [
    Route("/predictions", predictions.create, methods=["POST"]),
    Route("/predictions", listing.listing, methods=["GET"]),
    Route("/predictions/{id}", predictions.get, methods=["GET"]),
    Route("/predictions/{id}/cancel", predictions.cancel, methods=["POST"]),
    Route("/models/{owner}/{name}", account.model, methods=["GET"]),
    Route("/models/{owner}/{name}/predictions", predictions.create, methods=["POST"]),
    Route("/models/{owner}/{name}/versions", account.versions, methods=["GET"]),
    Route("/models/{owner}/{name}/versions/{id}", account.version, methods=["GET"]),
    Route("/files", files.create, methods=["POST"]),
    Route("/files", files.listing, methods=["GET"]),
    Route("/files/{id}", files.get, methods=["GET"]),
    Route("/files/{id}", files.delete, methods=["DELETE"]),
    Route("/files/{id}/download", files.download, methods=["GET"]),
    Route("/account", account.account, methods=["GET"]),
    Route("/webhooks/default/secret", account.secret, methods=["GET"]),
]

ROUTES: list[BaseRoute] = [
    Mount("/v1", routes=V1),
    Route("/delivery/{id}/{name}", delivery.deliver, methods=["GET"]),
    Route("/{rest:path}", elsewhere),
]
