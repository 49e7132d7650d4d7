"""The rules of who may enter, in one table of words; what a test finds is held against it."""

from django.http.response import HttpResponseBase

from tests.access.doors import Whom

OPENS, SIGN_IN, ABSENT, REFUSED = "opens", "sign in", "not there", "refused"
# In this order: signed out, alice, carol, ada (admin), sue (super admin), alice's key, carol's key.
WHO = ("nobody", "alice", "carol", "ada", "sue", "alice's key", "carol's key")
RULES: dict[tuple[Whom, str], tuple[str, ...]] = {
    ("everyone", "page"): (OPENS,) * 7,
    ("everyone", "api"): (OPENS,) * 7,
    ("each", "page"): (SIGN_IN, OPENS, OPENS, OPENS, OPENS, SIGN_IN, SIGN_IN),
    ("each", "api"): (SIGN_IN, OPENS, OPENS, OPENS, OPENS, OPENS, OPENS),
    # Admins look at other people's rows in Django admin and nowhere else.
    ("owner", "page"): (SIGN_IN, OPENS, ABSENT, ABSENT, ABSENT, SIGN_IN, SIGN_IN),
    ("owner", "api"): (SIGN_IN, OPENS, ABSENT, ABSENT, ABSENT, OPENS, ABSENT),
    ("link", "page"): (ABSENT, OPENS, ABSENT, ABSENT, ABSENT, OPENS, ABSENT),
    ("admins", "page"): (SIGN_IN, ABSENT, ABSENT, OPENS, OPENS, SIGN_IN, SIGN_IN),
    ("admins", "admin"): (SIGN_IN, SIGN_IN, SIGN_IN, OPENS, OPENS, SIGN_IN, SIGN_IN),
    ("super", "admin"): (SIGN_IN, SIGN_IN, SIGN_IN, REFUSED, OPENS, SIGN_IN, SIGN_IN),
    ("nobody", "admin"): (SIGN_IN, SIGN_IN, SIGN_IN, REFUSED, REFUSED, SIGN_IN, SIGN_IN),
    ("secret", "api"): (SIGN_IN,) * 7,
}


def word_for(answer: HttpResponseBase) -> str:
    """What came of knocking, in one word of the table."""
    status, there = answer.status_code, answer.headers.get("Location", "")
    if status == 401 or "/accounts/login/" in there or "/admin/login/" in there:
        return SIGN_IN
    if 200 <= status < 400:
        return OPENS
    return {404: ABSENT, 403: REFUSED}.get(status, f"answers {status}")


def table(found: dict[str, tuple[str, ...]]) -> str:
    lines = [
        "# Who gets through which door",
        "",
        "Made and checked by `tests/access`. Alice owns the row, carol is somebody else, ada is an admin, sue a super "
        "admin; a key is a program's. `not there` is a 404 that looks like any other.",
        "",
        "| door | " + " | ".join(WHO) + " |",
        "|---|" + "---|" * len(WHO),
    ]
    lines += [f"| `{door}` | " + " | ".join(words) + " |" for door, words in found.items()]
    return "\n".join(lines) + "\n"
