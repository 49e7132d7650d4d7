"""Providers call back: verify on the raw bytes, one insert into the inbox, 200 in milliseconds. Reading comes later."""

import re
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from generations import callbacks, tasks
from generations.models import Attempt, Delivery
from providers import registry, tokens
from providers.contract import Verified
from providers.errors import BadSignature, SecretUnavailable

logger = structlog.get_logger(__name__)
LENGTH = re.compile("[0-9]{1,15}")
# Ids, times and signatures; a header that carries a shared secret is none of these.
KEPT_HEADERS = re.compile(r"Content-Type|User-Agent|(X-Fal-)?Webhook-(Id|Request-Id|User-Id|Timestamp|Signature)", re.I)


@csrf_exempt
@require_POST
def webhook(request: HttpRequest, provider: str, attempt: UUID, key: str) -> HttpResponse:
    """404 wrong key, 411 no length, 413 too large, 415 not JSON, 401 bad signature, 503 cannot tell, else 200."""
    if refusal := _refusal(request, provider, attempt, key):
        return refusal
    body = request.body
    headers = dict(request.headers)
    adapter = registry.connect(provider, _account_of(provider, attempt))
    try:
        verified = adapter.verify_webhook(headers, body, timezone.now().timestamp())
    except BadSignature as error:
        logger.warning("webhook_signature_refused", provider=provider, attempt_id=str(attempt), reason=str(error))
        return HttpResponse(status=401)
    except SecretUnavailable:
        return HttpResponse(status=503, headers={"Retry-After": "5"})
    delivery = _keep(provider, attempt, verified, headers, body)
    if delivery is not None:
        tasks.publish(tasks.hear, "events", delivery_id=str(delivery.pk))
    return HttpResponse(status=200)


def _account_of(provider: str, attempt: UUID) -> tokens.Credential:
    """Accounts sign with secrets of their own, so a delivery is judged as the account its job was sent with."""
    label = Attempt.objects.filter(pk=attempt, provider=provider).values_list("token_label", flat=True).first()
    sent_with = tokens.by_label(provider, label) if label else None
    return sent_with or tokens.pick(provider) or tokens.NOBODY


def _refusal(request: HttpRequest, provider: str, attempt: UUID, key: str) -> HttpResponse | None:
    if provider not in registry.ADAPTERS or not callbacks.is_key_of(attempt, key):
        logger.warning("webhook_address_refused", provider=provider, attempt_id=str(attempt))
        return HttpResponse(status=404)
    length = request.headers.get("Content-Length", "")
    if not LENGTH.fullmatch(length):
        return HttpResponse(status=411)
    if int(length) > settings.WEBHOOK_MAX_BYTES:
        return HttpResponse(status=413)
    if request.content_type != "application/json":
        return HttpResponse(status=415)
    return None


def _keep(provider: str, attempt: UUID, verified: Verified, headers: dict[str, Any], body: bytes) -> Delivery | None:
    """The new row, or None when this delivery was already here."""
    kept = {name: value for name, value in headers.items() if KEPT_HEADERS.fullmatch(name)}
    try:
        with transaction.atomic():
            return Delivery.objects.create(
                provider=provider,
                attempt_id=attempt,
                dedupe=verified.key[:300],
                is_proof=verified.is_proof,
                headers=kept,
                body=body,
            )
    except IntegrityError:
        return None
