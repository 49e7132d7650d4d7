"""The admin's door to provider tokens: who may, what is pasted, and that no secret comes back."""

import logging
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from accounts.models import User
from providers.models import Token
from providers.pool import overview
from tests.pool import add, fault_of_token, replicate, taken
from tests.studio import Sandbox

__all__ = ["replicate"]
LIST, ADD = "admin:providers_token_changelist", "admin:providers_token_add"
LIMITS = {"weight": "1", "max_in_flight": "2", "daily_cap": ""}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def paste(user: User, lines: str, **limits: str) -> Any:
    form = {"provider": "replicate", "lines": lines, **LIMITS, **limits}
    return signed_in(user).post(reverse(ADD), form, follow=True)


def act(user: User, action: str, *tokens: Token) -> str:
    form = {"action": action, "_selected_action": [str(token.pk) for token in tokens]}
    return str(signed_in(user).post(reverse(LIST), form, follow=True).content.decode())


def test_a_super_admin_pastes_many_and_never_sees_them_again(sue: User) -> None:
    page = paste(sue, "Anna r8_secret_one\nr8_secret_two\n\nr8_secret_one\n").content.decode()
    assert "2 tokens were added." in page
    assert "Line 4 was not added: it is in the pool already, as “Anna”." in page
    assert [token.max_in_flight for token in Token.objects.all()] == [2, 2]
    client = signed_in(sue)
    pages = [
        reverse(LIST),
        *(reverse("admin:providers_token_change", args=[token.pk]) for token in Token.objects.all()),
    ]
    pages += ["/operator/", "/metrics", reverse("admin:index")]
    assert "r8_secret" not in page + "".join(client.get(path).content.decode() for path in pages)
    assert LogEntry.objects.filter(user=sue).count() == 2
    assert "r8_secret" not in str(list(LogEntry.objects.values()))


@pytest.mark.parametrize(
    ("lines", "limits"),
    [
        ("", {}),
        (" \n\t\n", {}),
        ("short", {}),
        ("r8_\u0430bcdefgh", {}),
        ("r8_abc\x00defgh", {}),
        ("<script>alert(1)</script>" * 40, {}),
        ("\n".join(f"r8_token_{n}" for n in range(201)), {}),
        ("r8_token_good", {"provider": "nobody"}),
        ("r8_token_good", {"max_in_flight": "0"}),
        ("r8_token_good", {"max_in_flight": "1001"}),
        ("r8_token_good", {"weight": "-1"}),
        ("r8_token_good", {"weight": "1e9"}),
        ("r8_token_good", {"daily_cap": "-5"}),
        ("r8_token_good", {"daily_cap": "9223372036854775808"}),
    ],
)
def test_what_cannot_be_is_a_sentence_changes_nothing_and_is_not_shown_back(
    sue: User, lines: str, limits: dict[str, str]
) -> None:
    answer = paste(sue, lines, **limits)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "errorlist" in page or "errornote" in page
    assert "r8_token" not in page
    assert "<script>alert" not in page
    assert not Token.objects.exists()


def test_without_a_usable_key_nothing_is_added(sue: User, settings: Any) -> None:
    settings.FERNET_KEYS = ["nonsense"]
    page = paste(sue, "r8_token_good").content.decode()
    assert "FERNET_KEYS" in page
    assert not Token.objects.exists()


def test_an_admin_looks_and_changes_nothing(alice: User, ada: User) -> None:
    [token] = add("Anna r8_secret_one")
    page = signed_in(ada).get(reverse(LIST))
    assert page.status_code == 200
    assert "Anna" in page.content.decode()
    detail = reverse("admin:providers_token_change", args=[token.pk])
    assert signed_in(ada).get(detail).status_code == 200
    for person, refused in ((ada, 403), (alice, 302)):
        assert signed_in(person).get(reverse(ADD)).status_code == refused
        assert signed_in(person).post(detail, {"label": "mine"}).status_code == refused
        form = {"provider": "replicate", "lines": "r8_token_good", **LIMITS}
        assert signed_in(person).post(reverse(ADD), form).status_code == refused
        act(person, "switch_off", token)
    token.refresh_from_db()
    assert (token.label, token.is_enabled, Token.objects.count()) == ("Anna", True, 1)


