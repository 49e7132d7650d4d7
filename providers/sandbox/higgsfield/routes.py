"""The paths of this face, below /higgsfield. Any path that is nothing else is the name of a model."""

from starlette.routing import BaseRoute, Route

from providers.sandbox.higgsfield import around, delivery, submits, uploads
from providers.sandbox.higgsfield.access import elsewhere

ROUTES: list[BaseRoute] = [
    Route("/requests/{id}/status", submits.status, methods=["GET"]),
    Route("/requests/{id}/cancel", submits.cancel, methods=["POST"]),
    Route("/models", around.models, methods=["GET"]),
    Route("/estimate/{endpoint:path}", around.estimate, methods=["POST"]),
    Route("/files/generate-upload-url", uploads.offer, methods=["POST"]),
    Route("/store/{id:uuid}", uploads.put, methods=["PUT"]),
    Route("/store/{id:uuid}", uploads.get, methods=["GET"]),
    Route("/outputs/{id}/{name}", delivery.deliver, methods=["GET"]),
    Route("/v1/job-sets/{id}", submits.job_set, methods=["GET"]),
    Route("/v1/motions", around.motions, methods=["GET"]),
    Route("/v1/text2image/soul-styles", around.styles, methods=["GET"]),
    Route("/v1/custom-references", around.make_reference, methods=["POST"]),
    Route("/v1/custom-references/list", around.references, methods=["GET"]),
    Route("/v1/custom-references/{id}", around.reference, methods=["GET"]),
    Route("/{endpoint:path}", submits.submit, methods=["POST"]),
    Route("/{rest:path}", elsewhere),
]
