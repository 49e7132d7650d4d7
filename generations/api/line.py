"""Calls about a person's line: how full it is, pausing it, letting it go on, and moving a wish to its front."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from generations.actions import fronting, pausing
from generations.api import shapes
from generations.api.base import StudioView, refusals
from generations.api.serializers import GenerationSerializer, LineSerializer
from generations.api.views import fetch
from generations.places import line_of


class LineView(StudioView):
    @extend_schema(responses={200: LineSerializer, **refusals()})
    def get(self, request: Request) -> Response:
        return _answer(self.person)


class PauseView(StudioView):
    """What waits is not started until the line is resumed; what is under way goes on."""

    @extend_schema(request=None, responses={200: LineSerializer, **refusals()})
    def post(self, request: Request) -> Response:
        pausing.pause_line(self.person)
        return _answer(self.person)


class ResumeView(StudioView):
    """The line goes on, the first in it first."""

    @extend_schema(request=None, responses={200: LineSerializer, **refusals()})
    def post(self, request: Request) -> Response:
        pausing.resume_line(self.person)
        return _answer(self.person)


class FrontView(StudioView):
    """First of the person's own that wait; other people's places stay as they are."""

    @extend_schema(request=None, responses={200: GenerationSerializer, **refusals(404, 409)})
    def post(self, request: Request, generation_id: UUID) -> Response:
        generation = fetch(self.person, generation_id)
        fronting.move_to_front(generation)
        return Response(shapes.whole_of(generation))


def _answer(person: User) -> Response:
    return Response(shapes.line_as_json(person, line_of(person)))
