"""A real browser on the real site, and what is asked of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from playwright.sync_api import Browser, ConsoleMessage, Page, Request

Scheme = Literal["light", "dark"]

PAGES = {
    "home": "/{lang}/",
    "result": "/{lang}/send/nl/sr?pay=200",
    "price": "/{lang}/price/1",
    "empty": "/{lang}/send/nl/ma?pay=9000",
    "no price": "/{lang}/send/nl/ph?pay=200",
    "closed": "/{lang}/send/nl/ir?pay=200",
    "unknown corridor": "/{lang}/send/nl/fr?pay=200",
    "robot": "/{lang}/bot",
    "error": "/{lang}/nothing",
    "how we work": "/{lang}/how-we-work",
}
"""A page of each kind."""

SELDOM = {
    "result to receive": "/{lang}/send/nl/ma?receive=3600&first=safe",
    "estimated price": "/{lang}/price/1?pay=200",
    "question asked again": "/{lang}/send?side=x&amount=z&from=XX&to=",
}
"""Variants of those, whose parts are mostly looked at already."""

LIVE = {
    "mixed result": "/{lang}/send/nl/ma?pay=203.10",
    "mixed result to receive": "/{lang}/send/nl/ma?receive=2000&first=safe",
    "live price": "/{lang}/price/1",
    "demonstration": "/{lang}/",
    "another currency": "/{lang}/send/nl/sr?pay=203.10&currency=USD",
}
"""Pages of a site with live prices, that says of itself that they are made up."""

OPEN_ALL = "document.querySelectorAll('details').forEach(one => { one.open = true })"
TOO_WIDE = """() => [...document.querySelectorAll('body *')]
    .filter(one => one.getBoundingClientRect().right > innerWidth + 0.5 && !one.closest('.scroll'))
    .map(one => one.outerHTML.slice(0, 80))"""


class Watch:
    """What a page does besides showing itself: requests, and errors in its console."""

    def __init__(self, page: Page) -> None:
        self.requests: list[str] = []
        self.errors: list[str] = []
        page.on("request", self._request)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("dialog", lambda dialog: self.errors.append(f"dialog: {dialog.message}"))

    def _request(self, request: Request) -> None:
        self.requests.append(request.url)

    def _console(self, message: ConsoleMessage) -> None:
        expected = message.text.startswith("Failed to load resource: the server responded with")
        own = message.location["url"].split("#")[0] == self.requests[-1] and expected
        if message.type in ("error", "warning") and not own:
            self.errors.append(f"{message.text} at {message.location['url']}")


@contextmanager
def opened(browser: Browser, **options: Any) -> Iterator[tuple[Page, Watch]]:
    """A page of a visitor who was never here before."""
    context = browser.new_context(**options)
    context.set_default_timeout(10_000)
    page = context.new_page()
    yield page, Watch(page)
    assert context.cookies() == []
    context.close()


def scrolls_sideways(page: Page) -> list[str]:
    """What makes the page wider than its window."""
    wide: bool = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    found: list[str] = page.evaluate(TOO_WIDE)
    return found or ["something"] if wide else []
