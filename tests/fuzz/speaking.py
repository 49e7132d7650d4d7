"""What each provider would deliver about a job, and how it proves that it is it. Bodies need not be JSON, or text."""

import base64
import hashlib
import hmac
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from accounts.ids import uuid7
from providers.signatures import key_of
from tests.providers import test_fal_webhooks as fal
from tests.providers import test_google_webhooks as google
from tests.providers.recorded import recorded
from tests.providers.signing import SECRET

Headers = dict[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Mouth:
    """proof: headers none of which may be missing or other. signs_body: whether they are about the body at all."""

    provider: str
    token: str
    task: str
    body: Callable[[str, Sequence[str]], dict[str, Any]]
    sign: Callable[[bytes], Headers]
    proof: tuple[str, ...]
    secret: str = ""
    signs_body: bool = True


def _standard(body: bytes) -> Headers:
    """Standard Webhooks, as tests.providers.signing has it, over bytes of any kind."""
    identifier, stamp = f"msg_{uuid7().hex}", str(int(time.time()))
    mac = hmac.new(key_of(SECRET), f"{identifier}.{stamp}.".encode() + body, hashlib.sha256).digest()
    return {
        "webhook-id": identifier,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{base64.b64encode(mac).decode()}",
    }


def _fal(body: bytes) -> Headers:
    return fal.signed(body, timestamp=int(time.time()))


def _google_token(body: bytes) -> Headers:
    del body
    now = int(time.time())
    claims = google.CLAIMS | {"iat": now, "exp": now + 300, "jti": uuid7().hex}
    return {"webhook-signature": google.token(claims)}


def _of_replicate(external_id: str, urls: Sequence[str]) -> dict[str, Any]:
    return recorded("replicate", "succeeded").object | {"id": external_id, "output": list(urls), "logs": ""}


def _of_fal(external_id: str, urls: Sequence[str]) -> dict[str, Any]:
    payload = {
        "has_nsfw_concepts": [False] * len(urls),
        "images": [{"content_type": "image/png", "height": 768, "url": url, "width": None} for url in urls],
        "seed": 17_454_220_438_242_315_174,
        "timings": {"inference": 2.1},
    }
    ids = {"request_id": external_id, "gateway_request_id": external_id}
    return {"error": None, **ids, "payload": payload, "status": "OK"}


def _of_google(external_id: str, urls: Sequence[str]) -> dict[str, Any]:
    del urls
    stamp = "2026-08-28T18:58:37Z"
    return {"type": "interaction.completed", "version": "v1", "timestamp": stamp, "data": {"id": external_id}}


def _of_higgsfield(external_id: str, urls: Sequence[str]) -> dict[str, Any]:
    images = [{"url": url} for url in urls]
    return {"status": "completed", "request_id": external_id, "images": images, "error": None}


STANDARD = ("webhook-id", "webhook-timestamp", "webhook-signature")
FAL = tuple(f"X-Fal-Webhook-{name}" for name in ("Request-Id", "User-Id", "Timestamp", "Signature"))
PICTURE, FILM = "text-to-image", "text-to-video"
MOUTHS = {
    "replicate": Mouth(
        provider="replicate", token="r8_fuzzing", task=PICTURE, body=_of_replicate, sign=_standard, proof=STANDARD,
        secret=SECRET,
    ),
    "fal": Mouth(provider="fal", token="key:fuzzing", task=PICTURE, body=_of_fal, sign=_fal, proof=FAL),
    "google": Mouth(
        provider="google", token="AIza-fuzz", task=FILM, body=_of_google, sign=_standard, proof=STANDARD, secret=SECRET
    ),
    "google-token": Mouth(
        provider="google", token="AIza-fuzz", task=FILM, body=_of_google, sign=_google_token,
        proof=("webhook-signature",), signs_body=False,
    ),
    "higgsfield": Mouth(
        provider="higgsfield", token="id:fuzzing", task=PICTURE, body=_of_higgsfield, sign=_standard, proof=STANDARD,
        secret=SECRET,
    ),
    "higgsfield-unsigned": Mouth(
        provider="higgsfield", token="id:fuzzing", task=PICTURE, body=_of_higgsfield, sign=lambda body: {}, proof=(),
        signs_body=False,
    ),
}  # fmt: skip
