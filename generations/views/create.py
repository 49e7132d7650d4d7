"""The create page: composer and stream."""

from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.functional import Promise
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.credits import InsufficientCredit
from accounts.models import User
from generations import days, framing, paging, quotes, refusals, staging, trays
from generations.actions import batching, drafting, requesting
from generations.forms import GenerationForm
from generations.models import Generation
from generations.views import beginning, blocked, bringing, composer, drafts, refusing
from generations.views.people import to_sign_in

PAGE_SIZE = 24
SAMPLES = (
    ("sample_forest", "flux-schnell"),
    ("sample_harbour", "flux-schnell"),
    ("sample_portrait", "flux-dev"),
)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest, goal: str = "") -> HttpResponse:
    """Signed out: what this is. GET: composer and stream. POST: asks for a generation. goal: the page's own, if any."""
    if not isinstance(request.user, User):
        is_page = request.method != "POST" and not request.htmx  # type: ignore[attr-defined]
        return render(request, "generations/welcome.html") if is_page else to_sign_in(request)
    if request.method == "POST":
        return _ask(request, request.user)
    if request.htmx and "cursor" in request.GET:  # type: ignore[attr-defined]
        return stream_page(request, request.user)
    begun = beginning.begin(request, request.user, goal)
    return _page(request, request.user, begun.form, more=begun.shown)


def _ask(request: HttpRequest, user: User) -> HttpResponse:
    form = composer.posted(request, user)
    counted = [refusing.count(request, user, model) for model in (form.model, *form.further)]
    usage = next((one for one in counted if one and one.is_exceeded), counted[0])
    if usage and usage.is_exceeded:
        response = _refused(request, user, form, refusals.too_often())
    elif not form.is_valid():
        fields: dict[str, str | Promise] = {name: str(errors[0]) for name, errors in form.errors.items()}
        response = _refused(request, user, form, refusals.bad_form(fields))
    else:
        response = _request(request, user, form)
    return refusing.with_usage(response, usage)


def _request(request: HttpRequest, user: User, form: GenerationForm) -> HttpResponse:
    try:
        bringing.bring(request, user, form)
        trays.require(form.model, form.goal, form.inputs)
        wish = requesting.Wish(
            model_id=request.POST.get("model", ""),
            prompt=form.words,
            params=form.params(),
            inputs=form.inputs,
            idempotency_key=form.cleaned_data["idempotency_key"],
        )
        rows = _made(request, user, wish, form)
    except batching.ConfirmationNeeded as error:
        return _confirm(request, user, form, error)
    except blocked.Blocked as error:
        return _refused(request, user, form, blocked.refusal(error))
    except bringing.TooOften as error:
        return refusing.with_usage(_refused(request, user, form, refusals.too_often()), error.usage)
    except refusals.EXPECTED as error:
        return _refused(request, user, form, refusals.refusal_of(error))
    drafting.end(user, form.room, drafts.taken_of(request.POST))
    return _accepted(request, rows)


def _made(request: HttpRequest, user: User, wish: requesting.Wish, form: GenerationForm) -> list[Generation]:
    if form.count == 1 and not form.further:
        return [requesting.request_generation(user, wish).generation]
    if form.further:
        # Settings go where they fit, but what does not fit the model they were made for is told.
        form.model.clean(wish.params)
    wishes = batching.spread(wish, [wish.model_id, *(one.id for one in form.further)], form.count)
    plan = batching.plan(user, wishes)
    if form.further and any(item.problem for item in plan.items):
        raise blocked.Blocked(plan)
    # Said twice is only what was shown: another price is shown first.
    is_confirmed = request.POST.get("confirm", "") == str(plan.millicredits)
    try:
        return batching.request_batch(user, wishes, key=wish.idempotency_key, is_confirmed=is_confirmed)
    except InsufficientCredit as error:
        # Of the whole, not of the first one that was too much.
        raise plan.problem or error from error


def _confirm(
    request: HttpRequest, user: User, form: GenerationForm, error: batching.ConfirmationNeeded
) -> HttpResponse:
    """The Generate button asks once more, with the whole price; the rest of the form stays as it is."""
    asked = {"plan": error.plan, "sentence": refusals.refusal_of(error).sentence}
    if not request.htmx:  # type: ignore[attr-defined]
        return _page(request, user, form, more=asked, status=409)
    response = render(request, "generations/_generate.html", composer.context(user, form) | asked, status=409)
    response["HX-Retarget"], response["HX-Reswap"] = "#generate", "outerHTML"
    return response


def _accepted(request: HttpRequest, rows: list[Generation]) -> HttpResponse:
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("create")
    response = render(request, "generations/_cards.html", {"rows": rows}, status=201)
    response["X-Live-Fragment"] = "1"
    response["X-Next-Key"] = str(uuid4())
    return response


def _refused(request: HttpRequest, user: User, form: GenerationForm, refusal: refusals.Refusal) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]
        return refusing.fragment(request, refusal, "#composer-notice")
    if refusal.code == refusals.KEY_REUSED:
        form.data = request.POST.copy()
        form.data["idempotency_key"] = str(uuid4())
    return refusing.until_later(_page(request, user, form, refusal), refusal)


def _page(
    request: HttpRequest,
    user: User,
    form: GenerationForm,
    refusal: refusals.Refusal | None = None,
    *,
    more: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    cursor = request.GET.get("cursor", "")
    try:
        page = paging.page(Generation.objects.for_user(user).shown().with_outputs(), cursor, PAGE_SIZE)
    except paging.BadCursor:
        return redirect("create")
    context = composer.context(user, form) | {
        "page": page,
        "days": days.by_day(page.rows),
        "samples": samples() if not page.rows and not cursor else [],
        "refusal": refusal,
        "taken": drafts.taken_of(request.POST),
        "frame_shapes": framing.SHAPES,
        "strip": staging.strip_of(user, next(iter(form.inputs.get(staging.SLOT, ())), None)),
    }
    status = refusal.status if refusal else status
    return render(request, "generations/create.html", context | (more or {}), status=status)


def samples() -> list[dict[str, Any]]:
    """Three prompts to begin with, each with its price."""
    rows = []
    for name, model_id in SAMPLES:
        model = composer.chosen_model(model_id)
        rows.append({"name": name, "model": model, "quote": quotes.quote(model, model.clean({}))})
    return rows


def stream_page(request: HttpRequest, user: User) -> HttpResponse:
    """The next page of the stream, as a fragment."""
    try:
        page = paging.page(Generation.objects.for_user(user).shown().with_outputs(), request.GET["cursor"], PAGE_SIZE)
    except paging.BadCursor:
        return redirect("create")
    response = render(request, "generations/_stream_page.html", {"page": page, "days": days.by_day(page.rows)})
    patch_vary_headers(response, ["HX-Request"])
    return response
