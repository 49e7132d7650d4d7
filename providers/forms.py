"""Forms of the token admin. No field ever carries a secret back to the browser."""

from typing import Any

from accounts.sealing import keys
from django import forms
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from providers.models import Token
from providers.pool import enrolling, pasting
from providers.registry import ADAPTERS
from providers.tokens import works_here

UNSEALABLE = _("Nothing was added: FERNET_KEYS, which seals tokens, cannot be used. Set it and start again.")


class SilentTextarea(forms.Textarea):
    """Takes what is pasted and shows nothing back, whatever was wrong with it."""

    def format_value(self, value: Any) -> str:
        return ""


class PasteForm(forms.ModelForm[Token]):
    """One token or many at once, with the same limits. `enrolled` says what became of each line."""

    provider = forms.ChoiceField(label=_("Provider"))
    lines = forms.CharField(
        label=_("Tokens"),
        strip=False,
        widget=SilentTextarea(attrs={"rows": 10, "spellcheck": "false", "autocomplete": "off"}),
        help_text=_("One a line, a name before it if you like: “studio A r8_…”. They are not shown again."),
    )

    class Meta:
        model = Token
        fields = ("provider", "weight", "max_in_flight", "daily_cap")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["provider"].choices = [(name, name) for name in ADAPTERS if not works_here(name)]  # type: ignore[attr-defined]
        self.enrolled = enrolling.Enrolled()

    def _post_clean(self) -> None:
        """After the limits have been held against the model's own."""
        super()._post_clean()  # type: ignore[misc]
        if not self.errors:
            self._enrol(self.cleaned_data)

    def _enrol(self, data: dict[str, Any]) -> None:
        if len(list(pasting.lines_of(data["lines"]))) > pasting.MOST_LINES:
            self.add_error("lines", _("Nothing was added: at most 200 lines at once."))
            return
        try:
            keys()
        except ImproperlyConfigured:
            self.add_error(None, UNSEALABLE)
            return
        limits = {name: data[name] for name in ("weight", "max_in_flight", "daily_cap")}
        self.enrolled = enrolling.enrol(data["provider"], data["lines"], **limits)
        if not self.enrolled.tokens:
            self.add_error("lines", forms.ValidationError(self.enrolled.refused or [_("No line has a token in it.")]))

    def save(self, commit: bool = True) -> Token:  # noqa: FBT001, FBT002  (Django's own)
        """They are saved already; the first one stands for all."""
        return self.enrolled.tokens[0]

    def save_m2m(self) -> None:
        """There is none."""


class TokenForm(forms.ModelForm[Token]):
    """Limits, name and switch; a new secret if there is one."""

    new_secret = forms.CharField(
        label=_("New secret"),
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Only when the provider has issued a new one for this account. Empty: the old one stays."),
    )

    class Meta:
        model = Token
        fields = ("label", "weight", "max_in_flight", "daily_cap", "is_enabled")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("new_secret") and not self.errors:
            try:
                keys()
                enrolling.usable_secret(self.instance, data["new_secret"])
            except (pasting.Unusable, enrolling.AlreadyThere) as refusal:
                self.add_error("new_secret", str(refusal))
            except ImproperlyConfigured:
                self.add_error("new_secret", UNSEALABLE)
        return data
