"""A model's file is drafted from what its provider publishes, and refused until a person has filled it in."""

import json
import tomllib
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from providers.catalogue import CatalogueError, draft, published
from providers.catalogue.loader import read_file
from providers.catalogue.tables import UNKNOWN, unfinished
from providers.sandbox.schemas.loader import FOLDER as SCHEMAS
from tests.providers.conftest import MakeServer
from tests.providers.server import answers
from tests.sandbox.running import DEV, RunningSandbox

FAL = {
    "models": [
        {
            "endpoint_id": "fal-ai/dream/image-to-video",
            "metadata": {"display_name": "Dream"},
            "openapi": {
                "openapi": "3.0.4",
                "components": {
                    "schemas": {
                        "DreamInput": {
                            "type": "object",
                            "required": ["prompt", "start_image_url"],
                            "properties": {
                                "prompt": {"type": "string"},
                                "start_image_url": {"type": "string"},
                                "end_image_url": {"anyOf": [{"type": "string"}, {"type": "null"}]},
                                "duration": {"type": "string", "enum": ["5", "10"], "default": "5"},
                                "fps": {"type": "integer", "enum": [24, 50], "default": 24},
                                "cfg_scale": {"type": "number", "minimum": 0, "maximum": 1, "default": 0.5},
                                "generate_audio": {"type": "boolean", "default": True},
                                "shakiness": {"type": "integer", "default": 3},
                                "size": {"anyOf": [{"$ref": "#/components/schemas/Size"}, {"enum": ["s", "l"]}]},
                                "elements": {"type": "array", "items": {"type": "object"}},
                                "sync_mode": {"type": "boolean"},
                            },
                        },
                        "Size": {"type": "object", "properties": {"width": {"type": "integer"}}},
                        "DreamOutput": {"type": "object", "properties": {"video": {"type": "object"}}},
                    }
                },
                "paths": {
                    "/fal-ai/dream/image-to-video/requests/{id}": {"get": {}},
                    "/fal-ai/dream/image-to-video": {
                        "post": {
                            "requestBody": {
                                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/DreamInput"}}}
                            }
                        }
                    },
                },
            },
        }
    ]
}
# What a person would put in the place of each "?".
WORDS = f'{{ en = "{UNKNOWN}", ru = "{UNKNOWN}" }}'
FILLED = {
    WORDS: '{ en = "Words", ru = "Слова" }',
    f'tasks = ["{UNKNOWN}"]': 'tasks = ["image-to-video", "first-last-frame"]',
    f'unit = "{UNKNOWN}"': 'unit = "second"\nseconds = "duration"',
    f'checked_on = "{UNKNOWN}"': "checked_on = 2026-11-25",
    f'source = "{UNKNOWN}"': 'source = "a test"',
    f'"{UNKNOWN}"': "7",
}


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSandbox]:
    running = RunningSandbox(tmp_path_factory.mktemp("sandbox"), speed=0)
    try:
        running.start()
        yield running
    finally:
        running.end()


@pytest.fixture
def fal(serve: MakeServer, settings: Any) -> Any:
    server = serve(answers(200, FAL))
    own = {"token": "key", "base_url": "https://queue.fal.run", "webhook_secret": "", "sandbox_path": "/fal/queue"}
    settings.PROVIDERS = settings.PROVIDERS | {"fal": own | {"options": {"api_url": server.origin}}}
    return server


def ask(*arguments: str) -> str:
    said = StringIO()
    call_command("import_model", *arguments, stdout=said)
    return said.getvalue()


def test_a_model_of_replicate_is_drafted_from_what_it_publishes(sandbox: RunningSandbox, settings: Any) -> None:
    settings.EMBEDDED, settings.SANDBOX_URL = True, sandbox.origin
    settings.PROVIDERS["replicate"]["token"] = ""
    drafted = tomllib.loads(ask("replicate", DEV))
    parameters = {one["name"]: one for one in drafted["parameters"]}
    assert (drafted["id"], drafted["output_kind"], drafted["routes"][0]["endpoint"]) == ("flux-dev", "image", DEV)
    assert parameters["num_outputs"] == {
        "name": "num_outputs",
        "kind": "integer",
        "minimum": 1,
        "maximum": 4,
        "default": 1,
    }
    assert parameters["aspect_ratio"]["choices"][:2] == ["1:1", "16:9"]
    assert drafted["routes"][0]["fields"] == {"strength": "prompt_strength"}
    assert [one["name"] for one in drafted["inputs"]] == ["image"]
    assert "disable_safety_checker" not in parameters


