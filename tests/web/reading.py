"""Pages as a reader finds them: their text, their form, their links."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from flask import Flask
from flask_babel import gettext, ngettext

CORRIDORS = ("DO", "GH", "ID", "MA", "NG", "SO", "SR", "TR")
"""Where the shipped survey says what it costs to send money to, from the Netherlands."""

LANGUAGES = ("nl", "en")
SPACES = re.compile(r"[\s\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]+")


def plain(text: str) -> str:
    """With every run of spaces, of whatever kind, as one space."""
    return SPACES.sub(" ", text).strip()


class Reader(HTMLParser):
    """texts: what stands on the page; links: where it leads; fields: its first form, which is the
    question, as filled in."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.links: list[str] = []
        self.fields: dict[str, str] = {}
        self.wrong: set[str] = set()
        self._select = ""
        self._asked = False
        self.feed(html)

    @property
    def text(self) -> str:
        return plain("".join(self.texts))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a":
            self.links.append(given.get("href", ""))
        if given.get("aria-invalid") == "true":
            self.wrong.add(given["name"])
        if self._asked:
            return
        if tag == "input" and (
            given.get("type") not in ("radio", "checkbox") or "checked" in given
        ):
            self.fields[given["name"]] = given.get("value", "")
        if tag == "select":
            self._select = given["name"]
        if tag == "option" and (self._select not in self.fields or "selected" in given):
            self.fields[self._select] = given["value"]

    def handle_endtag(self, tag: str) -> None:
        self._asked = self._asked or tag == "form"

    def handle_data(self, data: str) -> None:
        if self.cdata_elem is None:  # not of a script
            self.texts.append(data)


def section(html: str, begin: str, end: str) -> str:
    """The part of a page between two marks."""
    after = html.partition(begin)[2]
    assert after, f"{begin!r} is not on the page"
    return after.partition(end)[0]


def said(app: Flask, lang: str, message: str, **names: object) -> str:
    """What the site says in a language, through its own catalogue."""
    with app.test_request_context(f"/{lang}/"):
        return plain(str(gettext(message, **names)))


def said_of(app: Flask, lang: str, one: str, many: str, num: int) -> str:
    """The same of a message with a number."""
    with app.test_request_context(f"/{lang}/"):
        return plain(str(ngettext(one, many, num)))
