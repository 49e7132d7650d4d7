"""The create page: composer and stream."""

from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.functional import Promise
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.credits import balance_of
from accounts.models import User
from generations import days, paging, quotes, refusals
from generations.actions import requesting
from generations.forms import GenerationForm, kept_values, lost_labels
from generations.models import Generation
from generations.places import places_of
from generations.views import refusing
from generations.views.people import signed_in, to_sign_in
from providers import catalogue
from providers.catalogue import Model

PAGE_SIZE = 24
SAMPLES = (
    ("sample_forest", "flux-schnell"),
    ("sample_harbour", "flux-schnell"),
    ("sample_portrait", "flux-dev"),
)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Signed out: what this is. GET: composer and stream. POST: asks for a generation."""
    if not isinstance(request.user, User):
        is_page = request.method != "POST" and not request.htmx  # type: ignore[attr-defined]
        return render(request, "generations/welcome.html") if is_page else to_sign_in(request)
    if request.method == "POST":
        return _ask(request, request.user)
    if request.htmx and "cursor" in request.GET:  # type: ignore[attr-defined]
        return stream_page(request, request.user)
    return _page(request, request.user, _form(request, request.user))


def _ask(request: HttpRequest, user: User) -> HttpResponse:
    model = chosen_model(request.POST.get("model", ""))
    form = GenerationForm(model, request.POST)
    usage = refusing.count(request, user, model)
    if usage and usage.is_exceeded:
        response = _refused(request, user, form, refusals.too_often())
    elif not form.is_valid():
        fields: dict[str, str | Promise] = {name: str(errors[0]) for name, errors in form.errors.items()}
        response = _refused(request, user, form, refusals.bad_form(fields))
    else:
        response = _request(request, user, form)
    return refusing.with_usage(response, usage)


def _request(request: HttpRequest, user: User, form: GenerationForm) -> HttpResponse:
    wish = requesting.Wish(
        model_id=request.POST.get("model", ""),
        prompt=form.cleaned_data["prompt"],
        params=form.params(),
        idempotency_key=form.cleaned_data["idempotency_key"],
    )
    try:
        generation = requesting.request_generation(user, wish).generation
    except refusals.EXPECTED as error:
        return _refused(request, user, form, refusals.refusal_of(error))
    return _accepted(request, generation)


def _accepted(request: HttpRequest, generation: Generation) -> HttpResponse:
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("create")
    response = render(request, "generations/_card.html", {"generation": generation}, status=201)
    response["X-Live-Fragment"] = "1"
    response["X-Next-Key"] = str(uuid4())
    return response


def _refused(request: HttpRequest, user: User, form: GenerationForm, refusal: refusals.Refusal) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]
        return refusing.fragment(request, refusal, "#composer-notice")
    if refusal.code == refusals.KEY_REUSED:
        form.data = {**request.POST.dict(), "idempotency_key": str(uuid4())}
    return _page(request, user, form, refusal)


def _form(request: HttpRequest, user: User) -> GenerationForm:
    """A fresh form. `?from=<id>` takes an earlier generation's settings, `?model=` and `?prompt=` what they say."""
    source = _source(request.GET.get("from", ""), user)
    model = chosen_model(source.model if source else request.GET.get("model", ""))
    initial: dict[str, Any] = {"idempotency_key": str(uuid4()), "prompt": request.GET.get("prompt", "")[:4000]}
    if source:
        initial |= {**source.params, "prompt": source.prompt, "seed": None}
    return GenerationForm(model, initial=initial)


def _source(given: str, user: User) -> Generation | None:
    try:
        pk = UUID(given)
    except ValueError:
        return None
    return Generation.objects.for_user(user).filter(pk=pk).first()


def chosen_model(model_id: str) -> Model:
    """The named model if this page can ask for it, else the first on offer (so that any page can be rendered)."""
    named = next((model for model in catalogue.all_models() if model.id == model_id and is_for_this_page(model)), None)
    return named or next(iter(offered()), catalogue.all_models()[0])


def offered() -> list[Model]:
    """What this page can ask for now. Programs may ask for the rest."""
    return [model for model in catalogue.available() if is_for_this_page(model)]


def is_for_this_page(model: Model) -> bool:
    """Pictures from words."""
    return model.output_kind == "image" and model.works_from_words


def _page(
    request: HttpRequest, user: User, form: GenerationForm, refusal: refusals.Refusal | None = None
) -> HttpResponse:
    cursor = request.GET.get("cursor", "")
    try:
        page = paging.page(Generation.objects.for_user(user).with_outputs(), cursor, PAGE_SIZE)
    except paging.BadCursor:
        return redirect("create")
    context = composer_context(user, form) | {
        "page": page,
        "days": days.by_day(page.rows),
        "samples": samples() if not page.rows and not cursor else [],
        "refusal": refusal,
    }
    return render(request, "generations/create.html", context, status=refusal.status if refusal else 200)


def samples() -> list[dict[str, Any]]:
    """Three prompts to begin with, each with its price."""
    rows = []
    for name, model_id in SAMPLES:
        model = chosen_model(model_id)
        rows.append({"name": name, "model": model, "quote": quotes.quote(model, model.clean({}))})
    return rows


def composer_context(user: User, form: GenerationForm) -> dict[str, Any]:
    """Form, models, price and how many places are free."""
    quote = quote_of(form)
    balance = balance_of(user.pk)
    return {
        "form": form,
        "model": form.model,
        "models": offered(),
        "quote": quote,
        "balance": balance,
        "enough": balance.available >= quote.millicredits,
        "places": places_of(user),
    }


def quote_of(form: GenerationForm) -> quotes.Quote:
    """The price of what stands in the form; of the defaults while it is not possible."""
    params: dict[str, Any] = {}
    if form.is_bound and form.is_valid():
        params = form.params()
    elif not form.is_bound:
        params = {name: value for name, value in form.initial.items() if name in form.model_names}
        params = {name: value for name, value in params.items() if value not in {None, ""}}
    try:
        return quotes.quote(form.model, form.model.clean(params))
    except catalogue.ParameterErrors:
        return quotes.quote(form.model, form.model.clean({}))


@signed_in
@require_POST
def quote(request: HttpRequest, user: User) -> HttpResponse:
    """The Generate button for what stands in the form now."""
    form = GenerationForm(chosen_model(request.POST.get("model", "")), request.POST)
    return render(request, "generations/_generate.html", composer_context(user, form))


@signed_in
@require_GET
def composer(request: HttpRequest, user: User) -> HttpResponse:
    """The composer for another model, with what fits of the settings so far."""
    model = chosen_model(request.GET.get("model", ""))
    former = chosen_model(request.GET.get("from_model", model.id))
    given = request.GET.dict()
    kept = kept_values(model, given)
    initial = kept | {"prompt": given.get("prompt", ""), "idempotency_key": str(uuid4())}
    context = composer_context(user, GenerationForm(model, initial=initial))
    context["changed"] = lost_labels(former, given, kept)
    return render(request, "generations/_composer.html", context)


def stream_page(request: HttpRequest, user: User) -> HttpResponse:
    """The next page of the stream, as a fragment."""
    try:
        page = paging.page(Generation.objects.for_user(user).with_outputs(), request.GET["cursor"], PAGE_SIZE)
    except paging.BadCursor:
        return redirect("create")
    response = render(request, "generations/_stream_page.html", {"page": page, "days": days.by_day(page.rows)})
    patch_vary_headers(response, ["HX-Request"])
    return response
