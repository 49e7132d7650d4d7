"""How tokens come in, lie at rest and change their keys; and that they are never said again."""

import json
from io import StringIO
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command

from accounts.sealing import is_sealed_by_the_newest
from providers import tokens
from providers.checks import check_keys
from providers.models import Token
from providers.pool import enrolling, memory
from providers.pool.pasting import Unusable, read_line
from tests.pool import PROVIDER, add, taken, waits

pytestmark = pytest.mark.django_db
KEYS = [Fernet.generate_key().decode() for _ in range(3)]


@pytest.mark.parametrize(
    ("line", "label", "secret"),
    [
        ("r8_abcdefgh", "", "r8_abcdefgh"),
        ("studio A\tr8_abcdefgh", "studio A", "r8_abcdefgh"),
        ("Аня: r8_abcdefgh", "Аня", "r8_abcdefgh"),
        ('"r8_abcdefgh",', "", "r8_abcdefgh"),
        ("export REPLICATE_API_TOKEN='r8_abcdefgh'", "", "r8_abcdefgh"),
        ("Bearer r8_abcdefgh", "", "r8_abcdefgh"),
        ("\ufeffr8_abcdefgh", "", "r8_abcdefgh"),
        ("key-id:key-secret==", "", "key-id:key-secret=="),
        ("x" * 90 + " r8_abcdefgh", "x" * 60, "r8_abcdefgh"),
        ("a\x00b\u202e r8_abcdefgh", "ab", "r8_abcdefgh"),
    ],
)
def test_a_line_is_read_as_it_was_meant(line: str, label: str, secret: str) -> None:
    pasted = read_line(1, line)
    assert (pasted.label, pasted.secret) == (label, secret)
    assert secret not in repr(pasted)


@pytest.mark.parametrize("line", ["short", "r8_\u0430bcdefgh", "r8_abc\x00defgh", "x" * 501, "''", "A="])
def test_what_cannot_be_a_token_is_refused_without_being_quoted(line: str) -> None:
    with pytest.raises(Unusable) as refusal:
        read_line(7, line)
    assert "Line 7" in str(refusal.value)
    assert line.strip("'") == "" or line not in str(refusal.value)


def test_a_twin_is_refused_by_its_name_and_the_others_are_added() -> None:
    add("Anna r8_first_one")
    done = enrolling.enrol(PROVIDER, "r8_first_one\n\nr8_second_one\nr8_second_one")
    assert len(done.tokens) == 1
    assert [sentence[:6] for sentence in done.refused] == ["Line 1", "Line 4"]
    assert "Anna" in done.refused[0]
    assert Token.objects.count() == 2


def test_twins_are_known_across_a_change_of_the_secret_key(settings: Any) -> None:
    add("r8_first_one")
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = (
        [settings.SECRET_KEY],
        "another-key-that-signs-from-now-on-0123",
    )
    assert enrolling.enrol(PROVIDER, "r8_first_one").tokens == []
    call_command("rotate_tokens", stdout=StringIO())
    settings.SECRET_KEY_FALLBACKS = []
    assert enrolling.enrol(PROVIDER, "r8_first_one").tokens == []


def test_at_rest_a_secret_is_nowhere_readable() -> None:
    [token] = add("r8_first_one")
    row = Token.objects.filter(pk=token.pk).values().get()
    assert "r8_first_one" not in str(row)
    assert "r8_first_one" not in f"{token!r} {token} {memory.recall(PROVIDER)!r} {taken()!r}"


def test_a_key_is_replaced_by_putting_a_new_one_in_front(settings: Any) -> None:
    settings.FERNET_KEYS = KEYS[:1]
    [token] = add("r8_first_one")
    settings.FERNET_KEYS = [KEYS[1], KEYS[0]]
    [fresh] = add("r8_second_one")
    said = StringIO()
    call_command("rotate_tokens", stdout=said)
    assert "Sealed anew: 1. Sealed with the first key already: 1." in said.getvalue()
    before = Token.objects.get(pk=token.pk).sealed_secret
    call_command("rotate_tokens", stdout=StringIO())
    token.refresh_from_db()
    assert token.sealed_secret == before
    settings.FERNET_KEYS = KEYS[1:2]
    assert is_sealed_by_the_newest(token.sealed_secret)
    memory.forget()
    assert {taken().secret, taken().secret} == {"r8_first_one", "r8_second_one"}
    assert fresh.pk != token.pk


def test_rotation_goes_through_many_and_can_be_begun_again(settings: Any) -> None:
    settings.FERNET_KEYS = KEYS[:1]
    add(*(f"r8_token_{n}" for n in range(120)))
    settings.FERNET_KEYS = [KEYS[1], KEYS[0]]
    half = Token.objects.order_by("pk").values_list("pk", flat=True)[50]
    for token in Token.objects.filter(pk__lt=half):  # as far as a run came that was killed
        token.keep(token.secret())
        token.save(update_fields=["sealed_secret"])
    said = StringIO()
    call_command("rotate_tokens", stdout=said)
    assert "Sealed anew: 70. Sealed with the first key already: 50." in said.getvalue()


def test_a_lost_key_takes_only_its_own_tokens_out(settings: Any) -> None:
    settings.FERNET_KEYS = KEYS[:1]
    [lost] = add("r8_first_one")
    settings.FERNET_KEYS = KEYS[1:2]
    add("r8_second_one")
    assert taken().secret == "r8_second_one"
    waits()
    assert tokens.by_label(PROVIDER, f"#{lost.pk} x") is None
    with pytest.raises(CommandError, match=f"#{lost.pk}"):
        call_command("rotate_tokens", stdout=StringIO())
    Token.objects.filter(pk=lost.pk).update(sealed_secret="garbage")
    memory.forget()
    waits()


@pytest.mark.parametrize(("keys", "problems"), [([], 1), (["nonsense"], 1), ([KEYS[0], "x"], 1), (KEYS, 0)])
def test_keys_that_cannot_be_used_are_an_error_that_does_not_show_them(
    keys: list[str], problems: int, settings: Any
) -> None:
    settings.FERNET_KEYS = keys
    found = check_keys()
    assert [message.id for message in found] == ["providers.E005"] * problems
    assert "nonsense" not in str(found)


def test_a_new_secret_brings_the_token_back_and_jobs_are_asked_after_with_it() -> None:
    [token] = add("r8_first_one")
    job = taken()
    Token.objects.update(state="disabled", fail_streak=3)
    enrolling.replace_secret(token, "r8_second_one")
    found = tokens.by_label(PROVIDER, job.label)
    assert found is not None
    assert found.secret == "r8_second_one"
    assert Token.objects.get().state == "active"


def test_statistics_tell_everything_but_the_secret() -> None:
    add("Anna r8_first_one", "r8_second_one", daily_cap=9)
    taken()
    table, rows = StringIO(), StringIO()
    call_command("token_stats", stdout=table)
    call_command("token_stats", "--json", stdout=rows)
    assert "r8_" not in table.getvalue() + rows.getvalue()
    assert [row["in_flight"] for row in json.loads(rows.getvalue())] == [1, 0]
    assert "1/9" in table.getvalue()
