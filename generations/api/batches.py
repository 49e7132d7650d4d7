"""Several generations as one request: what it would cost, its rows, ending what of it still waits."""

from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from accounts.scopes import Scope
from generations.actions import batching
from generations.api.base import StudioView, refusals
from generations.api.bodies import Asked, asked_of
from generations.api.serializers import CreateSerializer, GenerationSerializer, PlanSerializer
from generations.api.shapes import plan_of, whole_of
from generations.models import Batch


def created(person: User, asked: Asked) -> Response:
    """201 with all rows of the batch."""
    wishes = batching.spread(asked.wish, asked.model_ids, asked.count)
    rows = batching.request_batch(person, wishes, key=asked.wish.idempotency_key, is_confirmed=asked.is_confirmed)
    headers = {"Location": f"/api/batches/{rows[0].batch_id}"}
    return Response([whole_of(row) for row in rows], status=201, headers=headers)


class QuoteView(StudioView):
    """What create would cost and whether it would be taken now, without asking for it."""

    # A POST for the sake of its body: nothing is changed.
    scope = Scope.READ

    @extend_schema(request=CreateSerializer, responses={200: PlanSerializer, **refusals(400, 404, 413, 415)})
    def post(self, request: Request) -> Response:
        asked = asked_of(request, self.person)
        return Response(plan_of(batching.plan(self.person, batching.spread(asked.wish, asked.model_ids, asked.count))))


class BatchView(StudioView):
    """The rows of a batch, in the order they were asked for."""

    @extend_schema(responses={200: GenerationSerializer(many=True), **refusals(404)})
    def get(self, request: Request, batch_id: UUID) -> Response:
        return Response([whole_of(row) for row in batching.rows_of(fetch(self.person, batch_id))])


class CancelBatchView(StudioView):
    """Ends what of a batch still waits in line; what was sent goes on."""

    @extend_schema(request=None, responses={200: GenerationSerializer(many=True), **refusals(404)})
    def post(self, request: Request, batch_id: UUID) -> Response:
        return Response([whole_of(row) for row in batching.cancel_waiting(fetch(self.person, batch_id))])


def fetch(person: User, batch_id: UUID) -> Batch:
    return get_object_or_404(Batch.objects.for_user(person), pk=batch_id)