def test_a_model_of_fal_is_asked_for_by_its_address(fal: Any) -> None:
    text = ask("fal", "fal-ai/dream/image-to-video")
    call = fal.calls[0]
    assert call.target == "/models?endpoint_id=fal-ai%2Fdream%2Fimage-to-video&expand=openapi-3.0"
    assert call.headers["authorization"] == "Key key"
    drafted = tomllib.loads(text)
    parameters = {one["name"]: one for one in drafted["parameters"]}
    assert drafted["name"] == "Dream"
    assert {one["name"]: one.get("required", False) for one in drafted["inputs"]} == {
        "first_frame": True,
        "last_frame": False,
    }
    assert drafted["routes"][0]["fields"] == {
        "first_frame": "start_image_url",
        "last_frame": "end_image_url",
        "guidance": "cfg_scale",
        "sound": "generate_audio",
    }
    assert drafted["routes"][0]["numbers"] == ["fps"]
    assert parameters["fps"]["choices"] == ["24", "50"]
    assert parameters["size"]["choices"] == ["s", "l"]
    assert "label" not in parameters["guidance"]
    assert parameters["shakiness"]["minimum"] == parameters["shakiness"]["label"]["ru"] == UNKNOWN
    assert "elements" not in parameters
    assert "Not understood, and left out: elements" in text


def test_a_draft_is_refused_until_it_is_filled_in(fal: Any, tmp_path: Path) -> None:
    assert "fill in each '?'" in ask("fal", "fal-ai/dream/image-to-video", "--write", str(tmp_path))
    file = tmp_path / "fal" / "dream-image-to-video.toml"
    with pytest.raises(CatalogueError, match=r"not filled in yet: tasks\[0\], order, typical_seconds"):
        read_file(file)
    text = file.read_text(encoding="utf-8")
    for unknown, known in FILLED.items():
        text = text.replace(unknown, known)
    file.write_text(text.replace("minimum = 7", "minimum = 0"), encoding="utf-8")
    model = read_file(file)
    assert model.tasks == ("image-to-video", "first-last-frame")
    assert model.quote_millicredits(model.clean({})) == 35


def test_a_file_that_is_there_is_left_alone(fal: Any, tmp_path: Path) -> None:
    ask("fal", "fal-ai/dream/image-to-video", "--write", str(tmp_path))
    file = tmp_path / "fal" / "dream-image-to-video.toml"
    file.write_text("mine", encoding="utf-8")
    with pytest.raises(CommandError, match="Nothing was written"):
        ask("fal", "fal-ai/dream/image-to-video", "--write", str(tmp_path))
    assert file.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("path", sorted(SCHEMAS.glob("*/*.json")), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_whatever_is_published_becomes_a_draft(path: Path, tmp_path: Path) -> None:
    content = json.loads(path.read_text(encoding="utf-8"))
    document = tmp_path / "schema.json"
    document.write_text(json.dumps(content["input"]), encoding="utf-8")
    drafted = tomllib.loads(ask(path.parent.name, content["endpoint"], "--schema", str(document)))
    assert {"price.source", "summary.en", "summary.ru", "order"} <= set(unfinished(drafted, ""))
    assert drafted["routes"][0]["endpoint"] == content["endpoint"]


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ([], "not a JSON object"),
        ({"latest_version": {"id": "x"}}, "no OpenAPI schema"),
        ({"models": [{"endpoint_id": "x"}]}, "no OpenAPI schema"),
        ({"openapi": "3.1", "paths": {"/x": {"get": {}}}}, "no call that takes JSON"),
        ({"type": "object"}, "names no properties"),
        ({"components": {"schemas": {"Input": {"$ref": "#/components/schemas/Input"}}}}, "names no properties"),
    ],
)
def test_a_document_without_inputs_is_a_sentence(document: Any, sentence: str) -> None:
    with pytest.raises(published.NotASchema, match=sentence):
        published.read(document)


def test_what_goes_wrong_is_a_sentence(fal: Any, tmp_path: Path) -> None:
    fal.behaviours[:] = [answers(404, {"detail": "no such model"})]
    with pytest.raises(CommandError, match="fal answered 404 for fal-ai/nothing"):
        ask("fal", "fal-ai/nothing")
    fal.behaviours[:] = [answers(503, {})]
    with pytest.raises(CommandError, match=r"could not be asked: .*Nothing was written"):
        ask("fal", "fal-ai/nothing")
    with pytest.raises(CommandError, match="publishes no schemas"):
        ask("google", "gemini-omni-1.2-flash")
    with pytest.raises(CommandError, match="cannot be read as JSON"):
        ask("fal", "fal-ai/x", "--schema", str(tmp_path / "nowhere.json"))


@pytest.mark.parametrize(
    ("endpoint", "name"),
    [("fal-ai/flux/dev", "flux-dev"), ("a/FLUX 2.1_x", "flux-2.1-x"), ("alone", "alone"), ("///", "model")],
)
def test_an_id_is_made_of_the_endpoint(endpoint: str, name: str) -> None:
    assert draft.identifier(endpoint) == name
