"""The room of keyframes: pictures in a row become one film."""

from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.credits import balance_of
from accounts.models import User
from generations import paging, refusals, segments
from generations.actions import batching, filming
from generations.models import Board
from generations.models.board import MAX_TITLE, MOST_KEYFRAMES
from generations.views import bringing, film_forms, refusing
from generations.views.people import signed_in
from providers import catalogue

PAGE_SIZE = 24


@never_cache
@signed_in
@require_http_methods(["GET", "POST"])
def boards(request: HttpRequest, user: User) -> HttpResponse:
    """All of the person's; POST: another one."""
    if request.method == "POST":
        board = filming.make_board(user, request.POST.get("title", "").strip()[:MAX_TITLE])
        return redirect("keyframes-board", board_id=board.pk)
    try:
        page = paging.page(Board.objects.for_user(user).with_pictures(), request.GET.get("cursor", ""), PAGE_SIZE)
    except paging.BadCursor:
        return redirect("keyframes")
    return render(request, "keyframes/boards.html", {"page": page})


@never_cache
@signed_in
@require_http_methods(["GET", "POST"])
def board(request: HttpRequest, user: User, board_id: UUID) -> HttpResponse:
    """One film. POST writes down what stands on the page, then does what the pressed button says."""
    found = get_object_or_404(Board.objects.for_user(user), pk=board_id)
    if request.method == "GET":
        return _page(request, user, found)
    try:
        film_forms.write_down(request, user, found)
        found.refresh_from_db()
        return _act(request, user, found)
    except bringing.TooOften as error:
        return refusing.with_usage(_page(request, user, found, refusals.too_often()), error.usage)
    except batching.ConfirmationNeeded as error:
        return _page(request, user, found, refusals.refusal_of(error), asked=error.plan.millicredits)
    except refusals.EXPECTED as error:
        return _page(request, user, found, refusals.refusal_of(error))


def _act(request: HttpRequest, user: User, found: Board) -> HttpResponse:
    name, _colon, rest = request.POST.get("act", "").partition(":")
    index, _colon, which = rest.partition(":")
    number = int(index) if index.isascii() and index.isdecimal() and len(index) < 3 else 0  # noqa: PLR2004
    if name == "add":
        filming.add_keyframe(found)
    elif name == "remove":
        filming.remove_keyframe(found, number)
    elif name == "left":
        filming.move_keyframe(found, number)
    elif name == "choose":
        _choose(user, found, number, which)
    elif name in {"generate", "take"}:
        return _generate(request, user, found, number if name == "take" else None)
    elif name == "join":
        return _join(request, user, found)
    return redirect("keyframes-board", board_id=found.pk)


def _choose(user: User, found: Board, number: int, which: str) -> None:
    film = segments.film_of(user, found)
    take = next((one for part in film.segments for one in part.ready if str(one.pk) == which), None)
    if take:
        filming.choose_take(found, number, take)


def _generate(request: HttpRequest, user: User, found: Board, number: int | None) -> HttpResponse:
    """Every segment that is lacking, or one more take of one."""
    film = segments.film_of(user, found)
    wanted = film.open_segments if number is None else [one for one in film.segments if one.first.index == number]
    wanted = [one for one in wanted if one.is_complete]
    usage = refusing.count(request, user, wanted[0].model) if wanted else None
    if usage and usage.is_exceeded:
        return refusing.with_usage(_page(request, user, found, refusals.too_often()), usage)
    word = _word(request, sum(one.quote.millicredits for one in wanted))
    filming.request_takes(
        user,
        [one.wish for one in wanted],
        key=request.POST.get("idempotency_key", "")[:255],
        is_confirmed=request.POST.get("confirm", "") == word,
    )
    return refusing.with_usage(redirect("keyframes-board", board_id=found.pk), usage)


def _word(request: HttpRequest, millicredits: int) -> str:
    """What is said the second time: the button that was pressed and its price. It is good for no other one."""
    return f"{request.POST.get('act', '')} {millicredits}"


def _join(request: HttpRequest, user: User, found: Board) -> HttpResponse:
    clips = segments.film_of(user, found).clips
    usage = refusing.count(request, user, catalogue.get(filming.JOINER))
    if usage and usage.is_exceeded:
        return refusing.with_usage(_page(request, user, found, refusals.too_often()), usage)
    made = filming.request_film(user, found, clips, request.POST.get("idempotency_key", "")[:255])
    return refusing.with_usage(redirect("result", generation_id=made.pk), usage)


def _page(
    request: HttpRequest,
    user: User,
    found: Board,
    refusal: refusals.Refusal | None = None,
    *,
    asked: int | None = None,
) -> HttpResponse:
    """asked: for how many milli-credits the pressed button wants to be confirmed."""
    film = segments.film_of(user, found)
    total = film.open_millicredits if asked is None else asked
    context: dict[str, Any] = {
        "film": film,
        "board": found,
        "offered": segments.models_offered(),
        "is_full": len(film.keyframes) >= MOST_KEYFRAMES,
        "refusal": refusal,
        "total": total,
        "act": "generate" if asked is None else request.POST.get("act", ""),
        "confirm": "" if asked is None else _word(request, asked),
        "enough": balance_of(user.pk).available >= total,
        "key": uuid4(),
        "name": found.title or _("Film without a title"),
    }
    return render(request, "keyframes/board.html", context, status=refusal.status if refusal else 200)
