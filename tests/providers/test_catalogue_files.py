"""A catalogue file with a mistake in it is a sentence that names the file."""

import re
from pathlib import Path

import pytest

from providers.catalogue import CatalogueError
from providers.catalogue.loader import read_file, read_folders

GOOD = """
id = "dream"
name = "Dream"
tasks = ["text-to-image"]
output_kind = "image"
order = 1
prompt_max_length = 100
deadline_seconds = 60
typical_seconds = 2.5
rate_per_minute = 10
frames = "flux"

[summary]
en = "Dreams."
ru = "Сны."

[price]
unit = "image"
millicredits = 10
times = "count"
source = "made up"
checked_on = 2026-11-22

[[routes]]
provider = "replicate"
endpoint = "somebody/dream"
fields = { count = "n" }

[[parameters]]
name = "count"
kind = "integer"
minimum = 1
maximum = 4
default = 1
label = { en = "Count", ru = "Число" }
help = { en = "How many.", ru = "Сколько." }

[[parameters]]
name = "style"
kind = "choice"
choices = ["plain", "wild"]
default = "plain"
only_when = { mood = "odd" }
label = { en = "Style", ru = "Стиль" }
help = { en = "Which.", ru = "Какой." }

[[parameters]]
name = "mood"
kind = "string"
maximum = 10
default = "odd"
label = { en = "Mood", ru = "Настроение" }
help = { en = "What.", ru = "Какое." }
"""
# What is changed in the good file → what the sentence must speak of.
MISTAKES = {
    "order = 1\n": ("colour = 1\norder = 1\n", "unknown key 'colour'"),
    'unit = "image"': ('unit = "image"\ncurrency = "USD"', "unknown key 'currency'"),
    'endpoint = "somebody/dream"': ('endpoint = "somebody/dream"\nregion = "eu"', "unknown key 'region'"),
    'name = "count"\nkind': ('name = "count"\nunit = "x"\nkind', "unknown key 'unit'"),
    'name = "Dream"\n': ("", "lacks 'name'"),
    'id = "dream"': ('id = "dreams"', "not the file's name"),
    "order = 1\nprompt": ('order = "1"\nprompt', "order must be of type int"),
    "order = 1\nprompt_": ("order = true\nprompt_", "order must be of type int"),
    'output_kind = "image"': ('output_kind = "smell"', "output_kind must be one of image"),
    'frames = "flux"': ('frames = "square"', "frames must be one of flux"),
    'tasks = ["text-to-image"]': ("tasks = []", "no task"),
    "deadline_seconds = 60": ("deadline_seconds = 0", "above zero"),
    "millicredits = 10": ("millicredits = -10", "price is below zero"),
    "millicredits = 10\n": ("millicredits = 0.3\n", "millicredits must be of type int"),
    "checked_on = 2026-11-22": ('checked_on = "today"', "checked_on must be of type date"),
    "millicredits = 10\ntimes": ("millicredits = 10\nmost_seconds = 5\ntimes", "the seconds of an input"),
    'times = "count"': ('times = "copies"', "'copies', which it does not have"),
    'fields = { count = "n" }': ('fields = { copies = "n" }', "'copies', which it does not have"),
    'only_when = { mood = "odd" }': ('only_when = { hour = "odd" }', "'hour', which it does not have"),
    '{ mood = "odd" }': ('{ mood = "odd", count = "1" }', "one other parameter"),
    'ru = "Сны."\n': ("", "summary must have a text in each of en, ru"),
    'ru = "Сны."': ('ru = ""', "summary must have a text in each of en, ru"),
    'label = { en = "Mood", ru = "Настроение" }': ('label = "Mood"', "label must be a table of texts"),
    'kind = "string"': ('kind = "text"', "kind must be one of"),
    'kind = "string"\nmaximum = 10': ('kind = "string"', "mood needs a maximum"),
    "minimum = 1\n": ("", "count needs a minimum and a maximum"),
    "default = 1\n": ("default = 9\n", "does not accept itself"),
    'default = "plain"': ('default = "tame"', "does not accept itself"),
    'choices = ["plain", "wild"]': ('choices = ["plain", "plain"]', "same text twice"),
    'choices = ["plain", "wild"]\n': ("", "has choices that do not go"),
    'name = "mood"': ('name = "count"', "same parameter twice"),
    'name = "mood"\n': ('name = "prompt"\n', "called prompt"),
    'default = "odd"': ('default = "even"', "does not accept its own defaults: style"),
    '[[routes]]\nprovider = "replicate"\nendpoint = "somebody/dream"\nfields = { count = "n" }': (
        "routes = []",
        "routes",
    ),
    "[price]": ("[price", ""),
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "replicate" / "dream.toml"
    path.parent.mkdir()
    path.write_text(GOOD, encoding="utf-8")
    return path


def test_the_good_file_is_read(file: Path) -> None:
    model = read_file(file)
    assert model.id == "dream"
    assert model.is_enabled
    assert model.typical_seconds == 2.5
    assert model.quote_millicredits(model.clean({"count": 3})) == 30
    assert [one.name for one in model.parameters] == ["count", "style", "mood"]


@pytest.mark.parametrize("text", MISTAKES, ids=range(len(MISTAKES)))
def test_every_mistake_is_a_sentence_with_the_files_name(text: str, file: Path) -> None:
    changed, sentence = MISTAKES[text]
    assert GOOD.count(text) >= 1
    file.write_text(GOOD.replace(text, changed, 1), encoding="utf-8")
    with pytest.raises(CatalogueError) as caught:
        read_file(file)
    assert sentence in str(caught.value)
    assert re.search(r"\bline \d+", str(caught.value))


@pytest.mark.parametrize(
    ("text", "changed", "line"),
    [
        ("order = 1\n", "colour = 1\norder = 1\n", "colour = 1"),
        ("order = 1\n", "order 1\n", "order 1"),
        ('id = "dream"', 'id = "dreams"', 'id = "dreams"'),
        ('ru = "Сны."\n', "", "[summary]"),
        ("millicredits = 10", "millicredits = 0.3", "millicredits = 0.3"),
        ('endpoint = "somebody/dream"\n', "", "[[routes]]"),
        ('fields = { count = "n" }', 'fields = { copies = "n" }', 'fields = { copies = "n" }'),
        ('kind = "string"', 'kind = "text"', 'kind = "text"'),
        ('name = "mood"', 'name = "count"', 'name = "count"'),
        ('{ mood = "odd" }', '{ mood = "odd", count = "1" }', 'only_when = { mood = "odd", count = "1" }'),
        ('label = { en = "Mood", ru = "Настроение" }', 'label = { en = "Mood" }', 'label = { en = "Mood" }'),
        ('tasks = ["text-to-image"]', 'tasks = ["?"]', 'tasks = ["?"]'),
        ("deadline_seconds = 60", "deadline_seconds = 0", "deadline_seconds = 0"),
    ],
)
def test_a_mistake_is_told_with_its_line(text: str, changed: str, line: str, file: Path) -> None:
    """The line where it stands; where something is missing, that of its table."""
    content = GOOD.replace(text, changed, 1)
    file.write_text(content, encoding="utf-8")
    with pytest.raises(CatalogueError) as caught:
        read_file(file)
    told = re.search(r"\bline (\d+)", str(caught.value))
    assert told is not None
    # Of two lines that read alike, the second is the mistake.
    numbers = [number for number, one in enumerate(content.splitlines(), 1) if one == line]
    assert int(told[1]) == numbers[-1]


def test_a_file_that_is_no_text_is_a_sentence(file: Path) -> None:
    file.write_bytes(b'name = "\xff"')
    with pytest.raises(CatalogueError, match=r"dream\.toml"):
        read_file(file)


def test_two_files_cannot_describe_one_model(file: Path) -> None:
    other = file.parents[1] / "fal" / "dream.toml"
    other.parent.mkdir()
    other.write_text(GOOD, encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"'dream': fal/dream.toml and replicate/dream.toml"):
        read_folders(file.parents[1])


def test_models_stand_by_order_and_then_by_id(file: Path) -> None:
    for name, order in (("a", 2), ("b", 1), ("c", 1)):
        text = GOOD.replace('id = "dream"', f'id = "{name}"').replace("order = 1", f"order = {order}")
        file.with_name(f"{name}.toml").write_text(text, encoding="utf-8")
    assert [model.id for model in read_folders(file.parents[1])] == ["b", "c", "dream", "a"]


def test_a_switched_off_model_says_so(file: Path) -> None:
    file.write_text(GOOD.replace("order = 1", "order = 1\nenabled = false"), encoding="utf-8")
    assert not read_file(file).is_enabled
