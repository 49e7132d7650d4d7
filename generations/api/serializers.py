"""How a generation and a model look to programs; also what the OpenAPI schema is made of."""

from typing import Any

from rest_framework import serializers

from generations import links
from generations.models import Generation, Status
from generations.texts import error_sentence


class CreateSerializer(serializers.Serializer[Any]):
    """The body of create. Checked by generations.api.bodies, which also refuses unknown names and loose types."""

    model = serializers.CharField(max_length=80)
    prompt = serializers.CharField()
    params = serializers.DictField(required=False)
    inputs = serializers.DictField(required=False)


class GenerationRowSerializer(serializers.ModelSerializer[Generation]):
    """A line of the list."""

    status = serializers.ChoiceField(choices=Status.choices)
    output_urls = serializers.SerializerMethodField()
    thumbnail_url = serializers.SerializerMethodField()
    viewed = serializers.BooleanField(source="is_viewed")

    class Meta:
        model = Generation
        fields: tuple[str, ...] = (
            "id",
            "model",
            "model_name",
            "task",
            "status",
            "stage",
            "created_at",
            "output_urls",
            "thumbnail_url",
            "viewed",
        )

    def get_output_urls(self, row: Generation) -> list[str] | None:
        """Absolute private links, or null while there is nothing."""
        return [links.absolute(asset, "original") for asset in row.assets] or None

    def get_thumbnail_url(self, row: Generation) -> str | None:
        return links.absolute(row.assets[0], "320") if row.assets else None


class GenerationSerializer(GenerationRowSerializer):
    """The whole of it."""

    settings = serializers.DictField(source="params")
    cost = serializers.SerializerMethodField()
    error_message = serializers.SerializerMethodField()
    error_code = serializers.SerializerMethodField()
    retry_of = serializers.UUIDField(source="retry_of_id", allow_null=True)

    class Meta(GenerationRowSerializer.Meta):
        fields = (
            *GenerationRowSerializer.Meta.fields,
            "prompt",
            "settings",
            "seed",
            "cost",
            "error_message",
            "error_code",
            "completed_at",
            "viewed_at",
            "retry_of",
        )

    def get_cost(self, row: Generation) -> float:
        """Credits at the time of asking, two decimals at most."""
        return round(row.cost_millicredits / 1000, 3)

    def get_error_message(self, row: Generation) -> str | None:
        return error_sentence(row) or None

    def get_error_code(self, row: Generation) -> str | None:
        return row.error_code or None


class ErrorSerializer(serializers.Serializer[Any]):
    """Every refusal."""

    error = serializers.CharField(help_text="What happened, whether it cost anything, what to do.")
    code = serializers.CharField(help_text="For programs; the list stands in docs/api.md.")
    fields = serializers.DictField(child=serializers.CharField(), required=False)  # type: ignore[assignment]


class ModelSerializer(serializers.Serializer[Any]):
    """A model on offer."""

    id = serializers.CharField()
    name = serializers.CharField()
    provider = serializers.CharField()
    tasks = serializers.ListField(child=serializers.CharField())
    parameters = serializers.ListField(child=serializers.DictField())
    inputs = serializers.ListField(child=serializers.DictField())
    price = serializers.DictField()
    typical_seconds = serializers.FloatField()
