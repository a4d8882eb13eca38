"""Markdown that we or partners wrote, as HTML that can do nothing but be read.

Two locks, each enough by itself: the reader of Markdown passes no HTML through and makes only the
tags below; a cleaner then takes out whatever is not on the list. No picture, no script, no style,
and links to the web or to our own pages only.
"""

from __future__ import annotations

import re
from collections.abc import MutableMapping, Sequence
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from markupsafe import Markup

from app.domain.content import LINK

OUR_OWN = re.compile(r"/(?!/)[a-z0-9._~/?#&=%-]*", re.ASCII | re.IGNORECASE)
"""A path on this site. Two slashes would lead to another one."""

REL = "external noreferrer noopener nofollow"
"""Of links elsewhere: they are not told where the reader came from, and gain nothing by it."""

FIRST_HEADING, LAST_HEADING = 2, 4
"""The title of the page is the first."""

TAGS = {"p", "h2", "h3", "h4", "ul", "ol", "li", "strong", "em", "a", "code", "pre", "blockquote"}
TAGS |= {"br", "hr", "table", "thead", "tbody", "tr", "th", "td"}
ATTRIBUTES = {"a": {"href", "rel"}, "ol": {"start"}}
LOST = {"script", "style", "iframe", "object", "embed", "svg", "math", "template", "noscript"}
"""What is taken out together with all that stands in it."""


def markdown(text: str) -> Markup:
    """A text of several paragraphs."""
    return cleaned(_PARSER.render(text))


def cleaned(html: str) -> Markup:
    """Of any HTML, what may stand on a page of ours."""
    kept = nh3.clean(
        html,
        tags=TAGS,
        clean_content_tags=LOST,
        attributes=ATTRIBUTES,
        attribute_filter=_kept,
        url_schemes={"http", "https"},
        link_rel=None,
        strip_comments=True,
    )
    return Markup(kept)  # noqa: S704  cleaned a line before


def _kept(tag: str, name: str, value: str) -> str | None:
    """The attributes that we made ourselves, and no others of the same name."""
    if (tag, name) == ("a", "href"):
        return value if is_safe(value) else None
    if (tag, name) == ("a", "rel"):
        return value if value == REL else None
    return value if value.isascii() and value.isdecimal() else None


def is_safe(address: str) -> bool:
    """Whether a link may lead there."""
    return bool(LINK.fullmatch(address) or OUR_OWN.fullmatch(address))


def _parser() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False, "xhtmlOut": False}).enable("table")
    made.validateLink = is_safe  # type: ignore[assignment]  # the instance's own, so without self
    made.add_render_rule("image", _picture)
    made.add_render_rule("link_open", _link)
    made.core.ruler.push("headings", lambda state: _headings(state.tokens))
    made.core.ruler.push("heads", lambda state: _empty_heads(state.tokens))
    return made


def _picture(
    _self: RendererHTML,
    tokens: Sequence[Token],
    index: int,
    _options: OptionsDict,
    _env: MutableMapping[str, Any],
) -> str:
    """What a picture shows, in words: pages load nothing from elsewhere."""
    return str(Markup("{}").format(tokens[index].content))


def _link(
    self: RendererHTML,
    tokens: Sequence[Token],
    index: int,
    options: OptionsDict,
    env: MutableMapping[str, Any],
) -> str:
    token = tokens[index]
    token.attrs.pop("title", None)
    if LINK.fullmatch(str(token.attrGet("href") or "")):
        token.attrSet("rel", REL)
    return self.renderToken(tokens, index, options, env)


def _headings(tokens: Sequence[Token]) -> None:
    """Headings go on from the title, and none skips a level, whatever the writer began with."""
    open_levels: list[int] = []
    for opened, closed in _pairs(tokens):
        written = int(opened.tag[1:])
        while open_levels and open_levels[-1] >= written:
            open_levels.pop()
        open_levels.append(written)
        opened.tag = closed.tag = f"h{min(FIRST_HEADING + len(open_levels) - 1, LAST_HEADING)}"


def _empty_heads(tokens: Sequence[Token]) -> None:
    """A head of a column without a word in it is no head."""
    for opened, words, closed in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if opened.type == "th_open" and not words.content.strip():
            opened.tag = closed.tag = "td"


def _pairs(tokens: Sequence[Token]) -> list[tuple[Token, Token]]:
    opened = [token for token in tokens if token.type == "heading_open"]
    closed = [token for token in tokens if token.type == "heading_close"]
    return list(zip(opened, closed, strict=True))


_PARSER = _parser()
