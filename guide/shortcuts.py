"""Every key the studio listens to, by where: one list for the dialog, the guide and the test that tries them."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Shortcut:
    """keys: pressed together. others: keys that do the same."""

    keys: tuple[str, ...]
    does: str | Promise
    others: tuple[tuple[str, ...], ...] = ()

    @property
    def ways(self) -> tuple[tuple[str, ...], ...]:
        return (self.keys, *self.others)


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    title: str | Promise
    shortcuts: tuple[Shortcut, ...]


GROUPS = (
    Group(
        "everywhere",
        _("Everywhere"),
        (
            Shortcut(("Ctrl", "K"), _("Go to a room, a model, a result, or do something"), (("⌘", "K"),)),
            Shortcut(("?",), _("Show these shortcuts")),
            Shortcut(("Esc",), _("Close a menu or a dialog")),
        ),
    ),
    Group(
        "create",
        _("Creating"),
        (
            Shortcut(("Ctrl", "Enter"), _("Generate, from the description"), (("⌘", "Enter"),)),
            Shortcut(("Alt", "↑"), _("An earlier description")),
            Shortcut(("Alt", "↓"), _("A later description")),
            Shortcut(("Alt", "←"), _("A file of the composer one place earlier")),
            Shortcut(("Alt", "→"), _("A file of the composer one place later")),
            Shortcut(("↓",), _("To the next model in the list")),
            Shortcut(("Enter",), _("Take the model")),
        ),
    ),
    Group(
        "library",
        _("Library"),
        (
            Shortcut(("/",), _("Search")),
            Shortcut(("←",), _("Walk through the pictures"), (("→",), ("↑",), ("↓",))),
            Shortcut(("Space",), _("Choose the picture; with Shift everything between")),
            Shortcut(("B",), _("To the bar, with what to do with the chosen ones")),
            Shortcut(("Ctrl", "A"), _("Choose all that the search finds"), (("⌘", "A"),)),
            Shortcut(("F",), _("Mark as a favourite")),
            Shortcut(("1",), _("One to five stars; 0 takes them away"), (("5",), ("0",))),
            Shortcut(("Delete",), _("Into the trash")),
            Shortcut(("Ctrl", "Z"), _("Back out of the trash, while the note is there"), (("⌘", "Z"),)),
            Shortcut(("Esc",), _("Choose nothing")),
        ),
    ),
    Group(
        "result",
        _("Result"),
        (
            Shortcut(("←",), _("To the picture before or after"), (("→",),)),
            Shortcut(("+",), _("Closer, or back"), (("−",),)),
            Shortcut(("0",), _("The whole picture; when it is seen, no stars")),
            Shortcut(("1",), _("One to five stars"), (("5",),)),
            Shortcut(("F",), _("Mark as a favourite")),
            Shortcut(("Delete",), _("Into the trash")),
        ),
    ),
    Group(
        "mask",
        _("Editor of masks"),
        (
            Shortcut(("B",), _("Brush")),
            Shortcut(("E",), _("Eraser")),
            Shortcut(("R",), _("Rectangle")),
            Shortcut(("L",), _("Lasso")),
            Shortcut(("F",), _("Larger frame")),
            Shortcut(("H",), _("Move the view"), (("Space",),)),
            Shortcut(("[",), _("Smaller or larger brush"), (("]",),)),
            Shortcut(("Shift", "["), _("Harder or softer edge"), (("Shift", "]"),)),
            Shortcut(("X",), _("Invert")),
            Shortcut(("Ctrl", "Z"), _("Undo")),
            Shortcut(("Ctrl", "Y"), _("Redo"), (("Ctrl", "Shift", "Z"),)),
            Shortcut(("\\",), _("Show or hide the mask")),
            Shortcut(("−",), _("Smaller or larger view"), (("+",),)),
            Shortcut(("0",), _("The whole picture")),
        ),
    ),
)
