"""Readable requests for what cannot be: types, ranges, names, prompts, models. Cases 10, 11, 14 to 20 and 35."""

import pytest

from accounts import credits
from generations.models import Generation
from tests.api.cases import CREATE, Case, Scene, asks, assert_refused, each, with_params

PRO = "flux-1.1-pro"


def params(number: int, name: str, body: bytes, *fields: str) -> Case:
    return Case(number=number, name=name, status=400, code="invalid_params", body=body, fields=frozenset(fields))


def fields(number: int, name: str, body: bytes, *names: str) -> Case:
    return Case(number=number, name=name, status=400, code="invalid_request", body=body, fields=frozenset(names))


def prompt(number: int, name: str, text: str, reason: str) -> Case:
    return Case(number=number, name=name, status=400, code=reason, body=asks(prompt=text), fields=frozenset({"prompt"}))


def model(name: str, model_id: str) -> Case:
    return Case(number=19, name=name, status=404, code="unknown_model", body=asks(model=model_id))


CASES = [
    params(10, "true-where-a-number-is", with_params(num_outputs=True), "num_outputs"),
    params(10, "false-as-seed", with_params(seed=False), "seed"),
    params(10, "one-where-true-is", with_params(go_fast=1), "go_fast"),
    fields(10, "true-as-prompt", asks(prompt=True), "prompt"),
    params(11, "text-where-a-number-is", with_params(num_outputs="5"), "num_outputs"),
    params(11, "text-where-true-is", with_params(go_fast="true"), "go_fast"),
    params(11, "number-where-a-choice-is", with_params(megapixels=1), "megapixels"),
    params(11, "null-where-a-number-is", with_params(num_outputs=None), "num_outputs"),
    params(11, "list-where-a-number-is", with_params(num_outputs=[1]), "num_outputs"),
    params(11, "object-where-a-choice-is", with_params(aspect_ratio={}), "aspect_ratio"),
    fields(11, "number-as-prompt", asks(prompt=5), "prompt"),
    fields(11, "null-as-prompt", asks(prompt=None), "prompt"),
    fields(11, "list-as-model", asks(model=["flux-schnell"]), "model"),
    fields(11, "null-as-params", asks(params=None), "params"),
    fields(11, "list-as-params", asks(params=[["seed", 1]]), "params"),
    fields(11, "everything-wrong", asks(model=1, prompt=2, params=3, inputs=4), "model", "prompt", "params", "inputs"),
    prompt(14, "a-million-characters", "x" * 1_000_000, "prompt_too_long"),
    prompt(14, "one-character-too-many", "x" * 4001, "prompt_too_long"),
    prompt(15, "empty-prompt", "", "prompt_empty"),
    prompt(15, "only-whitespace", " \t\r\n\u00a0\u2003\u3000\u2028", "prompt_empty"),
    prompt(15, "only-zero-width", "\u200b\u200c\u200d\u2060\ufeff\u00ad", "prompt_empty"),
    prompt(15, "only-marks-that-show-nothing", "\ufe0f\u034f\u180b", "prompt_empty"),
    prompt(15, "only-direction-marks", "\u202e\u202d\u2066\u2069\u200f", "prompt_empty"),
    prompt(15, "only-control-characters", "\x01\x1b\x7f\x85", "prompt_empty"),
    *(
        fields(17, f"assigns-{name}", asks(**{name: value}), name)
        for name, value in {
            "cost": 0,
            "cost_millicredits": 0,
            "user_id": 1,
            "user": 1,
            "status": "completed",
            "stage": "completed",
            "id": "01890000-0000-7000-8000-000000000000",
            "slot": 1,
            "seed": 1,
            "provider": "fal",
            "Model": "flux-dev",
            "__proto__": {},
            "": 1,
            "_state": {},
        }.items()
    ),
    params(17, "assigns-cost-as-a-setting", with_params(cost=0, webhook="http://127.0.0.1/"), "cost", "webhook"),
    params(17, "assigns-the-prompt-as-a-setting", with_params(prompt="another"), "prompt"),
    *(params(18, f"images-{value}", with_params(num_outputs=value), "num_outputs") for value in (-1, 0, 1.5, 10**9)),
    *(
        params(18, f"width-{value}", with_params(PRO, aspect_ratio="custom", width=value, height=512), "width")
        for value in (0, -1, 1.5, 512.0, 10**9, 513)
    ),
    params(18, "width-without-height", with_params(PRO, aspect_ratio="custom", width=512), "height"),
    params(
        18,
        "width-beside-an-aspect-ratio",
        with_params(PRO, aspect_ratio="1:1", width=512, height=512),
        "width",
        "height",
    ),
    params(18, "aspect-ratio-of-the-other-model", with_params(aspect_ratio="custom"), "aspect_ratio"),
    model("of-another-provider", "fal-ai/flux/schnell"),
    model("by-the-providers-name", "black-forest-labs/flux-schnell"),
    model("a-path", "../admin"),
    model("a-file-of-the-catalogue", "../replicate/flux-schnell"),
    model("in-other-letters", "FLUX-SCHNELL"),
    model("with-a-space", "flux-schnell "),
    model("without-a-name", ""),
    model("of-a-million-letters", "x" * 1_000_000),
    *(params(20, f"seed-{value}", with_params(seed=value), "seed") for value in (-1, 2**31, 2**63, 2**64, 10**30)),
    params(20, "seed-as-a-fraction", with_params(seed=1.0), "seed"),
    *(
        fields(35, f"input-{name}", asks(inputs={"image": address}), "inputs.image")
        for name, address in {
            "metadata-service": "http://169.254.169.254/latest/meta-data/",
            "file": "file:///etc/passwd",
            "gopher": "gopher://127.0.0.1:6379/_FLUSHALL",
            "public-picture": "https://example.com/cat.png",
            "data": "data:image/png;base64,AAAA",
            "nothing": None,
        }.items()
    ),
    params(35, "input-no-one-has", asks(inputs={"image": "01a2073e-7a1a-7141-bc83-53673321c724"}), "inputs.image"),
    fields(35, "inputs-as-a-list", asks(inputs=["http://127.0.0.1/"]), "inputs"),
    fields(35, "inputs-as-an-address", asks(inputs="http://127.0.0.1/"), "inputs"),
    params(35, "address-as-a-setting", with_params(image="http://169.254.169.254/"), "image"),
]


