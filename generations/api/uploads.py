"""POST /api/upload: a person's own files, to be named in the inputs of create."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from generations import links
from generations.api.base import StudioView
from generations.api.bodies import unknown_names
from generations.api.errors import BadBody
from generations.api.serializers import ErrorSerializer
from media_pipeline import intake
from media_pipeline.models import Asset

REFUSALS = dict.fromkeys((400, 401, 403, 411, 413, 415, 429, 503), ErrorSerializer)


class UploadSerializer(serializers.Serializer[Any]):
    """One stored file."""

    id = serializers.UUIDField()
    url = serializers.URLField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    content_type = serializers.CharField()
    size = serializers.IntegerField(help_text="Bytes, after metadata was removed.")


class FilesSerializer(serializers.Serializer[Any]):
    """A multipart form."""

    files = serializers.ListField(child=serializers.FileField(), max_length=14)


class UploadView(StudioView):
    """Takes up to 14 files of 10 MB; all of them or none."""

    parser_classes = (MultiPartParser,)

    @extend_schema(
        request={"multipart/form-data": FilesSerializer},
        responses={201: UploadSerializer(many=True), **REFUSALS},
    )
    def post(self, request: Request) -> Response:
        self.count("upload", settings.RATE_LIMITS["upload"])
        fields = unknown_names(name for name in (*request.FILES, *request.POST) if name != "files")
        if fields:
            raise BadBody(fields)
        assets = intake.take_in(request.FILES.getlist("files"), user_id=self.person.pk)
        return Response([describe(asset) for asset in assets], status=201)


def describe(asset: Asset) -> dict[str, Any]:
    """A stored file as programs see it."""
    return {
        "id": str(asset.pk),
        "url": links.absolute(asset, "original"),
        "width": asset.width,
        "height": asset.height,
        "content_type": asset.content_type,
        "size": asset.size_bytes,
    }
