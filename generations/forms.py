"""A form built from a model's own parameters: what a browser sends as text becomes the model's types."""

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from generations import goals
from generations.trays import Named
from providers.catalogue import Model, Parameter

# Of one wish, beside the chosen one.
MOST_COMPANIONS = 3


def field_for(parameter: Parameter) -> forms.Field:
    """The field of one parameter. Ranges are checked by the model itself, once, for pages and programs alike."""
    common: dict[str, Any] = {
        "label": parameter.label,
        "help_text": parameter.help,
        "required": False,
        "initial": parameter.default,
    }
    if parameter.kind == "integer":
        attributes = _range(parameter) | {"step": "1", "inputmode": "numeric"}
        field: forms.Field = forms.IntegerField(widget=forms.NumberInput(attributes), **common)
    elif parameter.kind == "number":
        field = forms.FloatField(widget=forms.NumberInput(_range(parameter) | {"step": "any"}), **common)
    elif parameter.kind == "boolean":
        field = forms.BooleanField(**common)
    elif parameter.kind == "choice":
        widget = forms.RadioSelect if parameter.name == "aspect_ratio" else forms.Select
        # A function: read for each form, in the language of its reader.
        field = forms.ChoiceField(choices=lambda: parameter.options, widget=widget, **common)
    else:
        field = forms.CharField(**common)
    field.parameter = parameter  # type: ignore[attr-defined]
    return field


def _range(parameter: Parameter) -> dict[str, str]:
    limits = {"min": parameter.minimum, "max": parameter.maximum}
    return {name: str(value) for name, value in limits.items() if value is not None}


class GenerationForm(forms.Form):
    """Prompt, model, files and settings of the composer.

    goal: the name of what is to be done. most: how often it may be asked for at once. inputs, spare: ids of files by
    slot, to be sent and over the limit; whose they are is not yet known. room: the page it stands on.
    """

    prompt = forms.CharField(label=_("Description"), strip=False, required=False, widget=forms.Textarea)
    idempotency_key = forms.CharField(required=False, max_length=255, widget=forms.HiddenInput)

    def __init__(
        self,
        model: Model,
        *args: Any,
        goal: str = "",
        most: int = 1,
        inputs: Named | None = None,
        spare: Named | None = None,
        room: str = "create",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.room = room
        self.model = model
        self.goal = goals.goal_for(model, goal)
        self.inputs = inputs or {}
        self.spare = spare or {}
        self.most = most
        self.fields["count"] = forms.IntegerField(
            label=_("How many"), required=False, min_value=1, max_value=most, initial=1
        )
        self.companions = goals.companions(model, self.goal)
        self.fields["also"] = _companions_field(self.companions)
        self.fields["prompt"].widget.attrs["maxlength"] = str(model.prompt_max_length)
        for parameter in model.parameters:
            self.fields[parameter.name] = field_for(parameter)

    @property
    def words(self) -> str:
        """The description, for a model that takes one."""
        return str(self.cleaned_data["prompt"]) if self.model.prompt_max_length else ""

    @property
    def count(self) -> int:
        """How often it is asked for; once, while that is not known."""
        given = self.cleaned_data.get("count") if self.is_bound and self.is_valid() else self.initial.get("count")
        return given or 1

    @property
    def further(self) -> list[Model]:
        """The further models that are to do the same."""
        given = self["also"].value() or []
        return [one for one in self.companions if one.id in given][:MOST_COMPANIONS]

    @property
    def model_names(self) -> set[str]:
        return {parameter.name for parameter in self.model.parameters}

    @property
    def settings_fields(self) -> list[forms.BoundField]:
        """Those of the model's own fields that count for what is to be done, the everyday ones first."""
        heeded = self.model.heeded_by(self.goal.tasks)
        bound = [self[parameter.name] for parameter in self.model.parameters if parameter.name in heeded]
        return sorted(bound, key=lambda field: field.field.parameter.is_advanced)  # type: ignore[attr-defined]

    def params(self) -> dict[str, Any]:
        """What was chosen, typed; an empty field means the model's default."""
        cleaned = self.cleaned_data
        return {name: cleaned[name] for name in self.model_names if cleaned.get(name) not in {None, ""}}


def _companions_field(companions: list[Model]) -> forms.Field:
    too_many = _("At most %(limit_value)d further models can be asked at once. Leave some out.")
    return forms.MultipleChoiceField(
        choices=[(one.id, one.name) for one in companions],
        required=False,
        validators=[MaxLengthValidator(MOST_COMPANIONS, too_many)],
        error_messages={"invalid_choice": _("The model %(value)s cannot do this. Leave it out.")},
    )
