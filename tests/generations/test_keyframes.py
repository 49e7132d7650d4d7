"""A film of keyframes: pictures in a row, takes between them, and the chosen ones joined into one clip."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts import credits
from accounts.models import User
from generations import segments
from generations.actions import filming
from generations.models import Board, Generation, Item, Keyframe
from tests.generations.conftest import drive
from tests.generations.test_other_providers import uploaded
from tests.media_pipeline import pictures

MODEL = "local-cross-fade"
QUERIES_OF_THE_LIST = 7
FIELDS = {f"{name}.{index}": value for index in range(12) for name, value in (("model", MODEL), ("duration", "1"))}


def picture(name: str = "a.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, pictures.encoded("PNG", 320, 240), "image/png")


@pytest.fixture
def board(alice: User) -> Board:
    return filming.make_board(alice, "Three stations")


@pytest.fixture
def hers(alice: User, client: Client) -> Client:
    client.force_login(alice)
    return client


def fill(board: Board, frames: int) -> None:
    while board.keyframes.count() < frames:
        filming.add_keyframe(board)
    for keyframe in board.keyframes.all():
        keyframe.asset, keyframe.model, keyframe.duration = uploaded(board.user), MODEL, "1"
        keyframe.save(update_fields=["asset", "model", "duration"])


def send(client: Client, board: Board, act: str, **more: Any) -> Any:
    prompts = {f"prompt.{index}": "" for index in board.keyframes.values_list("index", flat=True)}
    return client.post(f"/keyframes/{board.pk}/", {"act": act, "title": board.title, **prompts, **FIELDS, **more})


def confirming(answer: Any) -> tuple[str, str]:
    """What the button would do, and the word that goes along with it."""
    content = answer.content.decode()
    word = re.search(r'name="confirm" value="([^"]+)"', content)
    button = re.search(r'name="act" value="([^"]+)"[^>]*>Confirm', content)
    assert word is not None
    assert button is not None
    return button[1], word[1]


def test_pictures_come_with_the_form_and_words_stay(hers: Client, board: Board) -> None:
    send(hers, board, "add", **{"picture.0": picture(), "picture.1": picture(), "prompt.0": "through the fog"})
    rows = list(board.keyframes.order_by("index").values_list("asset__width", "prompt", "model", "duration"))
    assert rows == [(320, "through the fog", MODEL, "1"), (320, "", MODEL, "1"), (None, "", MODEL, "")]
    send(hers, board, "left:2")
    assert [one.asset is None for one in board.keyframes.order_by("index")] == [False, True, False]
    send(hers, board, "remove:1")
    assert [(one.index, one.asset is None) for one in board.keyframes.order_by("index")] == [(0, False), (1, False)]
    send(hers, board, "remove:1")
    assert board.keyframes.count() == 2


def test_twelve_are_the_most(hers: Client, board: Board) -> None:
    for _each in range(12):
        send(hers, board, "add")
    assert board.keyframes.count() == 12


def test_what_is_lacking_is_made_as_one_batch_and_joined_for_nothing(
    alice: User, hers: Client, board: Board, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    fill(board, 3)
    send(hers, board, "generate", idempotency_key="once")
    takes = list(Generation.objects.for_user(alice).order_by("created_at", "id"))
    assert len(takes) == 2
    assert len({take.batch_id for take in takes}) == 1
    # Under way: pressed again, there is nothing left to make.
    assert send(hers, board, "generate", idempotency_key="twice").status_code == 400
    assert Generation.objects.for_user(alice).count() == 2
    for take in takes:
        drive(take)
    # A process remembers for a minute which providers can be spoken to.
    segments.models_offered()
    with django_assert_num_queries(4):
        film = segments.film_of(alice, board)
        assert [one.chosen for one in film.segments] == takes
        assert film.seconds == 2
    another = send(hers, board, "take:0", idempotency_key="third")
    assert another.status_code == 302
    newest = drive(Generation.objects.for_user(alice).latest("created_at"))
    assert segments.film_of(alice, board).segments[0].chosen == newest
    send(hers, board, f"choose:0:{takes[0].pk}")
    film = segments.film_of(alice, board)
    assert film.segments[0].chosen == takes[0]
    assert film.clips == [take.assets[0].pk for take in takes]
    answer = send(hers, board, "join", idempotency_key="joined")
    joined = drive(Generation.objects.for_user(alice).get(task="join-videos"))
    assert answer["Location"] == f"/result/{joined.pk}/"
    assert joined.stage == "completed"
    assert joined.assets[0].duration_seconds == pytest.approx(2, abs=0.1)
    assert Item.objects.for_user(alice).get(pk=joined.pk).kind == "video"
    assert credits.balance_of(alice.pk) == credits.Balance(available=100_000, held=0)


def test_a_changed_picture_has_takes_of_its_own(alice: User, board: Board) -> None:
    fill(board, 2)
    first = segments.film_of(alice, board).segments[0]
    made = drive(filming.request_takes(alice, [first.wish], key="", is_confirmed=False)[0])
    assert segments.film_of(alice, board).segments[0].takes == [made]
    frame = Keyframe.objects.get(board=board, index=1)
    former, frame.asset = frame.asset, uploaded(alice)
    frame.save(update_fields=["asset"])
    assert segments.film_of(alice, board).segments[0].takes == []
    frame.asset = former
    frame.save(update_fields=["asset"])
    assert segments.film_of(alice, board).segments[0].takes == [made]


def test_much_is_said_twice(alice: User, hers: Client, board: Board, settings: Any) -> None:
    settings.BATCH_CONFIRM_ITEMS = 1
    fill(board, 3)
    asked = send(hers, board, "generate", idempotency_key="much")
    assert asked.status_code == 409
    assert confirming(asked) == ("generate", "generate 0")
    assert not Generation.objects.for_user(alice).exists()
    assert send(hers, board, "generate", idempotency_key="much", confirm="generate 0").status_code == 302
    assert Generation.objects.for_user(alice).count() == 2


def test_what_is_confirmed_is_what_was_asked_for(alice: User, hers: Client, board: Board, settings: Any) -> None:
    settings.BATCH_CONFIRM_ITEMS = 0
    fill(board, 3)
    act, confirm = confirming(send(hers, board, "take:1", idempotency_key="one"))
    assert act == "take:1"
    # The word for one segment is none for another one, nor for all of them.
    for other in ("take:0", "generate"):
        assert send(hers, board, other, idempotency_key="other", confirm=confirm).status_code == 409
    assert send(hers, board, act, idempotency_key="one", confirm=confirm).status_code == 302
    drive(Generation.objects.for_user(alice).get())
    film = segments.film_of(alice, board)
    assert [bool(part.takes) for part in film.segments] == [False, True]
    # One more take is confirmed, too, where no segment is lacking any more.
    for made in filming.request_takes(alice, [film.segments[0].wish], key="", is_confirmed=True):
        drive(made)
    act, confirm = confirming(send(hers, board, "take:0", idempotency_key="again"))
    assert send(hers, board, act, idempotency_key="again", confirm=confirm).status_code == 302
    assert Generation.objects.for_user(alice).count() == 3


def test_a_stranger_finds_no_film_and_takes_no_picture(carol: User, client: Client, alice: User, board: Board) -> None:
    fill(board, 2)
    client.force_login(carol)
    for answer in (client.get(f"/keyframes/{board.pk}/"), send(client, board, "generate")):
        assert answer.status_code == 404
    own = filming.make_board(carol, "")
    theirs = board.keyframes.get(index=0).asset_id
    filming.write_down(carol, own, "", {0: filming.Draft(asset=theirs)})
    assert own.keyframes.get(index=0).asset is None
    assert str(board.pk) not in client.get("/keyframes/").content.decode()


def test_the_list_shows_what_films_are_made_of_and_costs_the_same_for_many(
    alice: User, hers: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    fill(filming.make_board(alice, "dawn"), 2)
    hers.get("/keyframes/")
    with django_assert_num_queries(QUERIES_OF_THE_LIST):
        page = hers.get("/keyframes/").content.decode()
    assert len(re.findall(r'<span class="boards-strip">(?:<img src="/media/[^>]+>){2}</span>', page)) == 1
    for number in range(3):
        fill(filming.make_board(alice, f"dusk {number}"), 3)
    with django_assert_num_queries(QUERIES_OF_THE_LIST):
        assert hers.get("/keyframes/").content.decode().count('width="72"') == 11
