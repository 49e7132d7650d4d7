"""The form of a person's wishes: what by which way, and when it has to be quiet."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from notifications import quiet, wishes
from notifications.channels import registry
from notifications.models import Kind, Preference

LONGEST_ZONE = 64


class KnownOnly(forms.MultipleChoiceField):
    """What is not among the choices is left aside: a page that stayed open may offer what is gone since."""

    def to_python(self, value: Any) -> list[str]:
        return [one for one in super().to_python(value) if self.valid_value(one)]


class WishesForm(forms.Form):
    """`wish` comes as pairs, kind:way. Pairs that nobody offers are left aside.

    `offered` are the ways the page had: one that was added since is not switched off by a page that did not know it.
    """

    wish = KnownOnly(required=False)
    offered = KnownOnly(required=False)
    is_quiet = forms.BooleanField(label=_("Quiet hours"), required=False)
    quiet_from = forms.TimeField(label=_("From"), required=False)
    quiet_until = forms.TimeField(label=_("Until"), required=False)
    time_zone = forms.CharField(label=_("Time zone"), required=False, max_length=LONGEST_ZONE)

    def __init__(self, person: User, preference: Preference, data: Any = None) -> None:
        self.person, self.preference = person, preference
        start, end = preference.quiet_from, preference.quiet_until
        initial = {
            "is_quiet": start is not None,
            "quiet_from": start.strftime("%H:%M") if start else "22:00",
            "quiet_until": end.strftime("%H:%M") if end else "08:00",
            "time_zone": preference.time_zone,
        }
        super().__init__(data, initial=initial)
        ways = self.ways
        self.fields["offered"].choices = [(way, "") for way in ways]  # type: ignore[attr-defined]
        self.fields["wish"].choices = [(f"{kind}:{way}", "") for kind in Kind.values for way in ways]  # type: ignore[attr-defined]

    @property
    def ways(self) -> list[str]:
        """Those the person can choose now."""
        return [*wishes.IN_PAGE, *(channel.name for channel in registry.available(self.person))]

    def clean_time_zone(self) -> str:
        name: str = self.cleaned_data["time_zone"] or "UTC"
        if name not in quiet.zones():
            raise forms.ValidationError(_("Choose one of the list, such as Europe/Berlin."))
        return name

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        start, end = cleaned.get("quiet_from"), cleaned.get("quiet_until")
        if not cleaned.get("is_quiet") or self.errors:
            return cleaned
        if start is None or end is None:
            raise forms.ValidationError(_("Quiet hours need a beginning and an end."))
        if start == end:
            raise forms.ValidationError(_("Quiet hours need two different times."))
        return cleaned

    @property
    def choice(self) -> wishes.Choice:
        """What the page said of what can be chosen now, whether or not the rest of it is right."""
        pairs = (pair.split(":", 1) for pair in self.cleaned_data["wish"])
        return wishes.Choice(frozenset(self.cleaned_data["offered"]), frozenset((kind, way) for kind, way in pairs))

    @property
    def quiet_hours(self) -> tuple[Any, Any] | None:
        cleaned = self.cleaned_data
        return (cleaned["quiet_from"], cleaned["quiet_until"]) if cleaned["is_quiet"] else None
