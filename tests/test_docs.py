"""What the documents name is there, and what is there is named in the documents."""

import re
from pathlib import Path

import pytest

from config.celery import app
from config.local.site import ROOT
from providers.registry import ADAPTERS

READS = re.compile(r'env\.(?:text|choice|flag|integer|seconds|words|web_origin|database)\(\s*"([A-Z_]+)"')
ELSEWHERE = {"PORT", "DATABASE_OWNER_URL", "SANDBOX_SPEED"}


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def variables_read() -> set[str]:
    settings = (path.read_text(encoding="utf-8") for path in (ROOT / "config").glob("*.py"))
    return {name for text in settings for name in READS.findall(text)} | ELSEWHERE


def test_env_example_names_every_variable_and_no_other() -> None:
    named = set(re.findall(r"^#?([A-Z_]+)=", read(".env.example"), re.MULTILINE))
    assert named == variables_read()


@pytest.mark.parametrize("name", sorted(path.name for path in ROOT.iterdir() if path.is_dir()))
def test_architecture_names_every_top_level_folder(name: str) -> None:
    ignored = {"var", "node_modules", "__pycache__"}
    if not name.startswith(".") and name not in ignored:
        assert re.search(rf"`{name}(?:/[\w/]+)?`", read("ARCHITECTURE.md"))


def test_architecture_names_what_runs_by_itself() -> None:
    text = read("ARCHITECTURE.md")
    assert [name for name in app.conf.beat_schedule if f"`{name}`" not in text] == []


def test_every_provider_has_its_page() -> None:
    assert [name for name in ADAPTERS if not (ROOT / "docs/providers" / f"{name}.md").exists()] == []


def test_readme_and_architecture_stay_short() -> None:
    assert len(read("README.md").splitlines()) < 120
    assert len(read("ARCHITECTURE.md").splitlines()) < 150


PAGES = sorted(
    path.relative_to(ROOT).as_posix() for top in ("*.md", "docs/**/*.md", "deploy/*.md") for path in ROOT.glob(top)
)


@pytest.mark.parametrize("page", PAGES)
def test_links_in_documents_lead_somewhere(page: str) -> None:
    folder = (ROOT / page).parent
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", read(page))
    assert [link for link in links if not (folder / Path(link)).exists()] == []


@pytest.mark.parametrize("page", PAGES)
def test_links_in_documents_lead_to_headings_that_are_there(page: str) -> None:
    links = re.findall(r"\]\(([^)#:]*\.md)?#([^)]+)\)", read(page))
    targets = [((ROOT / page).parent / name if name else ROOT / page, anchor) for name, anchor in links]
    assert [anchor for target, anchor in targets if anchor not in anchors_of(target)] == []


def anchors_of(document: Path) -> set[str]:
    """As GitHub makes them of headings: small letters, hyphens for spaces, no other sign."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}
