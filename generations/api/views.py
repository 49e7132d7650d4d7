"""The calls. Fetch for this person, one action, answer."""

import re
from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from generations import paging
from generations.actions import changing, requesting
from generations.api import batches, shapes
from generations.api.base import StudioView, refusals
from generations.api.bodies import asked_of, key_of, unknown_names
from generations.api.errors import BadQuery
from generations.api.serializers import (
    CreateSerializer,
    GenerationRowSerializer,
    GenerationSerializer,
)
from generations.models import Generation, Status
from providers import catalogue

PAGE_SIZE = 50
MAX_PAGE_SIZE = 100
QUERY = ("limit", "status", "task", "cursor")
LIMIT = re.compile("[0-9]{1,6}")
KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "pattern": "^[!-~]{1,255}$"},
    OpenApiParameter.HEADER,
    description="Asking twice makes one generation.",
)

EXAMPLES = [
    OpenApiExample("A picture", {"model": "flux-schnell", "prompt": "A lighthouse at dusk"}, request_only=True),
    OpenApiExample(
        "One wish on two models",
        {"models": ["flux-schnell", "flux-dev"], "prompt": "A lighthouse at dusk", "confirm": True},
        request_only=True,
    ),
]


class CreateView(StudioView):
    """Asks for a generation."""

    @extend_schema(
        request=CreateSerializer,
        examples=EXAMPLES,
        parameters=[KEY],
        responses={201: GenerationSerializer, **refusals(400, 402, 404, 409, 413, 415, 422)},
    )
    def post(self, request: Request) -> Response:
        asked = asked_of(request, self.person)
        for model_id in asked.model_ids:
            model = catalogue.get(model_id)
            for _number in range(asked.count):
                self.count(f"model:{model.id}", f"{model.rate_per_minute}/m")
        if asked.is_batch:
            return batches.created(self.person, asked)
        return created(requesting.request_generation(self.person, asked.wish))


class ListView(StudioView):
    """A person's generations, newest first; the next page is in the Link header."""

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "limit", {"type": "integer", "minimum": 1, "default": 50}, description="More than 100 is taken as 100."
            ),
            OpenApiParameter("status", str, enum=Status.values),
            OpenApiParameter("task", str),
            OpenApiParameter("cursor", str),
        ],
        responses={200: GenerationRowSerializer(many=True), **refusals(400)},
    )
    def get(self, request: Request) -> Response:
        query = _query(request)
        rows = Generation.objects.for_user(self.person).with_outputs()
        if status := query["status"]:
            rows = rows.filter(status=status)
        if task := query["task"]:
            rows = rows.filter(task=task)
        page = paging.page(rows, query["cursor"], query["limit"])
        response = Response([shapes.line_of(row) for row in page.rows])
        if page.next_cursor:
            following = {**{name: value for name, value in query.items() if value}, "cursor": page.next_cursor}
            address = f"{request.build_absolute_uri(request.path)}?{urlencode(following)}"
            response.headers["Link"] = f'<{address}>; rel="next"'
        return response


class DetailView(StudioView):
    @extend_schema(responses={200: GenerationSerializer, **refusals(404)})
    def get(self, request: Request, generation_id: UUID) -> Response:
        return Response(shapes.whole_of(fetch(self.person, generation_id)))


class CancelView(StudioView):
    @extend_schema(request=None, responses={200: GenerationSerializer, **refusals(404, 409)})
    def post(self, request: Request, generation_id: UUID) -> Response:
        generation = fetch(self.person, generation_id)
        changing.cancel_generation(generation)
        return Response(shapes.whole_of(generation))


class RetryView(StudioView):
    @extend_schema(
        request=None,
        parameters=[KEY],
        responses={201: GenerationSerializer, **refusals(400, 402, 404, 409, 422)},
    )
    def post(self, request: Request, generation_id: UUID) -> Response:
        generation = fetch(self.person, generation_id)
        key = key_of(request)
        model = catalogue.get(generation.model)
        self.count(f"model:{model.id}", f"{model.rate_per_minute}/m")
        return created(changing.retry_generation(self.person, generation, key))


class ViewedView(StudioView):
    @extend_schema(request=None, responses={200: GenerationSerializer, **refusals(404)})
    def post(self, request: Request, generation_id: UUID) -> Response:
        generation = fetch(self.person, generation_id)
        changing.mark_viewed(generation)
        return Response(shapes.whole_of(generation))


def fetch(person: User, generation_id: UUID) -> Generation:
    rows = Generation.objects.for_user(person).with_outputs()
    return get_object_or_404(rows, pk=generation_id)


def created(answer: requesting.Answer) -> Response:
    """201 with the row; a replay gives the first answer's status and says so."""
    headers = {"Location": f"/api/generations/{answer.generation.pk}"}
    if answer.is_replay:
        headers["Idempotent-Replayed"] = "true"
    return Response(shapes.whole_of(answer.generation), status=201, headers=headers)


def _query(request: Request) -> dict[str, Any]:
    given = request.query_params
    problems = unknown_names(name for name in given if name not in QUERY)
    problems |= {name: _("This may stand only once.") for name in QUERY if len(given.getlist(name)) > 1}
    limit, status, task = given.get("limit", str(PAGE_SIZE)), given.get("status", ""), given.get("task", "")
    if not LIMIT.fullmatch(limit) or int(limit) < 1:
        problems["limit"] = _("This must be a whole number from 1 to %(maximum)d.") % {"maximum": MAX_PAGE_SIZE}
    if "status" in given and status not in Status.values:
        problems["status"] = _("This must be one of: %(values)s.") % {"values": ", ".join(Status.values)}
    if "\x00" in task:
        problems["task"] = _("This holds a character that cannot be searched for.")
    if problems:
        raise BadQuery(problems)
    return {"limit": min(int(limit), MAX_PAGE_SIZE), "status": status, "task": task, "cursor": given.get("cursor", "")}
