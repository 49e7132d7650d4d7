"""The sweeps by hand, for an outside scheduler: guarded by CRON_SECRET, answers what was found."""

import hmac
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from generations import tasks
from generations.api.errors import answer
from generations.api.serializers import ErrorSerializer

ANSWERS = {200: dict[str, int], 401: ErrorSerializer}


class CleanupView(APIView):
    authentication_classes = ()
    permission_classes = ()

    @extend_schema(operation_id="cleanup_get", responses=ANSWERS)
    def get(self, request: Request) -> Response:
        return self._run(request)

    @extend_schema(operation_id="cleanup_post", request=None, responses=ANSWERS)
    def post(self, request: Request) -> Response:
        return self._run(request)

    def _run(self, request: Request) -> Response:
        given = request.headers.get("Authorization", "").encode()
        wanted = f"Bearer {settings.CRON_SECRET}".encode()
        if not settings.CRON_SECRET or not hmac.compare_digest(given, wanted):
            sentence = _("Send the CRON_SECRET as a bearer token. Nothing was done.")
            return answer(401, "not_authenticated", sentence, headers={"WWW-Authenticate": "Bearer"})
        counts: dict[str, Any] = tasks.sweep_now() | tasks.clean_up_now()
        return Response(counts, headers={"Cache-Control": "no-store"})
