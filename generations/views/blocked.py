"""A wish on several models of which one cannot: nobody is asked, and each that cannot says why."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from generations import refusals
from generations.actions import batching
from providers import catalogue


class Blocked(Exception):
    """plan: which models cannot, and why."""

    def __init__(self, plan: batching.Plan) -> None:
        super().__init__(f"{sum(item.problem is not None for item in plan.items)} models cannot")
        self.plan = plan


def refusal(error: Blocked) -> refusals.Refusal:
    """Each model that cannot, once, with its reason."""
    sentence = _("Not every model can do this. Nothing was charged. Leave those out or change what they cannot do.")
    fields: dict[str, str | Promise] = {
        item.model_id: f"{catalogue.get(item.model_id).name}: {reason_of(item.problem)}"
        for item in error.plan.items
        if item.problem
    }
    return refusals.Refusal(status=400, code="batch_blocked", sentence=sentence, fields=fields)


def reason_of(problem: Exception) -> str | Promise:
    """The first thing that is wrong, as a sentence."""
    found = refusals.refusal_of(problem)
    return next(iter(found.fields.values()), found.sentence)
