"""Signs webhooks with Ed25519, rightly or, when told to, wrongly; publishes the keys. A new key comes every day."""

import base64
import hashlib
import hmac
import secrets
import time
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

DAY_SECONDS = 86_400
USER = "sandbox-user"
FORGERIES = ("signature", "secret", "old", "unsigned")


def key_of_day(folder: Path, now: float) -> Ed25519PrivateKey:
    """The account's key on that day, made from one secret that is kept."""
    path = folder / "fal_key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_bytes(secrets.token_bytes(32))
    day = str(int(now // DAY_SECONDS)).encode()
    return Ed25519PrivateKey.from_private_bytes(hmac.new(path.read_bytes(), day, hashlib.sha256).digest())


def published(folder: Path, now: float) -> dict[str, Any]:
    """The key set: today's key and yesterday's, which deliveries on their way may be signed with."""
    keys = []
    for moment in (now, now - DAY_SECONDS):
        public = key_of_day(folder, moment).public_key().public_bytes_raw()
        x = base64.urlsafe_b64encode(public).rstrip(b"=").decode()
        kid = f"sandbox-{int(moment // DAY_SECONDS)}"
        keys.append({"kty": "OKP", "crv": "Ed25519", "kid": kid, "alg": "EdDSA", "use": "sig", "x": x})
    return {"keys": keys}


def headers_for(body: bytes, *, request_id: str, key: Ed25519PrivateKey, forgery: str = "") -> dict[str, str]:
    """The four headers and the content type. Time is the wall's.

    Forgeries: "signature" (of another body), "secret" (by a key nobody published), "old" (rightly signed ten minutes
    ago), "unsigned".
    """
    plain = {"content-type": "application/json", "user-agent": "fal-webhook (sandbox)"}
    if forgery == "unsigned":
        return plain
    timestamp = str(int(time.time()) - (600 if forgery == "old" else 0))
    digest = hashlib.sha256(body + b" " if forgery == "signature" else body).hexdigest()
    signer = Ed25519PrivateKey.generate() if forgery == "secret" else key
    message = "\n".join((request_id, USER, timestamp, digest)).encode()
    return plain | {
        "x-fal-webhook-request-id": request_id,
        "x-fal-webhook-user-id": USER,
        "x-fal-webhook-timestamp": timestamp,
        "x-fal-webhook-signature": signer.sign(message).hex(),
    }
