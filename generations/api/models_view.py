"""The public list of models, cached by browsers and proxies."""

import hashlib
import json
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import get_conditional_response
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from generations import timings
from generations.api.serializers import ModelSerializer
from generations.timings import Time
from providers import catalogue
from providers.catalogue import Model, Parameter, Slot

CACHE_CONTROL = "public, s-maxage=3600, stale-while-revalidate=7200"


class ModelListView(APIView):
    """What can be asked for. Texts are in the language of Accept-Language alone, because shared caches tell by that."""

    authentication_classes = ()
    permission_classes = ()

    @extend_schema(responses={200: ModelSerializer(many=True), 304: None})
    def get(self, request: Request) -> HttpResponseBase:
        language = asked_language(request)
        with translation.override(language):
            rows = [describe(model) for model in catalogue.available()]
        tag = f'"{hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()[:32]}"'
        headers = {
            "Cache-Control": CACHE_CONTROL,
            "Content-Language": language,
            "ETag": tag,
            "Vary": "Accept-Language",
        }
        # A middleware has looked who is there; nothing of that is in the answer, so no "Vary: Cookie" either.
        request.session.accessed = False
        response = Response(rows, headers=headers)
        return get_conditional_response(request._request, etag=tag, response=response) or response


def asked_language(request: Request) -> str:
    """Of Accept-Language, whatever cookie or person says."""
    anonymous = HttpRequest()
    anonymous.META["HTTP_ACCEPT_LANGUAGE"] = request.headers.get("Accept-Language", "")
    return translation.get_language_from_request(anonymous)


def describe(model: Model) -> dict[str, Any]:
    """A model as plain JSON values."""
    return {
        "id": model.id,
        "name": model.name,
        "provider": model.routes[0].provider,
        "tasks": list(model.tasks),
        "parameters": [_parameter(parameter) for parameter in model.parameters],
        "inputs": [_slot(slot) for slot in model.slots],
        "output": model.output_kind,
        "prompt": {"needed": model.needs_prompt, "maximum": model.prompt_max_length},
        "price": {"unit": model.price.unit, "credits": model.price.millicredits / 1000},
        "typical_seconds": model.typical_seconds,
        "time": _time(timings.time_of(model)),
    }


def _time(time: Time) -> dict[str, Any]:
    return {
        "source": "history" if time.is_measured else "catalogue",
        "p50_seconds": time.usual_seconds,
        "p95_seconds": time.slow_seconds,
        "samples": time.samples,
    }


def _slot(slot: Slot) -> dict[str, Any]:
    return {
        "name": slot.name,
        "kind": slot.kind,
        "label": slot.label,
        "help": slot.help,
        "maximum": slot.maximum,
        "required": slot.is_required,
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    row = {
        "name": parameter.name,
        "type": parameter.kind,
        "label": str(parameter.label),
        "help": str(parameter.help),
        "default": parameter.default,
        "minimum": parameter.minimum,
        "maximum": parameter.maximum,
        "choices": list(parameter.choices) or None,
    }
    return {name: value for name, value in row.items() if value is not None}