def change(user: User, token: Token, **fields: str) -> str:
    inline = {"days-TOTAL_FORMS": "0", "days-INITIAL_FORMS": "0"}
    form = {"label": token.label, **LIMITS, "is_enabled": "on", **inline, **fields}
    path = reverse("admin:providers_token_change", args=[token.pk])
    return str(signed_in(user).post(path, form, follow=True).content.decode())


def test_a_new_secret_takes_the_old_ones_place(sue: User) -> None:
    token, other = add("Anna r8_secret_one", "r8_secret_two")
    Token.objects.update(state="disabled", fail_streak=3)
    page = change(sue, token, new_secret="r8_secret_two")
    assert "in the pool already" in page
    assert "r8_secret" not in page
    page = change(sue, token, new_secret="r8_secret_three")
    assert "r8_secret" not in page
    token.refresh_from_db()
    other.refresh_from_db()
    assert (token.secret(), token.state, other.state) == ("r8_secret_three", "active", "disabled")


def test_saving_a_page_does_not_undo_what_the_pool_wrote_meanwhile(sue: User) -> None:
    [token] = add("Anna r8_secret_one")
    Token.objects.update(state="disabled", last_error="401")
    change(sue, token, label="Anna's", daily_cap="7")
    token.refresh_from_db()
    assert (token.label, token.daily_cap, token.state, token.last_error) == ("Anna's", 7, "disabled", "401")


def test_testing_asks_the_provider_and_acts_on_the_answer(sue: User, replicate: Sandbox) -> None:
    good, bad = add("good r8_tested_good", "bad r8_tested_bad")
    Token.objects.filter(pk=good.pk).update(state="disabled", fail_streak=3)
    fault_of_token(replicate, "r8_tested_bad", "401")
    page = act(sue, "test_now", good, bad)
    fault_of_token(replicate, "r8_tested_bad", None)
    assert "Replicate: good: accepted." in page
    assert "Replicate: bad: 401" in page
    assert "r8_tested" not in page
    assert dict(Token.objects.values_list("label", "state")) == {"good": "active", "bad": "suspect"}


def test_a_token_with_jobs_under_way_is_not_deleted(sue: User) -> None:
    [token] = add("Anna r8_secret_one")
    taken()
    signed_in(sue).post(reverse("admin:providers_token_delete", args=[token.pk]), {"post": "yes"})
    assert Token.objects.filter(pk=token.pk).exists()


def test_switching_off_and_on(sue: User) -> None:
    [token] = add("Anna r8_secret_one")
    act(sue, "switch_off", token)
    assert "switched off" in signed_in(sue).get("/operator/").content.decode()
    assert overview.every_token()[0].works is False
    act(sue, "bring_back", token)
    assert overview.every_token()[0].works is True


def test_the_list_costs_the_same_for_one_token_and_for_many(sue: User, django_assert_max_num_queries: Any) -> None:
    add(*(f"r8_secret_{n}" for n in range(30)))
    client = signed_in(sue)
    client.get(reverse(LIST))
    with django_assert_max_num_queries(8):
        client.get(reverse(LIST))


def test_metrics_tell_each_token_by_its_number(sue: User) -> None:
    [token] = add("Anna r8_secret_one", max_in_flight=3)
    taken()
    page = Client().get("/metrics").content.decode()
    assert f'dotbase_token_in_flight{{provider="replicate",token="{token.pk}"}} 1.0' in page
    assert f'dotbase_token_requests_total{{provider="replicate",token="{token.pk}"}} 1.0' in page
    assert f'dotbase_token_state{{provider="replicate",state="active",token="{token.pk}"}} 1.0' in page
    assert "Anna" not in page


def test_nothing_secret_is_logged(sue: User, caplog: pytest.LogCaptureFixture, capfd: Any) -> None:
    caplog.set_level(logging.DEBUG)
    paste(sue, "Anna r8_secret_one\nr8_secret_one")
    paste(sue, "bad\x00 r8_secret_two")
    said = capfd.readouterr()
    assert "r8_secret" not in caplog.text + said.out + said.err
