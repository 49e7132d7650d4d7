"""What all calls share: the rate limit, and its headers on every answer."""

from typing import Any, cast

from django.conf import settings
from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import limits
from accounts.models import User
from generations.api.errors import LengthRequired, TooOften
from generations.api.serializers import ErrorSerializer


def refusals(*statuses: int) -> dict[int, type[ErrorSerializer]]:
    """Of this call, beside those of all: nobody knows who asks, their key is not for it, or they ask too often."""
    return dict.fromkeys(sorted({401, 403, 429, *statuses}), ErrorSerializer)


class StudioView(APIView):
    usage: limits.Usage | None = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if "Transfer-Encoding" in request.headers:
            raise LengthRequired
        self.count("api", settings.RATE_LIMITS["api"])

    @property
    def person(self) -> User:
        """Whoever asks; the permission class has let nobody else through."""
        return cast("User", self.request.user)

    def count(self, group: str, rate: str) -> None:
        """Counts this request; raises TooOften."""
        self.usage = limits.count(self.request, group, str(self.request.user.pk), rate)
        if self.usage and self.usage.is_exceeded:
            raise TooOften(self.usage.headers)

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Response:
        final: Response = super().finalize_response(request, response, *args, **kwargs)
        if self.usage:
            for name, value in self.usage.headers.items():
                final.headers.setdefault(name, value)
        final.headers.setdefault("Cache-Control", "no-store")
        return final


class UnknownAddress(APIView):
    """Any other address below /api/, in the API's own shape, whatever the method."""

    authentication_classes = ()
    permission_classes = ()
    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise Http404
