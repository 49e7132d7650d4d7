"""The models this face knows: those with a schema. Their names, versions, and what a prediction shows of them."""

import hashlib

from providers.sandbox import schemas
from providers.sandbox.schemas import Schema

PROVIDER = "replicate"
# An official model's predictions show no version of its own, or one that names a deployment.
SHOWN_VERSIONS = ("hidden", "dp-4d0bcc010b3049749a251855f12800be")


def named(name: str) -> Schema | None:
    """The model of that name, "owner/name"."""
    return schemas.of(PROVIDER, name)


def versions_of(model: Schema) -> tuple[str, ...]:
    """Its versions, newest first; where its schema names none, one that follows from its name."""
    return model.versions or (hashlib.sha256(model.endpoint.encode()).hexdigest(),)


def versioned(version: str) -> Schema | None:
    """The model that has this version."""
    return next((model for model in schemas.every(PROVIDER).values() if version in versions_of(model)), None)


def shown_version(model: Schema) -> str:
    """What a prediction made by the model's name carries in `version`."""
    return SHOWN_VERSIONS[sum(model.endpoint.encode()) % len(SHOWN_VERSIONS)]
