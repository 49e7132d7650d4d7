"""Telegram calls back: the secret in constant time, one insert into the inbox, 200 in milliseconds."""

import hmac
import re

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from generations.tasks import publish
from notifications.telegram import tasks
from notifications.telegram.line import Line, line
from notifications.telegram.models import Update
from providers.bodies import json_object

logger = structlog.get_logger(__name__)
SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 (a header's name)
LENGTH = re.compile("[0-9]{1,15}")
LARGEST_ID = 2**63


@csrf_exempt
@require_POST
def webhook(request: HttpRequest) -> HttpResponse:
    """404 no bot, 401 wrong secret, 411 no length, 413 too large, 400 no update, else 200."""
    here = line()
    if here is None:
        return HttpResponse(status=404)
    if not hmac.compare_digest(request.headers.get(SECRET, "").encode(), here.secret.encode()):
        logger.warning("telegram_secret_refused")
        return HttpResponse(status=401)
    length = request.headers.get("Content-Length", "")
    if not LENGTH.fullmatch(length):
        return HttpResponse(status=411)
    if int(length) > settings.WEBHOOK_MAX_BYTES:
        return HttpResponse(status=413)
    try:
        number = json_object(request.body).get("update_id")
    except ValueError:
        number = None
    if not isinstance(number, int) or not 0 <= number < LARGEST_ID:
        return HttpResponse(status=400)
    if update := _keep(here, number, request.body):
        publish(tasks.hear, "default", update=str(update.pk))
    return HttpResponse(status=200)


def _keep(here: Line, number: int, body: bytes) -> Update | None:
    """The new row, or None when this update was already here."""
    try:
        with transaction.atomic():
            return Update.objects.create(bot=here.bot, update_id=number, body=body)
    except IntegrityError:
        return None
