"""Markdown to HTML with a table of contents: headings get anchors, code a button to copy it, wide tables a bar.

A heading that others link to names its anchor at the end: `## Refused by the filter [#content_refused]`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

ANCHOR = re.compile(r"\s*\[#([\w.-]+)\]$")
TITLE_LEVEL, DEEPEST_LEVEL = 1, 3


@dataclass(frozen=True, slots=True)
class Heading:
    level: int
    text: str
    anchor: str


@dataclass(slots=True)
class Written:
    """title: the first heading, which is not in the HTML. lead: the first paragraph as plain text."""

    title: str = ""
    lead: str = ""
    html: SafeString = field(default_factory=SafeString)
    headings: list[Heading] = field(default_factory=list)


def write(text: str) -> Written:
    """HTML in the source is shown as text; nothing but our own renderer makes tags."""
    reader = MarkdownIt("commonmark", {"html": False}, renderer_cls=Renderer).enable("table")
    tokens = reader.parse(text)
    written = Written()
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            _anchor(token, tokens[place + 1], written)
        elif token.type == "paragraph_open" and not written.lead and token.level == 0:
            written.lead = _plain(tokens[place + 1])
    begins = 3 if tokens and tokens[0].tag == "h1" else 0
    written.html = mark_safe(reader.renderer.render(tokens[begins:], reader.options, {}))  # noqa: S308 (html is off)
    return written


def _anchor(opening: Token, inline: Token, written: Written) -> None:
    if found := ANCHOR.search(inline.content):
        last = (inline.children or [])[-1]
        last.content = ANCHOR.sub("", last.content)
    text = _plain(inline)
    if opening.tag == "h1":
        written.title = text
        return
    taken = {heading.anchor for heading in written.headings}
    wanted = found[1] if found else slugify(text, allow_unicode=True)
    anchor = next(name for name in [wanted, *(f"{wanted}-{n}" for n in range(2, 99))] if name not in taken)
    opening.attrSet("id", anchor)
    level = int(opening.tag[1])
    if level <= DEEPEST_LEVEL:
        written.headings.append(Heading(level, text, anchor))


def _plain(inline: Token) -> str:
    return "".join(" " if child.type == "softbreak" else child.content for child in inline.children or [])


class Renderer(RendererHTML):
    """What differs from plain HTML: classes of the studio, and boxes that scroll by themselves."""

    def fence(self, tokens: Sequence[Token], idx: int, *_rest: Any) -> str:
        token = tokens[idx]
        context = {"code": token.content.rstrip(), "number": idx, "language": token.info.strip()}
        return render_to_string("guide/_code.html", context)

    def table_open(self, *_rest: Any) -> str:
        opening = '<div class="table-scroll" tabindex="0" role="group" aria-label="{}"><table class="table">'
        return format_html(opening, gettext("Table"))

    def table_close(self, *_rest: Any) -> str:
        return "</table></div>"

    def link_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        tokens[idx].attrSet("class", "link")
        return self.renderToken(tokens, idx, options, env)
