"""Every word on every page comes through the catalogue.

The pages are read in a made-up language whose catalogue has each message between brackets.
Whatever words then stand outside brackets must be names, or the raw reply of a source.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from babel import Locale
from babel.messages.catalog import Catalog
from flask import Flask
from flask.testing import FlaskClient

from app.db import reach
from app.db.providers import all_providers
from app.factory import create_app
from app.web.articles import ARTICLES
from tests.messages import CLOSE, OPEN, write_pseudo

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
)
VOID = {"meta", "link", "input", "br", "hr", "img", "path", "rect", "circle", "ellipse", "line"}
OWN_NAMES = ["Huiswaarts", "Nederlands", "English", "Remittance Prices Worldwide"]
OWN_NAMES += ["remittanceprices.worldbank.org", "Rates By Exchange Rate API", "HuiswaartsBot"]
PAGES = [
    "",
    "how-we-work",
    "bot",
    "nothing",
    "send/nl/ma?pay=200",
    "send/nl/ma?pay=345",
    "send/nl/sr?pay=144.19&first=safe",
    "send/nl/tr?receive=9000&first=fast",
    "send/nl/so?receive=210&first=cheap",
    "send/nl/gh?pay=352.99",
    "send/nl/ma?pay=9000",
    "send/nl/ma?receive=1",
    "send/nl/ph?pay=200",
    "send/nl/fr?pay=200",
    "send/nl/ir?pay=200",
    "send/nl/sy?receive=200",
    "send/xx/yy",
    "send?side=x&from=XX&to=",
    "send?amount=1&from=NL&to=NL",
    "send?amount=99999&from=NL&from=NL&to=MA",
    "send/nl/ma?pay=200&first=dear",
    "price/1",
    "price/2",
]


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
        if tag == "meta" and given.get("name") != "description":
            return
        for name in SEEN_ATTRIBUTES:
            self.loose += outside(given.get(name, ""))

    def handle_endtag(self, tag: str) -> None:
        if self._raw and tag not in VOID:
            self._raw.pop()

    def handle_data(self, data: str) -> None:
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


@pytest.fixture(scope="module")
def names(app: Flask) -> re.Pattern[str]:
    """What no catalogue translates: names of CLDR, of firms, and our own."""
    locale = Locale(LANG)
    known = [*OWN_NAMES, *locale.territories.values(), *locale.months["format"]["wide"].values()]
    known += locale.quarters["format"]["wide"].values()
    for code in (
        "EUR",
        "MAD",
        "SRD",
        "TRY",
        "USD",
        "GHS",
        "NGN",
        "DOP",
        "IDR",
        "PHP",
        "IRR",
        "SYP",
    ):
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


def words_of_our_own(html: str, names: re.Pattern[str]) -> list[str]:
    """Words outside brackets that are no name, each with the text around it."""
    loose = [CODE.sub("", names.sub("", text)) for text in Visible(html).loose]
    return [f"{word} in {text.strip()!r}" for text in loose for word in WORD.findall(text)]


@pytest.mark.parametrize("path", PAGES)
def test_every_word_of_a_page_comes_through_the_catalogue(
    pseudo: FlaskClient, names: re.Pattern[str], path: str
) -> None:
    response = pseudo.get(f"/{LANG}/{path}")
    assert response.status_code < 500
    assert response.text.count(OPEN) > 10, "the pseudo catalogue is not in use"
    assert words_of_our_own(response.text, names) == []


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
    ],
)
def test_what_is_in_brackets_or_a_name_is_let_be(html: str) -> None:
    assert words_of_our_own(html, re.compile("Wise")) == []
