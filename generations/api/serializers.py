"""How everything looks to programs, for the OpenAPI document. The answers themselves are made in shapes.py."""

from typing import Any

from django.conf import settings
from rest_framework import serializers

from generations.models import Generation, Priority, Status, Waiting

PRIORITIES = [one.name.lower() for one in Priority]


class CreateSerializer(serializers.Serializer[Any]):
    """The body of create. Checked by generations.api.bodies, which also refuses unknown names and loose types."""

    model = serializers.CharField(max_length=80, required=False)
    models = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="Instead of model: the same on each of them."
    )
    prompt = serializers.CharField(required=False, help_text="Not needed where the model says so.")
    params = serializers.DictField(required=False)
    inputs = serializers.DictField(required=False, help_text="Ids of files by slot.")
    count = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=settings.BATCH_MAX_ITEMS,
        help_text="So many of each; the answer is an array then.",
    )
    priority = serializers.ChoiceField(
        choices=PRIORITIES, required=False, help_text="low lets others go first for ten minutes; high is for admins."
    )
    confirm = serializers.BooleanField(required=False, help_text="For a batch that was answered 409.")


class GenerationRowSerializer(serializers.ModelSerializer[Generation]):
    """A line of the list."""

    status = serializers.ChoiceField(choices=Status.choices)
    waits_for = serializers.ChoiceField(
        choices=Waiting.values,
        allow_null=True,
        read_only=True,
        help_text="What a row in line waits for, if not for a place of yours: a free token, a provider "
        "that fails, or the end of your pause.",
    )
    place_in_line = serializers.IntegerField(
        allow_null=True, read_only=True, help_text="Where it stands in the line for a token; 1 is next."
    )
    output_urls = serializers.ListField(
        child=serializers.CharField(),
        allow_null=True,
        read_only=True,
        help_text="Absolute private links, or null while there is nothing.",
    )
    thumbnail_url = serializers.CharField(allow_null=True, read_only=True)
    viewed = serializers.BooleanField()

    class Meta:
        model = Generation
        fields: tuple[str, ...] = (
            "id",
            "model",
            "model_name",
            "task",
            "status",
            "stage",
            "waits_for",
            "place_in_line",
            "created_at",
            "output_urls",
            "thumbnail_url",
            "viewed",
        )


class GenerationSerializer(GenerationRowSerializer):
    """The whole of it."""

    settings = serializers.DictField()
    priority = serializers.ChoiceField(choices=PRIORITIES)
    cost = serializers.FloatField(read_only=True, help_text="Credits at the time of asking, two decimals at most.")
    error_message = serializers.CharField(allow_null=True, read_only=True)
    error_code = serializers.CharField(allow_null=True, read_only=True)
    retry_of = serializers.UUIDField(allow_null=True)
    batch = serializers.UUIDField(allow_null=True)

    class Meta(GenerationRowSerializer.Meta):
        fields = (
            *GenerationRowSerializer.Meta.fields,
            "prompt",
            "settings",
            "seed",
            "priority",
            "cost",
            "error_message",
            "error_code",
            "completed_at",
            "viewed_at",
            "retry_of",
            "batch",
        )


class LineSerializer(serializers.Serializer[Any]):
    """A person's open generations."""

    paused_at = serializers.DateTimeField(allow_null=True, help_text="Since when nothing more of it is started.")
    active = serializers.IntegerField(help_text="How many work.")
    waiting = serializers.IntegerField(help_text="How many wait in line.")
    room = serializers.IntegerField(help_text="How many more would be taken.")


class PlanItemSerializer(serializers.Serializer[Any]):
    """One model of a request."""

    model = serializers.CharField()
    count = serializers.IntegerField()
    credits = serializers.FloatField()
    expected_seconds = serializers.IntegerField(help_text="Half of such take less, from sending to the kept result.")
    slow_seconds = serializers.IntegerField(allow_null=True, help_text="95 of 100 take less; null unless measured.")
    problem = serializers.CharField(allow_null=True)


class PlanSerializer(serializers.Serializer[Any]):
    """What a request would cost and whether it would be taken."""

    state = serializers.ChoiceField(choices=["ready", "confirm", "blocked"])
    credits = serializers.FloatField()
    problem = serializers.CharField(allow_null=True)
    items = PlanItemSerializer(many=True)


class ErrorSerializer(serializers.Serializer[Any]):
    """Every refusal."""

    error = serializers.CharField(help_text="What happened, whether it cost anything, what to do.")
    code = serializers.CharField(help_text="For programs; the list stands in docs/api.md.")
    fields = serializers.DictField(child=serializers.CharField(), required=False)  # type: ignore[assignment]


class TimeSerializer(serializers.Serializer[Any]):
    """From sending to the kept result."""

    source = serializers.ChoiceField(  # type: ignore[assignment]
        choices=["history", "catalogue"],
        help_text="Measured here of late, or too few were and the model's file says so.",
    )
    p50_seconds = serializers.IntegerField(help_text="Half take less.")
    p95_seconds = serializers.IntegerField(allow_null=True, help_text="95 of 100 take less; null unless measured.")
    samples = serializers.IntegerField(help_text="How many were measured.")


class ModelSerializer(serializers.Serializer[Any]):
    """A model on offer."""

    id = serializers.CharField()
    name = serializers.CharField()
    provider = serializers.CharField()
    tasks = serializers.ListField(child=serializers.CharField())
    parameters = serializers.ListField(child=serializers.DictField())
    inputs = serializers.ListField(child=serializers.DictField())
    output = serializers.ChoiceField(choices=["image", "video"])
    prompt = serializers.DictField()
    price = serializers.DictField()
    typical_seconds = serializers.FloatField(help_text="As the model's file says.")
    time = TimeSerializer()
