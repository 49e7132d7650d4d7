"""Signs a webhook as Standard Webhooks describe it, rightly or, when told to, wrongly."""

import base64
import hashlib
import hmac
import time

FORGERIES = ("signature", "secret", "old", "unsigned", "v2", "two")


def _sign(secret: str, webhook_id: str, timestamp: int, body: bytes) -> str:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{webhook_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def headers_for(body: bytes, *, agent: str, webhook_id: str, secret: str, forgery: str = "") -> dict[str, str]:
    """The three headers, the content type and the sender's name.

    Forgeries: "signature" (of another body), "secret" (of another account), "old" (rightly signed ten minutes ago),
    "unsigned", "v2" (an unknown version), "two" (a wrong one, then the right one: must be accepted).
    """
    plain = {"content-type": "application/json", "user-agent": agent}
    if forgery == "unsigned":
        return plain
    timestamp = int(time.time()) - (600 if forgery == "old" else 0)
    right = _sign(secret, webhook_id, timestamp, body)
    wrong = _sign(secret, webhook_id, timestamp, body + b" ")
    foreign = _sign("whsec_" + base64.b64encode(b"another account's secret").decode(), webhook_id, timestamp, body)
    signature = {
        "signature": wrong,
        "secret": foreign,
        "v2": right.replace("v1,", "v2,"),
        "two": f"{wrong} {right}",
    }.get(forgery, right)
    return plain | {"webhook-id": webhook_id, "webhook-timestamp": str(timestamp), "webhook-signature": signature}


def former(secret: str) -> str:
    """The secret an account had before this one."""
    return "whsec_" + base64.b64encode(hashlib.sha256(secret.encode()).digest()[:24]).decode()
