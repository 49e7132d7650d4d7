"""Files that come with the form itself, from a browser without scripts: taken in like any upload."""

from django.conf import settings
from django.http import HttpRequest

from accounts import limits
from accounts.models import User
from generations import trays
from generations.forms import GenerationForm
from media_pipeline import intake

FIELD = "files."


class TooOften(Exception):
    """More uploads than the rate allows."""

    def __init__(self, usage: limits.Usage) -> None:
        super().__init__()
        self.usage = usage


def bring(request: HttpRequest, user: User, form: GenerationForm) -> None:
    """Adds the files of the request to the form's inputs. Raises TooOften and everything intake.take_in raises."""
    given = [
        (slot.name, file)
        for slot in trays.shown(form.model, form.goal)
        for file in request.FILES.getlist(FIELD + slot.name)
    ]
    if not given:
        return
    usage = limits.count(request, "upload", str(user.pk), settings.RATE_LIMITS["upload"])
    if usage and usage.is_exceeded:
        raise TooOften(usage)
    assets = intake.take_in([file for _name, file in given], user_id=user.pk)
    inputs = {name: list(ids) for name, ids in form.inputs.items()}
    for (name, _file), asset in zip(given, assets, strict=True):
        inputs.setdefault(name, []).append(asset.pk)
    form.inputs = inputs
