"""Bodies that are no request: not JSON, no object, too deep or large, of another type. Cases 1 to 9, 12, 13 and 26."""

import json

import pytest
from django.conf import settings as django_settings

from accounts import credits
from generations.models import Generation
from tests.api.cases import CREATE, Case, Scene, asks, assert_refused, each

DEPTH = 10_000
BOTH = frozenset({"model", "prompt"})


def unreadable(number: int, name: str, body: bytes) -> Case:
    return Case(number=number, name=name, status=400, code="invalid_json", body=body)


def invalid(number: int, name: str, body: bytes, *fields: str) -> Case:
    return Case(number=number, name=name, status=400, code="invalid_request", body=body, fields=frozenset(fields))


def of_type(name: str, content_type: str, body: bytes = b"") -> Case:
    return Case(
        number=26, name=name, status=415, code="unsupported_media_type", body=body or asks(), content_type=content_type
    )


CASES = [
    invalid(1, "empty-body", b"", *BOTH),
    invalid(1, "empty-object", b"{}", *BOTH),
    unreadable(1, "blank-body", b" \n"),
    *(
        invalid(2, f"body-is-{name}", body, "body")
        for name, body in {"null": b"null", "list": b"[]", "text": b'"x"', "number": b"1", "true": b"true"}.items()
    ),
    invalid(2, "list-of-requests", b"[" + asks() + b"]", "body"),
    unreadable(3, "not-utf-8", asks().replace(b"lighthouse", b"\xff\xfe")),
    unreadable(3, "latin-1", asks().replace(b"lighthouse", b"caf\xe9")),
    unreadable(3, "overlong-slash", asks().replace(b"lighthouse", b"\xc0\xaf")),
    unreadable(3, "surrogate-as-utf-8", asks().replace(b"lighthouse", b"\xed\xa0\x80")),
    unreadable(3, "utf-16", asks().decode().encode("utf-16")),
    unreadable(4, "byte-order-mark", b"\xef\xbb\xbf" + asks()),
    unreadable(5, "deep-lists", b"[" * DEPTH + b"]" * DEPTH),
    unreadable(5, "deep-lists-never-closed", b"[" * DEPTH),
    unreadable(5, "deep-objects", b'{"a":' * DEPTH + b"1" + b"}" * DEPTH),
    unreadable(5, "deep-in-params", asks(params={"seed": 1}).replace(b"1", b"[" * DEPTH + b"]" * DEPTH)),
    unreadable(5, "deep-after-a-quoted-quote", b'{"prompt": "\\\\\\"", "a": ' + b"[" * DEPTH),
    Case(number=6, name="10-mib", status=413, code="too_large", body=b" " * (10 * 1_048_576)),
    Case(number=6, name="10-mib-of-prompt", status=413, code="too_large", body=asks(prompt="x" * (10 * 1_048_576))),
    Case(number=6, name="one-byte-too-many", status=413, code="too_large", body=asks().ljust(1_048_577)),
    unreadable(7, "duplicate-keys", asks()[:-1] + b', "model": "flux-dev"}'),
    unreadable(7, "duplicate-keys-written-differently", asks()[:-1] + b', "mod\\u0065l": "flux-dev"}'),
    unreadable(7, "duplicate-keys-in-params", asks()[:-1] + b', "params": {"seed": 1, "seed": 2}}'),
    *(
        unreadable(8, f"number-{name}", asks(params={"seed": 7}).replace(b"7", name.encode()))
        for name in ("NaN", "Infinity", "-Infinity", "1e999", "-1e999")
    ),
    unreadable(9, "integer-of-401-digits", asks(params={"seed": 7}).replace(b"7", b"1" + b"0" * 400)),
    unreadable(9, "integer-of-5000-digits", asks(params={"seed": 7}).replace(b"7", b"9" * 5000)),
    unreadable(9, "negative-integer-of-401-digits", asks(params={"seed": 7}).replace(b"7", b"-1" + b"0" * 400)),
    unreadable(9, "as-the-model", asks().replace(b'"flux-schnell"', b"1" + b"0" * 400)),
    unreadable(12, "nul-in-prompt", asks(prompt="light\x00house")),
    unreadable(12, "nul-in-model", asks(model="flux-schnell\x00")),
    unreadable(12, "nul-in-a-settings-name", asks(params={"se\x00ed": 1})),
    unreadable(12, "raw-nul", asks().replace(b"lighthouse", b"\x00")),
    unreadable(13, "high-surrogate-alone", asks(prompt="a \ud800 lighthouse")),
    unreadable(13, "low-surrogate-alone", asks(prompt="a lighthouse \udfff")),
    unreadable(13, "surrogates-the-wrong-way-round", asks(prompt="\udc00\ud83d")),
    unreadable(13, "surrogate-in-a-value", asks(params={"output_format": "\ud800"})),
    of_type("json-as-text", "text/plain"),
    of_type("json-as-nothing-known", "application/octet-stream"),
    of_type("json-lines", "application/x-ndjson"),
    of_type("form", "application/x-www-form-urlencoded", b"model=flux-schnell&prompt=a+lighthouse"),
    of_type(
        "multipart",
        "multipart/form-data; boundary=b",
        b'--b\r\nContent-Disposition: form-data; name="prompt"\r\n\r\nx\r\n--b--\r\n',
    ),
    of_type("multipart-without-boundary", "multipart/form-data", b"--b--"),
    of_type("garbage-type", "///;;=\xff"),
    of_type("looks-like-json", "application/jsonp"),
]


@each(CASES)
def test_a_bad_body_is_refused_with_a_sentence_and_leaves_nothing(case: Case, scene: Scene) -> None:
    assert_refused(scene, case)
    assert Generation.objects.for_user(scene.alice).count() == 0
    assert credits.balance_of(scene.alice.pk) == credits.Balance(available=100_000)


@pytest.mark.parametrize(
    ("name", "body"),
    {
        "case-05-brackets-in-a-text-have-no-depth": asks(prompt="[" * 500 + '\\" {' * 100),
        "case-05-twenty-levels-are-read": asks()[:-1] + b', "params": ' + b'{"a":' * 19 + b"1" + b"}" * 19 + b"}",
        "case-06-exactly-the-limit": asks().ljust(1_048_576),
        "case-13-a-whole-pair-is-a-character": asks(prompt="a lighthouse \U0001f5fc"),
        "case-26-json-with-a-charset": asks(),
    }.items(),
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_only_looks_bad_is_read(name: str, body: bytes, scene: Scene) -> None:
    content_type = "application/json; charset=utf-8" if "charset" in name else "application/json"
    answer = scene.client.generic("POST", CREATE, body, content_type=content_type)
    if "levels" in name:
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_params")
    else:
        assert answer.status_code == 201, answer.content
        assert answer.json()["prompt"] == json.loads(body)["prompt"]


def test_case_06_nothing_of_a_large_body_is_read(scene: Scene) -> None:
    """The length alone decides, so that ten megabytes cost no memory."""
    unread = scene.client.generic(
        "POST", CREATE, asks(), content_type="application/json", CONTENT_LENGTH=str(10 * 1_048_576)
    )
    assert (unread.status_code, unread.json()["code"]) == (413, "too_large")
    assert django_settings.DATA_UPLOAD_MAX_MEMORY_SIZE == 1_048_576


def test_case_26_a_body_without_a_type_is_not_guessed(scene: Scene) -> None:
    assert_refused(scene, of_type("no-type", ""))
