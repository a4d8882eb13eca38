"""A real browser on the real site, and what is asked of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from playwright.sync_api import Browser, ConsoleMessage, Page, Request

Scheme = Literal["light", "dark"]
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
REPORT = "a-report-of-the-tests-to-look-at"
"""In the address of the one report on the site with live prices."""

PAGES = {
    "home": "/{lang}/",
    "result": "/{lang}/send/nl/sr?pay=200",
    "result by choices": "/{lang}/send/nl/sr?pay=200&first=fast&by=pay.cash&by=receive.cash",
    "empty by choices": "/{lang}/send/nl/sr?pay=200&first=safe&by=kind.post_office",
    "price": "/{lang}/price/1",
    "empty": "/{lang}/send/nl/ma?pay=9000",
    "no price": "/{lang}/send/nl/ph?pay=200",
    "closed": "/{lang}/send/nl/ir?pay=200",
    "unknown corridor": "/{lang}/send/nl/fr?pay=200",
    "robot": "/{lang}/bot",
    "error": "/{lang}/nothing",
    "how we work": "/{lang}/how-we-work",
    "firms": "/{lang}/providers",
    "firm": "/{lang}/provider/western-union",
    "closed firm": "/{lang}/provider/suri-change",
    "country": "/{lang}/country/sr",
    "closed country": "/{lang}/country/ir",
    "other ways": "/{lang}/other-ways",
    "self-check": "/{lang}/how-we-work/checks",
    "coverage": "/{lang}/coverage",
    "corrections": "/{lang}/corrections",
    "complain": "/{lang}/complain?price=1",
    "receipt": "/{lang}/receipt",
    "year": "/{lang}/year?from=NL&to=MA&pay=200",
    "together": "/{lang}/together?from=NL&to=SR&pay=200&people=3",
    "history": "/{lang}/history/nl/sr",
    "guides": "/{lang}/guides",
    "guide": "/{lang}/guides/read-a-price",
    "news": "/{lang}/news",
    "initiatives": "/{lang}/initiatives",
    "offers": "/{lang}/offers",
    "how we count": "/{lang}/how-we-count",
    "who advertises": "/{lang}/adverts",
    "without connection": "/{lang}/offline",
    "components": "/components",
}
"""A page of each kind."""

WRITTEN = ("guides", "guide")
"""Pages with words of their own in each language, beside those of the catalogue."""

SELDOM = {
    "result to receive": "/{lang}/send/nl/ma?receive=3600&first=safe",
    "estimated price": "/{lang}/price/1?pay=200",
    "question asked again": "/{lang}/send?side=x&amount=z&from=XX&to=",
    "year, to be asked": "/{lang}/year",
    "together, asked wrongly": "/{lang}/together?from=NL&to=&pay=abc&people=0",
    "closed history": "/{lang}/history/nl/ir",
}
"""Variants of those, whose parts are mostly looked at already."""

LIVE = {
    "mixed result": "/{lang}/send/nl/ma?pay=203.10",
    "mixed result to receive": "/{lang}/send/nl/ma?receive=2000&first=safe",
    "live price": "/{lang}/price/1",
    "live history": "/{lang}/history/nl/ma",
    "live firm": "/{lang}/provider/alpha",
    "live country": "/{lang}/country/sr",
    "demonstration": "/{lang}/",
    "another currency": "/{lang}/send/nl/sr?pay=203.10&currency=USD",
    "firm with live prices": "/{lang}/provider/alpha",
    "country with live prices": "/{lang}/country/ma",
    "history of live prices": "/{lang}/history/nl/ma",
    "report": "/{lang}/report/" + REPORT,
}
"""Pages of a site with live prices, that says of itself that they are made up."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A form that somebody fills in and sends, with the scripts of the page or without them."""

    address: str
    values: dict[str, str]
    by_script: bool = False


RECEIPT = {"from": "NL", "to": "SR", "paid": "200", "fee": "5", "received": "7000"}
FILLED = {
    "checked receipt": Filled("/{lang}/receipt", RECEIPT),
    "receipt checked by script": Filled("/{lang}/receipt", RECEIPT, by_script=True),
    "receipt filled in wrongly": Filled("/{lang}/receipt", RECEIPT | {"paid": "abc", "fee": "-"}),
    "complaint filled in wrongly": Filled("/{lang}/complain", {"about": "price", "email": "x"}),
}
"""What forms that are posted answer."""

OPEN_ALL = "document.querySelectorAll('details').forEach(one => { one.open = true })"
ENLARGE = "size => { document.documentElement.style.fontSize = size }"
TOO_WIDE = """() => [...document.querySelectorAll('body *')]
    .filter(one => !one.closest('.scroll') && (one.getBoundingClientRect().left < -0.5
        || one.getBoundingClientRect().right > innerWidth + 0.5))
    .map(one => one.outerHTML.slice(0, 80))"""
SUBMIT = """values => {
    const form = document.querySelector('main form[method=post]')
    for (const name in values) form.elements[name].value = values[name]
    form.submit()
}"""


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


def visit(page: Page, site: str, what: str | Filled, lang: str) -> None:
    """Go to a page of `PAGES` and its like; send a form, and wait for what it answers."""
    if isinstance(what, str):
        page.goto(site + what.format(lang=lang))
        return
    page.goto(site + what.address.format(lang=lang))
    if not what.by_script:
        with page.expect_navigation():
            page.evaluate(SUBMIT, what.values)
        return
    for name, value in what.values.items():
        field = page.locator(f"main form[method=post] [name={name}]")
        if field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    page.locator("main form[method=post] button").click()
    page.locator("#answer").wait_for(state="visible")
