"""What every model's settings are called is written once, in both languages; a file says only what differs."""

from pathlib import Path

import pytest
from django.utils.translation import override

from providers.catalogue import CatalogueError, Localised, Model, offer, vocabulary
from providers.catalogue.loader import read_file, read_folders
from providers.catalogue.tasks import SLOTS
from tests.providers.test_catalogue_inputs import UPSCALER

TERMS = {**vocabulary.read().parameters, **vocabulary.read().inputs}
BARE = UPSCALER.replace('label = { en = "Picture", ru = "Картинка" }\nhelp = { en = "What to enlarge.", ru = "Что увеличить." }\n', "")  # fmt: skip  # noqa: E501
SETTINGS = """
[[parameters]]
name = "duration"
kind = "choice"
choices = ["5", "10", "auto"]
default = "5"
choice_labels."10" = { en = "Ten seconds", ru = "Десять секунд" }
"""


def model(folder: Path, text: str) -> Model:
    file = folder / "replicate" / "larger.toml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return read_file(file)


@pytest.mark.parametrize("name", TERMS)
def test_every_term_is_said_in_both_languages(name: str) -> None:
    term = TERMS[name]
    for text in (term.label, term.help, *term.choices.values(), *filter(None, [term.choice])):
        with override("en"):
            assert str(text).isascii()
        with override("ru"):
            assert str(text)


def test_there_are_words_for_every_input() -> None:
    assert set(vocabulary.read().inputs) == set(SLOTS)


def test_a_file_without_words_has_those_of_the_vocabulary(tmp_path: Path) -> None:
    larger = model(tmp_path, BARE + SETTINGS)
    setting, slot = larger.parameters[0], larger.slots[0]
    with override("ru"):
        assert (setting.label, setting.help) == ("Длительность", "Сколько длится видео.")
        assert setting.options == (("5", "5 с"), ("10", "Десять секунд"), ("auto", "Сама решит"))
        assert (slot.label, slot.help) == ("Картинка", "Картинка, с которой нужно работать.")


def test_a_files_own_words_count(tmp_path: Path) -> None:
    larger = model(tmp_path, UPSCALER + SETTINGS + 'label = { en = "Seconds", ru = "Секунды" }\n')
    assert (larger.parameters[0].label, larger.parameters[0].help) == ("Seconds", "How long the video is.")
    assert larger.slots[0].help == "What to enlarge."


def test_a_setting_nobody_has_words_for_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="label must have a text"):
        model(tmp_path, BARE + SETTINGS.replace('"duration"', '"stretch"'))


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ("[parameters.a]\nhelp = { en = 'x', ru = 'y' }\n[inputs]", 1, "parameters.a: label must have a text"),
        ("[parameters]\n[inputs]\n[outputs]", 3, "unknown key 'outputs'"),
        ("[parameters]\n[inputs.a]\nlabel = 1\nhelp = 2", 3, "must be a table of texts"),
        ("[parameters]\n[inputs]\nlabel = =", 3, "Invalid value"),
    ],
)
def test_a_mistake_in_the_vocabulary_is_not_blamed_on_a_model(
    text: str, line: int, sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "words.toml"
    file.write_text(text, encoding="utf-8")
    monkeypatch.setattr(vocabulary, "FILE", file)
    vocabulary.read.cache_clear()
    with pytest.raises(CatalogueError, match=sentence) as error:
        read_folders(offer.FOLDER)
    assert str(error.value).startswith(f"{tmp_path.name}/words.toml")
    assert f"line {line}," in str(error.value)
    vocabulary.read.cache_clear()


def test_a_value_is_put_into_its_words() -> None:
    assert Localised({"en": "{} s", "ru": "{} с"}).fill("5") == Localised({"en": "5 s", "ru": "5 с"})
