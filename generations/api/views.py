"""The calls. Fetch for this person, one action, answer."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils.http import urlencode
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from generations import paging
from generations.actions import changing, requesting
from generations.api.base import StudioView
from generations.api.bodies import key_of, wish_of
from generations.api.errors import BadQuery
from generations.api.serializers import (
    CreateSerializer,
    ErrorSerializer,
    GenerationRowSerializer,
    GenerationSerializer,
)
from generations.models import Generation, Status
from providers import catalogue

PAGE_SIZE = 50
MAX_PAGE_SIZE = 100
ERRORS = dict.fromkeys((400, 401, 404, 429), ErrorSerializer)
KEY = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, description="Asking twice makes one generation."
)


class CreateView(StudioView):
    """Asks for a generation."""

    @extend_schema(
        request=CreateSerializer,
        parameters=[KEY],
        responses={
            201: GenerationSerializer,
            **ERRORS,
            402: ErrorSerializer,
            413: ErrorSerializer,
            415: ErrorSerializer,
            422: ErrorSerializer,
        },
    )
    def post(self, request: Request) -> Response:
        wish = wish_of(request)
        model = catalogue.get(wish.model_id)
        self.count(f"model:{model.id}", f"{model.rate_per_minute}/m")
        return created(requesting.request_generation(self.person, wish))


class ListView(StudioView):
    """A person's generations, newest first; the next page is in the Link header."""

    @extend_schema(
        parameters=[
            OpenApiParameter("limit", int, description="1 to 100, 50 unless told."),
            OpenApiParameter("status", str, enum=Status.values),
            OpenApiParameter("task", str),
            OpenApiParameter("cursor", str),
        ],
        responses={200: GenerationRowSerializer(many=True), **ERRORS},
    )
    def get(self, request: Request) -> Response:
        query = _query(request)
        rows = Generation.objects.for_user(self.person).with_outputs()
        if status := query["status"]:
            rows = rows.filter(status=status)
        if task := query["task"]:
            rows = rows.filter(task=task)
        page = paging.page(rows, query["cursor"], query["limit"])
        response = Response(GenerationRowSerializer(page.rows, many=True).data)
        if page.next_cursor:
            following = {**{name: value for name, value in query.items() if value}, "cursor": page.next_cursor}
            address = f"{request.build_absolute_uri(request.path)}?{urlencode(following)}"
            response.headers["Link"] = f'<{address}>; rel="next"'
        return response


class DetailView(StudioView):
    @extend_schema(responses={200: GenerationSerializer, **ERRORS})
    def get(self, request: Request, generation_id: UUID) -> Response:
        return Response(GenerationSerializer(fetch(self.person, generation_id)).data)


class CancelView(StudioView):
    @extend_schema(request=None, responses={200: GenerationSerializer, **ERRORS, 409: ErrorSerializer})
    def post(self, request: Request, generation_id: UUID) -> Response:
        generation = fetch(self.person, generation_id)
        changing.cancel_generation(generation)
        return Response(GenerationSerializer(generation).data)


class RetryView(StudioView):
    @extend_schema(
        request=None,
        parameters=[KEY],
        responses={201: GenerationSerializer, **ERRORS, 402: ErrorSerializer, 409: ErrorSerializer},
    )
    def post(self, request: Request, generation_id: UUID) -> Response:
        generation = fetch(self.person, generation_id)
        return created(changing.retry_generation(self.person, generation, key_of(request)))


class ViewedView(StudioView):
    @extend_schema(request=None, responses={200: GenerationSerializer, **ERRORS})
    def post(self, request: Request, generation_id: UUID) -> Response:
        generation = fetch(self.person, generation_id)
        changing.mark_viewed(generation)
        return Response(GenerationSerializer(generation).data)


def fetch(person: User, generation_id: UUID) -> Generation:
    rows = Generation.objects.for_user(person).with_outputs()
    return get_object_or_404(rows, pk=generation_id)


def created(answer: requesting.Answer) -> Response:
    """201 with the row; a replay gives the first answer's status and says so."""
    headers = {"Location": f"/api/generations/{answer.generation.pk}"}
    if answer.is_replay:
        headers["Idempotent-Replayed"] = "true"
    return Response(GenerationSerializer(answer.generation).data, status=201, headers=headers)


def _query(request: Request) -> dict[str, Any]:
    given = request.query_params
    if unknown := set(given) - {"limit", "status", "task", "cursor"}:
        raise BadQuery(f"{sorted(unknown)[0]} is not known")
    if any(len(given.getlist(name)) > 1 for name in given):
        raise BadQuery("a parameter stands twice")
    limit = given.get("limit", str(PAGE_SIZE))
    if not limit.isascii() or not limit.isdecimal() or len(limit) > 6 or int(limit) < 1:
        raise BadQuery("limit is a whole number from 1 to 100")
    status = given.get("status", "")
    if status and status not in Status.values:
        raise BadQuery("status is not known")
    task = given.get("task", "")
    if "\x00" in task:
        raise BadQuery("task is not readable")
    return {"limit": min(int(limit), MAX_PAGE_SIZE), "status": status, "task": task, "cursor": given.get("cursor", "")}
