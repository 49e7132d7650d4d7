"""Links into the guide for templates of the whole studio."""

from django import template
from django.http import HttpRequest
from django.urls import reverse

from guide.chapters import explaining
from guide.finding import explanation

register = template.Library()


@register.filter
def explained(code: str) -> str:
    """Where a failure or refusal is explained, "" where it is not."""
    return explanation(code)


@register.filter
def help_for(request: HttpRequest | None) -> str:
    """The chapter about the page one is on."""
    match = request.resolver_match if request else None
    return reverse("docs-page", args=[explaining(match.view_name if match else "").slug])
