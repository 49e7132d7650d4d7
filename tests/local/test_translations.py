"""What bin/check says about translations, and what a start makes of them."""

import gettext
from pathlib import Path

from babel.messages.catalog import Catalog

from config.local import translations

PO = """\
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);\\n"

msgid "Create"
msgstr "Создать"

msgid "one picture"
msgid_plural "%(count)s pictures"
msgstr[0] "%(count)s картинка"
msgstr[1] "%(count)s картинки"
msgstr[2] "%(count)s картинок"
"""


def test_a_start_compiles_what_is_newer_without_gettext(tmp_path: Path) -> None:
    folder = tmp_path / "ru/LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(PO, encoding="utf-8")
    translations.compile_all(tmp_path)
    with (folder / "django.mo").open("rb") as file:
        found = gettext.GNUTranslations(file)
    assert found.gettext("Create") == "Создать"
    assert found.ngettext("one picture", "%(count)s pictures", 5) == "%(count)s картинок"


def test_every_gap_is_named() -> None:
    said, translated = Catalog(locale="ru"), Catalog(locale="ru")
    for words in ("Create", "Cancel", "Retry", "%(count)s left"):
        said.add(words, flags=["python-format"] if "%" in words else [])
    translated.add("Create", "Создать")
    translated.add("Cancel", "")
    translated.add("Retry", "Снова", flags=["fuzzy"])
    translated.add("%(count)s left", "%(number)s осталось", flags=["python-format"])
    translated.add("Gone", "Нет такого")
    found = list(translations.gaps(said, translated))
    assert [gap.split(":")[0] for gap in found[:3]] == ["no longer said anywhere", "not translated", "fuzzy"]
    assert "number" in found[3]
    assert next(translations.gaps(translated, translated)) == "not translated: 'Cancel'"
