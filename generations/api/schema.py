"""The OpenAPI document of all calls, made once per language and process; the address has no say in it."""

from functools import cache
from typing import Any

from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView


class SchemaView(APIView):
    """This document."""

    # drf-spectacular's own view puts ?version= into a header and ?lang= into a file name: a line end or a NUL is a 500.
    authentication_classes = ()
    permission_classes = ()

    @extend_schema(responses={200: OpenApiTypes.OBJECT})
    def get(self, request: Request) -> Response:
        return Response(document(translation.get_language()))


@cache
def document(language: str) -> dict[str, Any]:
    """OpenAPI 3.1 as JSON values."""
    with translation.override(language):
        generator: Any = SchemaGenerator  # untyped
        schema: dict[str, Any] = generator().get_schema(request=None, public=True)
    return schema
