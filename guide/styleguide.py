"""The style guide: every component in every state, made of the partials and classes that the pages use."""

import re
from functools import cache

from django.conf import settings
from django.forms import BoundField
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import rules
from accounts.models import User
from generations import framing, refusals, staging
from generations.context import THEMES, Shell
from generations.forms import GenerationForm
from generations.library.search import Search
from generations.templatetags.icons import NAMES
from generations.views import composer
from generations.views.people import signed_in
from guide import related, specimens
from media_pipeline.models import Asset
from providers.catalogue import Model

COLOUR = re.compile(r"^  --([\w-]+): (?:light-dark|oklch)\(", re.MULTILINE)
GOAL, IMPOSSIBLE = "expand", "-1"


class Themed(Shell):
    """The shell in the theme that is asked for, without changing the person's own."""

    def __init__(self, person: User, theme: str) -> None:
        super().__init__(person)
        self._asked = theme

    @property
    def theme(self) -> str:
        return self._asked if self._asked in THEMES else super().theme


@never_cache
@signed_in
@require_safe
def styleguide(request: HttpRequest, user: User) -> HttpResponse:
    """For admins; for everybody else it does not exist. `?theme=dark` or `light`."""
    if not rules.may_enter_admin(user):
        raise Http404
    pictures = specimens.pictures_of(user)
    model = composer.model_for("", GOAL)
    stills = [asset for asset in pictures if not asset.is_video]
    context = composer.context(user, _form(user, model, stills)) | {
        "shell": Themed(user, request.GET.get("theme", "")),
        "colours": colours(),
        "icons": NAMES,
        "rows": specimens.cards(user, pictures),
        "items": list(specimens.tiles(user, pictures)) if pictures else [],
        "marked": specimens.marked(user),
        "toasts": specimens.toasts(),
        "events": specimens.events(),
        "exports": specimens.exports(user),
        "refusal": refusals.bad_form({"seed": model.parameters[0].rule}),
        "search": Search(""),
        "fields": [*_drawing(user).settings_fields, *_wrong(user, model)],
        "code": '{"model": "flux-schnell"}',
        "frame_shapes": framing.SHAPES,
        "notifications": specimens.notifications(user),
        "draft": specimens.draft(user),
        "jobs": specimens.jobs(user, pictures),
        "lineage": related.lineage(user, pictures),
        "strip": related.strip(user, stills),
        "compared": related.compared(user, pictures),
    }
    return render(request, "guide/styleguide.html", context)


@cache
def colours() -> tuple[str, ...]:
    """Names of the colours in tokens.css, in its order."""
    return tuple(COLOUR.findall((settings.BASE_DIR / "static/css/tokens.css").read_text(encoding="utf-8")))


def _form(user: User, model: Model, stills: list[Asset]) -> GenerationForm:
    """With a picture of the reader's, if there is one: the frame is drawn round it."""
    return composer.form_of(user, model, goal=GOAL, inputs={staging.SLOT: [asset.pk for asset in stills[:1]]})


def _drawing(user: User) -> GenerationForm:
    """With a field of every kind that a model for pictures has."""
    return composer.form_of(user, composer.model_for("", "image"), goal="image", auto_id="drawing_%s")


def _wrong(user: User, model: Model) -> list[BoundField]:
    """Fields that say why their value is not possible."""
    given = QueryDict(mutable=True)
    given.update({parameter.name: IMPOSSIBLE for parameter in model.parameters})
    form = composer.form_of(user, model, given, goal=GOAL, auto_id="wrong_%s")
    return [field for field in form.settings_fields if field.errors][:3]
