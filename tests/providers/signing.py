"""Signs deliveries as a provider would. The package signs, so that our verifier is not measured against itself."""

import base64
from datetime import UTC, datetime

from standardwebhooks import Webhook

SECRET = "whsec_" + base64.b64encode(b"the first secret of an account!!").decode()
OTHER_SECRET = "whsec_" + base64.b64encode(b"the second secret of an account!").decode()
NOW = 1_790_000_000


def signature(body: bytes, *, secret: str = SECRET, identifier: str = "msg_1", timestamp: int = NOW) -> str:
    return str(Webhook(secret).sign(identifier, datetime.fromtimestamp(timestamp, tz=UTC), body.decode()))


def signed(
    body: bytes, *, secret: str = SECRET, identifier: str = "msg_1", timestamp: int = NOW, **changes: str
) -> dict[str, str]:
    """The headers of a delivery; changes: headers in their place, with _ for -."""
    headers = {
        "webhook-id": identifier,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(body, secret=secret, identifier=identifier, timestamp=timestamp),
    }
    return headers | {name.replace("_", "-"): value for name, value in changes.items()}
