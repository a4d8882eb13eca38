"""What must be true of every page that any test fetches."""

from __future__ import annotations

from collections import Counter
from html.parser import HTMLParser


class Page(HTMLParser):
    """A page taken apart: its tags, and the text of those that the checks ask about."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.title = ""
        self._open = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        self._open = tag

    def handle_data(self, data: str) -> None:
        if self._open == "title":
            self.title += data

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002  the signature is HTMLParser's
        self._open = ""

    def all(self, *names: str) -> list[dict[str, str]]:
        return [attributes for tag, attributes in self.tags if tag in names]


def faults(html: str, lang: str | None = None) -> list[str]:
    """What is wrong with a page, one sentence each."""
    page = Page(html)
    return [
        *_head_faults(html, page, lang),
        *_link_faults(page),
        *_form_faults(page),
        *_policy_faults(page),
        *_leftovers(html),
    ]


def _head_faults(html: str, page: Page, lang: str | None) -> list[str]:
    found = []
    if not html.lstrip().startswith("<!doctype html>"):
        found.append("no doctype")
    root = next(iter(page.all("html")), {})
    if not root.get("lang") or (lang and root["lang"] != lang):
        found.append(f"lang is {root.get('lang')!r}")
    if root.get("dir") not in ("ltr", "rtl"):
        found.append("no direction")
    if not page.title.removesuffix("· Huiswaarts").strip(" ·"):
        found.append("no title")
    if len(page.all("h1")) != 1:
        found.append(f"{len(page.all('h1'))} h1 headings")
    ids = Counter(attributes["id"] for _tag, attributes in page.tags if "id" in attributes)
    found += [f"id {name!r} stands {count} times" for name, count in ids.items() if count > 1]
    found += [
        f"{name} names {wanted!r}, which is not on the page"
        for _tag, attributes in page.tags
        for name in ("aria-labelledby", "aria-describedby")
        for wanted in attributes.get(name, "").split()
        if wanted not in ids
    ]
    return found


def _link_faults(page: Page) -> list[str]:
    ids = {attributes["id"] for _tag, attributes in page.tags if "id" in attributes}
    links = [attributes.get("href", "") for attributes in page.all("a")]
    found = [f"link to nothing: {href!r}" for href in links if href in ("", "#")]
    found += [
        f"link to {href!r}, which is not on the page"
        for href in links
        if href.startswith("#") and href[1:] not in ids
    ]
    for attributes in page.all("a"):
        if attributes.get("href", "").startswith("http") and "noreferrer" not in attributes.get(
            "rel", ""
        ):
            found.append(f"{attributes['href']} would be told where the reader came from")
    return found


def _form_faults(page: Page) -> list[str]:
    labelled = {attributes.get("for") for attributes in page.all("label")}
    return [
        f"field {attributes.get('name')!r} has no label"
        for attributes in page.all("input", "select", "textarea")
        if attributes.get("type") != "hidden" and attributes.get("id") not in labelled
    ]


def _leftovers(html: str) -> list[str]:
    """What a template or a translation left unfilled."""
    return [
        f"{mark!r} is left over" for mark in ("%(", "{{", "{%", "{#", "&lt;a href") if mark in html
    ]


def _policy_faults(page: Page) -> list[str]:
    """What the content security policy would block, or a third party would see."""
    found = [
        "a script in the page itself"
        for given in page.all("script")
        if "src" not in given and given.get("type") != "application/ld+json"
    ]
    found += ["a style element" for _attributes in page.all("style")]
    for tag, attributes in page.tags:
        found += [
            f"{name} on <{tag}>" for name in attributes if name == "style" or name[:2] == "on"
        ]
        source = attributes.get("src", "") or (
            attributes.get("href", "")
            if tag == "link" and attributes.get("rel") in ("stylesheet", "icon")
            else ""
        )
        if source.startswith(("http:", "https:", "//")):
            found.append(f"{source} is loaded from another site")
    return found
