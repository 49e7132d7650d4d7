"""Methods, ids and parameters of addresses. Cases 28 to 31."""

import base64

import pytest

from accounts.ids import uuid7
from tests.api.cases import LIST, Case, Scene, assert_refused, each

WITH_GET = (LIST, "/api/models/list", "/api/health", "/api/health/live", "/api/health/ready", "/api/schema")
WITH_POST = ("/api/generations/create",)
NOWHERE = ("/api/", "/api/generations", "/api/generations/", "/api/generations/list/", "/api/nowhere", "/api/webhook/x")
CURSORS = {
    "word": "abc",
    "negative": "-1",
    "beyond-everything": "9e18",
    "garbage": "////",
    "cyrillic": "\u0430",
    "nul": "AAAA",
    "half": "MjAyNg",
    "no-zone": "MjAyNi0wMS0wMVQwMDowMDowMHwwMTg5MDAwMDAwMDA3MDAwODAwMDAwMDAwMDAwMDAwMA",
    "megabyte": "A" * 100_000,
}


def not_allowed(method: str, path: str) -> Case:
    name = f"{method}-on-{path.removeprefix('/api/').replace('/', '-')}"
    return Case(number=28, name=name, status=405, code="method_not_allowed", method=method, path=path)


def query(number: int, text: str, *fields: str) -> Case:
    return Case(
        number=number, name=f"list-{text[:30]}", status=400, code="bad_query",
        method="GET", path=f"{LIST}?{text}", fields=frozenset(fields),
    )  # fmt: skip


def arrange_ids(scene: Scene) -> None:
    """Alice has one, and so has Bob."""
    scene.names["mine"] = str(scene.ask(scene.alice, "mine").pk)
    scene.names["theirs"] = str(scene.ask(scene.make_person("bob"), "theirs").pk)
    scene.names["upper"] = scene.names["mine"].upper()
    scene.names["hex"] = scene.names["mine"].replace("-", "")
    scene.names["unknown"] = str(uuid7())


IDS = {
    "a-word": "abc",
    "a-number": "1",
    "nobodys": "{unknown}",
    "of-bob": "{theirs}",
    "upper-case": "{upper}",
    "without-hyphens": "{hex}",
    "in-braces": "%7B{mine}%7D",
    "as-urn": "urn:uuid:{mine}",
    "with-a-line-end": "{mine}%0A",
    "with-a-nul": "{mine}%00",
    "with-a-space": "%20{mine}",
    "with-a-slash": "{mine}/",
    "all-zero": "00000000-0000-0000-0000-000000000000",
    "too-long": "a" * 5000,
    "not-utf-8": "%ff%fe",
    "upwards": "..%2f..%2fadmin",
}


def no_such_id(name: str, given: str, method: str, suffix: str) -> Case:
    where = suffix.removeprefix("/") or "detail"
    return Case(
        number=29, name=f"{name}-{where}", status=404, code="not_found", method=method,
        path=f"/api/generations/{given}{suffix}", arrange=arrange_ids,
    )  # fmt: skip


CASES = [
    *(not_allowed(method, path) for path in WITH_GET for method in ("TRACE", "PUT", "POST", "PATCH", "DELETE")),
    *(not_allowed(method, path) for path in WITH_POST for method in ("TRACE", "GET", "PUT", "DELETE")),
    not_allowed("DELETE", "/api/cron/cleanup"),
    *(no_such_id(name, given, "GET", "") for name, given in IDS.items()),
    *(
        no_such_id(name, given, "POST", suffix)
        for name, given in IDS.items()
        for suffix in ("/cancel", "/retry", "/viewed")
    ),
    *(
        Case(number=29, name=f"nowhere-{method}-{path}", status=404, code="not_found", method=method, path=path)
        for path in NOWHERE
        for method in ("GET", "POST", "DELETE")
    ),
    Case(
        number=103,
        name="foreign-host",
        status=400,
        code="bad_request",
        method="GET",
        path=LIST,
        headers={"Host": "evil.example"},
    ),
    query(30, "page=-1", "page"),
    query(30, "page=1000000000000000000", "page"),
    query(30, "offset=10", "offset"),
    query(30, "limit=0", "limit"),
    query(30, "limit=-1", "limit"),
    query(30, "limit=", "limit"),
    query(30, "limit=1.5", "limit"),
    query(30, "limit=1e2", "limit"),
    query(30, "limit=%D9%A1", "limit"),
    query(30, "limit=1000000000000000000", "limit"),
    query(30, "limit=" + "9" * 5000, "limit"),
    query(30, "limit=1&limit=2", "limit"),
    query(30, "status=completed&status=failed", "status"),
    query(30, "status=COMPLETED", "status"),
    query(30, "status=queued", "status"),
    query(30, "task=%00", "task"),
    query(30, "limit=0&status=x&page=2", "limit", "status", "page"),
    query(31, "since=abc", "since"),
    query(31, "since=-1", "since"),
    query(31, "since=9e18", "since"),
    *(
        Case(
            number=31,
            name=f"cursor-{name}",
            status=400,
            code="bad_cursor",
            method="GET",
            path=f"{LIST}?cursor={cursor}",
        )
        for name, cursor in CURSORS.items()
    ),
]


@each(CASES)
def test_a_bad_address_is_refused_with_a_sentence_and_changes_nothing(case: Case, scene: Scene) -> None:
    assert_refused(scene, case)


@pytest.mark.parametrize("path", WITH_GET[:2])
def test_case_28_a_refused_method_names_the_allowed_ones(path: str, scene: Scene) -> None:
    assert "GET" in scene.client.generic("PUT", path).headers["Allow"]


@pytest.mark.parametrize(
    ("moment", "rows"), [("0001-01-01T00:00:00+14:00", 0), ("9999-12-31T23:59:59.999999-14:00", 1)]
)
def test_case_31_a_cursor_at_the_end_of_time_is_a_page(moment: str, rows: int, scene: Scene) -> None:
    scene.ask(scene.alice, "one")
    cursor = base64.urlsafe_b64encode(f"{moment}|{uuid7().hex}".encode()).decode().rstrip("=")
    answer = scene.client.get(LIST, {"cursor": cursor})
    assert (answer.status_code, len(answer.json())) == (200, rows)


@pytest.mark.parametrize(
    "text", ["lang=%00", "lang=xx", "lang=../../etc", "version=a%0D%0Ab", "version=9", "format=xml"]
)
def test_case_30_the_schema_takes_no_parameter(text: str, scene: Scene) -> None:
    """format is the framework's own; an unknown one is an unknown address."""
    answer = scene.client.get(f"/api/schema?{text}")
    if text.startswith("format"):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    else:
        assert answer.status_code == 200
        assert answer.json() == scene.client.get("/api/schema").json()
