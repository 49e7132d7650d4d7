"""fal's deliveries, which are proven by published keys: bad ones, odd ones, and keys that cannot be had. Case 80."""

import time
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest
from django.test import Client

from accounts import credits
from generations import callbacks
from generations.models import Attempt, Delivery, Generation
from tests.api.cases import Scene, everything
from tests.generations.test_webhooks import hear_all
from tests.providers.server import Behaviour, Server, answers, hangs_up
from tests.providers.test_fal_webhooks import KEY, OTHER, RID, published, signed

OK = (
    b'{"error": null, "gateway_request_id": "another", "payload": {"images": [{"url": "https://v3.fal.media/x.png"}]}, '
)
OK += b'"request_id": "%s", "status": "OK"}' % RID.encode()
DETAIL = b'{"detail": [{"loc": ["body", "prompt"], "msg": "no", "type": "%s"}]}'
_numbers = count()
Deliver = Callable[..., int]


@pytest.fixture
def keys() -> Iterator[Server]:
    with Server(answers(200, published(OTHER, KEY))) as server:
        yield server


@pytest.fixture
def deliver(keys: Server, running: Generation, attempt: Attempt, settings: Any) -> Deliver:
    """Hands a body to the address of Alice's job, which from here on runs at fal."""
    fal: dict[str, Any] = settings.PROVIDERS["fal"]
    options = fal["options"] | {"jwks_url": f"{keys.origin}/of/{next(_numbers)}.json"}
    settings.PROVIDERS = settings.PROVIDERS | {"fal": fal | {"token": "key:secret", "options": options}}
    own = {"provider": "fal", "external_id": RID, "endpoint": "fal-ai/flux/dev", "token_label": "environment"}
    Attempt.objects.filter(pk=attempt.pk).update(**own)
    path = f"/api/webhook/fal/{attempt.pk}/{callbacks.key_of(attempt.pk)}"

    def send(body: bytes, headers: dict[str, str] | None = None) -> int:
        proof = signed(body, timestamp=int(time.time())) if headers is None else headers
        client = Client(enforce_csrf_checks=True)
        answer = client.post(path, body, content_type="application/json", headers=proof)
        assert answer.content == b""
        return answer.status_code

    return send


def test_case_80_a_proven_delivery_moves_the_generation_once(deliver: Deliver, running: Generation) -> None:
    """Two deliveries of one end differ in gateway_request_id alone."""
    assert [deliver(OK), deliver(OK.replace(b"another", b"a third"))] == [200, 200]
    assert Delivery.objects.get().dedupe == f"{RID}:OK"
    hear_all()
    running.refresh_from_db()
    assert running.stage == "saving"


def test_case_80_payload_error_ends_nothing(deliver: Deliver, running: Generation) -> None:
    body = b'{"request_id": "%s", "status": "OK", "payload": null, "payload_error": "not serializable"}' % RID.encode()
    assert deliver(body) == 200
    hear_all()
    running.refresh_from_db()
    assert running.stage == "running"


@pytest.mark.parametrize(
    ("kind", "code"), [(b"content_policy_violation", "content_refused"), (b"image_too_small", "input_refused")]
)
def test_case_80_an_error_with_a_422_list_says_why_and_costs_nothing(
    kind: bytes, code: str, deliver: Deliver, running: Generation, scene: Scene
) -> None:
    body = b'{"request_id": "%s", "status": "ERROR", "error": "Invalid status code: 422", "payload": %s}'
    assert deliver(body % (RID.encode(), DETAIL % kind)) == 200
    hear_all()
    running.refresh_from_db()
    assert (running.stage, running.error_code) == ("failed", code)
    assert credits.balance_of(scene.alice.pk) == credits.Balance(available=100_000)


@pytest.mark.parametrize("status", [b"\\ud800", b"O\\u0000K", b"\\udfff\\ud800"])
def test_case_80_a_status_that_cannot_be_stored_is_kept_and_changes_nothing(
    status: bytes, deliver: Deliver, running: Generation
) -> None:
    """The status is part of the delivery's key, which is a column."""
    assert deliver(OK.replace(b'"OK"', b'"' + status + b'"')) == 200
    hear_all()
    assert Delivery.objects.get().processed_at is not None
    running.refresh_from_db()
    assert running.stage == "running"


@pytest.mark.parametrize(
    "behaviour",
    [hangs_up, answers(500, {}), answers(404, {}), answers(200, {"keys": []}), answers(200, {"keys": [{"x": "AA"}]})],
    ids=["unreachable", "failing", "gone", "empty", "broken"],
)
def test_case_80_without_keys_the_sender_is_asked_to_come_again(
    behaviour: Behaviour, deliver: Deliver, keys: Server
) -> None:
    keys.behaviours = [behaviour]
    before = everything()
    assert deliver(OK) == 503
    assert everything() == before


@pytest.mark.parametrize("padding", ["", "="])
def test_case_80_keys_come_with_padding_or_without(padding: str, deliver: Deliver, keys: Server) -> None:
    x = published(KEY)["keys"][0]["x"].rstrip("=") + padding
    keys.behaviours = [answers(200, {"keys": [{"kty": "OKP", "crv": "Ed25519", "x": x}]})]
    assert deliver(OK) == 200


def forged(**changes: Any) -> dict[str, str]:
    return signed(OK, timestamp=int(time.time()), **changes)


@pytest.mark.parametrize(
    "headers",
    [
        lambda: {},
        lambda: forged(signature=""),
        lambda: forged(signature="0" * 128),
        lambda: forged(request_id="another"),
        lambda: forged(user_id="a\r\nb"),
        lambda: signed(OK, timestamp=int(time.time()) - 301),
        lambda: signed(OK, timestamp=int(time.time()) + 310),
        lambda: signed(OK + b" ", timestamp=int(time.time())),
        lambda: {"webhook-id": "a", "webhook-timestamp": str(int(time.time())), "webhook-signature": "v1,AAAA"},
    ],
    ids=range(9),
)
def test_case_80_a_forged_delivery_is_refused_and_leaves_nothing(
    headers: Callable[[], dict[str, str]], deliver: Deliver
) -> None:
    before = everything()
    assert deliver(OK, headers()) == 401
    assert everything() == before