@each(CASES)
def test_an_impossible_wish_is_refused_with_a_sentence_and_leaves_nothing(case: Case, scene: Scene) -> None:
    assert_refused(scene, case)
    assert Generation.objects.for_user(scene.alice).count() == 0
    assert credits.balance_of(scene.alice.pk) == credits.Balance(available=100_000)


def test_case_15_a_direction_mark_beside_words_is_kept(scene: Scene) -> None:
    answer = scene.client.send(CREATE, {"model": "flux-schnell", "prompt": "cat \u202egnp.exe \u200b"})
    assert answer.status_code == 201
    assert Generation.objects.get().prompt == "cat \u202egnp.exe \u200b"


def test_case_17_a_thousand_unknown_names_are_not_all_repeated(scene: Scene) -> None:
    answer = scene.client.generic(
        "POST", CREATE, asks(**{f"{number:0200}": 1 for number in range(1000)}), "application/json"
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")
    assert len(answer.content) < 3000


@pytest.mark.parametrize("name", ["caf\u00e9", "\u202e", "<script>", "x" * 300, "a\nb"])
def test_case_17_an_unknown_name_comes_back_short_and_plain(name: str, scene: Scene) -> None:
    for body in (asks(**{name: 1}), asks(params={name: 1})):
        answer = scene.client.generic("POST", CREATE, body, "application/json")
        (told,) = answer.json()["fields"]
        assert told.isascii() and told.isprintable() and len(told) <= 240


TEXTS = ["<script>alert(1)</script>", "{{7*7}}", "{% debug %}", "'; DROP TABLE users; --", "${jndi:ldap://x/a}"]


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: f"case-16-{text[:8]}")
def test_case_16_a_prompt_is_text_and_nothing_else(text: str, scene: Scene) -> None:
    answer = scene.client.send(CREATE, {"model": "flux-schnell", "prompt": text})
    assert answer.status_code == 201
    assert Generation.objects.get().prompt == text
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    shown = scene.client.get(f"/api/generations/{answer.json()['id']}")
    assert shown.json()["prompt"] == text


def test_case_16_a_page_shows_the_prompt_escaped(scene: Scene) -> None:
    scene.client.force_login(scene.alice)
    for text in TEXTS:
        generation = scene.ask(scene.alice, text)
        page = scene.client.get(f"/result/{generation.pk}/").content.decode()
        assert "<script>alert" not in page
        assert text in page.replace("&lt;", "<").replace("&gt;", ">").replace("&#x27;", "'")
    stream = scene.client.get("/").content.decode()
    assert "<script>alert" not in stream
    assert "{{7*7}}" in stream
