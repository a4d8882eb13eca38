"""Every word on every page comes through the catalogue.

The pages are read in a made-up language whose catalogue has each message between brackets.
Whatever words then stand outside brackets must be names, or the raw reply of a source. Looked at
are texts, attributes that are shown or read aloud, titles of drawings, what is told to search
engines, the manifest, and what scripts show.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from threading import Thread

import pytest
from babel import Locale
from babel.messages.catalog import Catalog
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from app.db import reach
from app.db.providers import all_providers
from app.domain.countries import PAYOUT_CURRENCY
from app.factory import create_app
from app.web.articles import ARTICLES
from app.web.locale import LANGUAGES
from app.web.static_files import STATIC
from tests.messages import CLOSE, OPEN, write_pseudo
from tests.web.browsing import FILLED, PAGES, SELDOM, WRITTEN, opened, visit

LANG = "nl"
WORD = re.compile(r"[^\W\d_]{2,}")
CODE = re.compile(r"\b[A-Z]{3}\b|\bsha256:[0-9a-f]+|/api/\S+")
SEEN_ATTRIBUTES = (
    "alt",
    "aria-label",
    "title",
    "placeholder",
    "label",
    "content",
    "aria-description",
    "aria-roledescription",
    "aria-valuetext",
)
TOLD = ("description", "og:title", "og:description", "twitter:title", "twitter:description")
"""What meta elements say to people, by their name or property."""

SPOKEN = ("name", "headline", "description", "text")
"""What structured data says in words."""
VOID = {"meta", "link", "input", "br", "hr", "img", "path", "rect", "circle", "ellipse", "line"}
OWN_NAMES = ["Huiswaarts", *LANGUAGES.values(), "Remittance Prices Worldwide"]
OWN_NAMES += ["remittanceprices.worldbank.org", "Rates By Exchange Rate API", "HuiswaartsBot"]
OWN_NAMES += ["FloatRates"]
OWN_NAMES += ["Money from Sweden"]
MORE = [
    "country/ng",
    "send/nl/ma?pay=200",
    "send/nl/ma?pay=345",
    "send/nl/sr?pay=144.19&first=safe",
    "send/nl/tr?receive=9000&first=fast",
    "send/nl/so?receive=210&first=cheap",
    "send/nl/gh?pay=352.99",
    "send/nl/ma?receive=1",
    "send/nl/sy?receive=200",
    "send/xx/yy",
    "send?side=x&from=XX&to=",
    "send?amount=1&from=NL&to=NL",
    "send?amount=99999&from=NL&from=NL&to=MA",
    "send/nl/ma?pay=200&first=dear",
    "year?from=NL&to=MA&pay=144&now=wise",
    "year?from=NL&to=XX&pay=a&currency=EUR",
    "together?from=NL&to=MA&pay=150&people=2",
    "together?from=NL&to=FR&pay=1&people=0",
    "history/nl/ma",
    "price/2",
]
"""Addresses whose answers have words that no kind of page has."""

ADDRESSES = [f"/{LANG}/{path}" for path in MORE]
ADDRESSES += [
    address.format(lang=LANG)
    for kind, address in {**PAGES, **SELDOM}.items()
    if "{lang}" in address and kind not in WRITTEN
]
SENTENCE = re.compile(r"""(?<!\\)(["'`])([A-Z][a-z]+|[a-z]{2,}) [a-z]{2,}[^"'`]*\1""")
"""A text in a script that looks like words for people."""


class Visible(HTMLParser):
    """loose: texts and attributes that stand outside every bracket, as a reader meets them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.loose: list[str] = []
        self.depth = 0
        self._raw: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag not in VOID and (self._raw or {"raw", "hash"} & set(given.get("class", "").split())):
            self._raw.append(tag)
        if tag == "meta" and (given.get("name") or given.get("property")) not in TOLD:
            return
        for name in SEEN_ATTRIBUTES:
            self.loose += outside(given.get(name, ""))

    def handle_endtag(self, tag: str) -> None:
        if self._raw and tag not in VOID:
            self._raw.pop()

    def handle_data(self, data: str) -> None:
        if self.cdata_elem is not None:
            self.loose += [part for text in spoken(data) for part in outside(text)]
            return
        for part in re.split(f"([{OPEN}{CLOSE}])", data):
            self.depth += (part == OPEN) - (part == CLOSE)
            if not self.depth and not self._raw:
                self.loose.append(part)


def outside(text: str) -> Iterator[str]:
    """The parts of an attribute that stand outside every bracket."""
    depth = 0
    for part in re.split(f"([{OPEN}{CLOSE}])", text):
        depth += (part == OPEN) - (part == CLOSE)
        if not depth:
            yield part


def spoken(script: str) -> Iterator[str]:
    """What structured data says in words; nothing of a script that is none."""
    waiting = [json.loads(script)] if script.strip().startswith(("{", "[")) else []
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            waiting += one.values()
            yield from (one[key] for key in SPOKEN if isinstance(one.get(key), str))
        elif isinstance(one, list):
            waiting += one


@pytest.fixture(scope="module")
def names(app: Flask) -> re.Pattern[str]:
    """What no catalogue translates: names of CLDR, of firms, and our own."""
    locale = Locale(LANG)
    known = [*OWN_NAMES, *locale.territories.values(), *locale.months["format"]["wide"].values()]
    known += locale.quarters["format"]["wide"].values()
    for code in {"EUR", *PAYOUT_CURRENCY.values()} & set(locale.currencies):
        known += [str(locale.currencies[code]), str(locale.currency_symbols.get(code, code))]
    known += [f"{article} {locale.territories[code]}" for code, article in ARTICLES[LANG].items()]
    with app.extensions["database"].reading() as session:
        known += [provider.name for provider in all_providers(session).values()]
        known += [one.name for one in reach.not_asked(session)]
    by_length = sorted({name for name in known if name}, key=len, reverse=True)
    return re.compile(
        "|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in by_length), re.IGNORECASE
    )


@pytest.fixture(scope="module")
def pseudo(
    app: Flask, messages: Catalog, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[FlaskClient]:
    folder = tmp_path_factory.mktemp("pseudo")
    write_pseudo(messages, folder, LANG)
    made = create_app(app.extensions["settings"])
    made.extensions["babel"].translation_directories[:] = [str(folder)]
    yield made.test_client()
    made.extensions["database"].engine.dispose()


@pytest.fixture(scope="module")
def pseudo_site(pseudo: FlaskClient) -> Iterator[str]:
    """The same for a browser."""
    server = make_server("127.0.0.1", 0, pseudo.application, threaded=True)
    running = Thread(target=server.serve_forever)
    running.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    running.join()
    server.server_close()


def words_of_our_own(html: str, names: re.Pattern[str]) -> list[str]:
    """Words outside brackets that are no name, each with the text around it."""
    loose = [CODE.sub("", names.sub("", text)) for text in Visible(html).loose]
    return [f"{word} in {text.strip()!r}" for text in loose for word in WORD.findall(text)]


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_word_of_a_page_comes_through_the_catalogue(
    pseudo: FlaskClient, names: re.Pattern[str], address: str
) -> None:
    response = pseudo.get(address)
    assert response.status_code < 500
    assert response.text.count(OPEN) > 10, "the pseudo catalogue is not in use"
    assert words_of_our_own(response.text, names) == []


@pytest.mark.parametrize("kind", FILLED)
def test_every_word_that_a_form_answers_comes_through_the_catalogue(
    browser: Browser, pseudo_site: str, names: re.Pattern[str], kind: str
) -> None:
    """By the server, or by a script on the page."""
    with opened(browser) as (page, _watch):
        visit(page, pseudo_site, FILLED[kind], LANG)
        html = page.content()
    assert html.count(OPEN) > 10
    assert words_of_our_own(html, names) == []


def test_every_word_that_the_question_shows_anew_comes_through_the_catalogue(
    browser: Browser, pseudo_site: str, names: re.Pattern[str]
) -> None:
    with opened(browser) as (page, _watch):
        page.goto(pseudo_site + PAGES["result"].format(lang=LANG))
        page.locator(".order a.safe").click()
        page.wait_for_url("**first=safe*")
        page.locator("#live").wait_for(state="attached")
        assert words_of_our_own(page.content(), names) == []


def test_the_manifest_comes_through_the_catalogue(
    pseudo: FlaskClient, names: re.Pattern[str]
) -> None:
    told = pseudo.get(f"/{LANG}/manifest.webmanifest").get_json()
    texts = [told[key] for key in ("name", "short_name", "description") if key in told]
    assert texts
    loose = [part for text in texts for part in outside(text)]
    assert [word for text in loose for word in WORD.findall(names.sub("", text))] == []


def test_no_script_has_words_for_people_of_its_own() -> None:
    scripts = sorted(STATIC.glob("*.js"))
    assert scripts
    for path in scripts:
        assert sentences(path.read_text(encoding="utf-8")) == [], path.name


def sentences(script: str) -> list[str]:
    """Texts that look like words; selectors have no words side by side."""
    code = re.sub(r"/\*.*?\*/|(?<![:\\])//[^\n]*", "", script, flags=re.DOTALL)
    found = [match[0] for match in SENTENCE.finditer(code)]
    return [one for one in found if "use strict" not in one]


@pytest.mark.parametrize("script", ['show("Your price is old")', "label = `no price`"])
def test_words_in_a_script_are_found(script: str) -> None:
    assert sentences(script)
    assert sentences(script.replace(" is ", ".").replace(" ", "-") + " // Your price is old") == []


@pytest.mark.parametrize(
    "address", ["/api/v1/compare", "/api/v1/compare?from=NL&to=MA&pay=1", "/api/v"]
)
def test_every_sentence_of_a_problem_comes_through_the_catalogue(
    pseudo: FlaskClient, address: str
) -> None:
    body = pseudo.get(address, headers={"Accept-Language": LANG}).get_json()
    for key in ("title", "detail"):
        assert body[key].startswith(OPEN)
        assert body[key].endswith(CLOSE)


def test_reasons_in_the_api_come_through_the_catalogue(pseudo: FlaskClient) -> None:
    address = "/api/v1/compare?from=NL&to=SR&pay=144.19"
    body = pseudo.get(address, headers={"Accept-Language": LANG}).get_json()
    assert all(one["why"].startswith(OPEN) for one in body["coverage"]["missing"])


@pytest.mark.parametrize(
    "html",
    [
        "<p>⟦Fee⟧ and more</p>",
        "<p>Fee</p>",
        '<img alt="A house">',
        '<nav aria-label="Menu">⟦Home⟧</nav>',
        '<p title="Why">⟦Why⟧</p>',
        '<meta name="description" content="Prices">',
        "<p>⟦Fee of⟧ <b>Wise</b> today</p>",
        '<meta property="og:title" content="Prices">',
        "<svg><title>Prices</title></svg>",
        "<svg><desc>⟦Prices⟧ of today</desc></svg>",
        '<script type="application/ld+json">{"x": [{"name": "Prices"}]}</script>',
    ],
)
def test_a_word_outside_brackets_is_found(html: str) -> None:
    assert words_of_our_own(html, re.compile("Wise"))


@pytest.mark.parametrize(
    "html",
    [
        "<p>⟦Fee of <b>five</b> euro⟧ 5,00 €</p>",
        "<p>⟦To %(name)s⟧ Wise EUR 4</p>",
        '<table class="raw"><tr><td>cc1 lcu fee</td></tr></table>⟦Prices⟧',
        '<meta name="viewport" content="width=device-width">',
        '<script type="application/ld+json">{"@type": "Thing", "name": "⟦Prices⟧"}</script>',
    ],
)
def test_what_is_in_brackets_or_a_name_is_let_be(html: str) -> None:
    assert words_of_our_own(html, re.compile("Wise")) == []
