"""Countries and the currencies they pay out in, and what the licence register says of firms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from babel import Locale
from flask.testing import FlaskClient

from app.db.asked import Outcome
from app.db.licences import LicenceRow, note_licence
from app.db.providers import add_provider
from app.domain.corridor import Corridor
from app.domain.provider import Provider, ProviderKind
from app.domain.reach import Reach
from app.web import reasons
from app.web.articles import ARTICLES, with_article
from app.web.locale import currency, unit
from tests.db.made import NOON, SERVICE, price, save
from tests.web.living import Living, living, text
from tests.web.reading import LANGUAGES, Reader, said

both = pytest.mark.parametrize("lang", LANGUAGES)
SR_USD = Corridor("NL", "EUR", "SR", "USD")


@pytest.fixture
def site(templates: dict[str, str], tmp_path: Path) -> Iterator[Living]:
    with living(templates, tmp_path) as made:
        made.reached()
        yield made


def test_the_main_currency_comes_first_whatever_was_known_first(site: Living) -> None:
    main = Corridor("NL", "EUR", "CD", "USD")
    for corridor in (Corridor("NL", "EUR", "CD", "CDF"), main):
        one = price(replace(SERVICE, corridor=corridor))
        save(site.database, one, corridor=corridor)
    site.reached(Reach("CD", ("USD", "CDF")))
    body = site.client.get("/api/v1/compare?from=NL&to=CD&pay=203.10").get_json()
    assert body["corridor"]["receive_currency"] == "USD"
    page = site.client.get("/en/send/nl/cd?receive=100").text
    assert "US dollars" in Reader(page).text


@both
def test_a_country_without_any_price_says_so_and_what_was_asked(site: Living, lang: str) -> None:
    site.source("ria", "beta")
    site.asked("ria", Outcome.FAILED, corridor=Corridor("NL", "EUR", "PH", "PHP"), trouble="schema")
    shown = text(site, "/send/nl/ph?pay=200", lang)
    assert (
        said(
            site.app,
            lang,
            "We have no verified price to this country, so there is no list here. Below stands "
            "what we asked.",
        )
        in shown
    )
    assert said(site.app, lang, str(reasons.UNREAD)) in shown
    body = site.client.get("/api/v1/compare?from=NL&to=PH&pay=200").get_json()
    assert body["results"] == []
    assert body["coverage"]["state"] == "open"


@both
def test_a_closed_country_says_why_and_shows_no_number(site: Living, lang: str) -> None:
    closed = Corridor("NL", "EUR", "IR", "IRR")
    save(site.database, price(replace(SERVICE, corridor=closed)), corridor=closed)
    shown = text(site, "/send/nl/ir?pay=203.10", lang)
    sanctions = "Sanctions: firms may send money there with a permit only."
    assert said(site.app, lang, sanctions) in shown
    assert "IRR" not in shown
    links = Reader(site.client.get(f"/{lang}/send/nl/ir?pay=203.10").text).links
    assert "https://rules.example/ir" in links
    body = site.client.get("/api/v1/compare?from=NL&to=IR&pay=203.10").get_json()
    assert body["results"] == []
    assert (body["coverage"]["state"], body["coverage"]["reason"]) == ("closed", "sanctions")
    assert body["mid_rate"] is None


@both
def test_a_limited_country_shows_its_prices_and_why_they_are_few(site: Living, lang: str) -> None:
    limited = Corridor("NL", "EUR", "SY", "SYP")
    save(site.database, price(replace(SERVICE, corridor=limited)), corridor=limited)
    html = site.client.get(f"/{lang}/send/nl/sy?pay=203.10").text
    assert '<li class="result" id="alpha"' in html
    no_rate = "No mid-market rate can be trusted there, so no price can be weighed."
    assert said(site.app, lang, no_rate) in Reader(html).text


@both
def test_the_home_page_leads_to_every_country(site: Living, lang: str) -> None:
    save(site.database, price(), price(replace(SERVICE, provider="beta")))
    html = site.client.get(f"/{lang}/").text
    links = Reader(html).links
    for country in ("ma", "sr", "ph", "ir", "sy"):
        address = f"/{lang}/send/nl/{country}?pay=200"
        assert links.count(address) == 1
        assert site.client.get(address).status_code == 200
    known, _mark, others = html.partition('class="corridors corridors--bare"')
    assert f'href="/{lang}/send/nl/ma?pay=200"' in known
    for country in ("sr", "ph", "ir", "sy"):
        assert f'href="/{lang}/send/nl/{country}?pay=200"' in others
    ways, firms = {"en": ("2 ways", "2 firms"), "nl": ("2 manieren", "2 bedrijven")}[lang]
    assert f"{ways}, {firms}" in Reader(html).text
    assert said(site.app, lang, "closed") in Reader(others).text
    assert said(site.app, lang, "limited") in Reader(others).text


def test_every_country_that_ships_is_on_the_home_page(client: FlaskClient) -> None:
    links = {link for link in Reader(client.get("/nl/").text).links if "/send/" in link}
    assert len(links) == 71


def test_another_currency_of_a_country_has_an_address_of_its_own(site: Living) -> None:
    dollars = replace(SERVICE, corridor=SR_USD)
    save(site.database, price(dollars), corridor=SR_USD)
    empty = site.client.get("/en/send/nl/sr?pay=203.10").text
    assert "US dollars" in Reader(empty).text
    (link,) = [
        link
        for link in Reader(empty).links
        if link.endswith("currency=USD") and "first" not in link
    ]
    html = site.client.get(link).text
    assert '<li class="result" id="alpha"' in html
    assert "US$" in Reader(html).text
    for address in [one for one in Reader(html).links if "first=" in one]:
        assert "currency=USD" in address
    assert Reader(html).fields["currency"] == "USD"
    assert "/en/send/nl/sr?pay=200&currency=USD" in Reader(site.client.get("/en/").text).links
    body = site.client.get("/api/v1/compare?from=NL&to=SR&pay=203.10&currency=usd").get_json()
    assert body["corridor"]["receive_currency"] == "USD"
    assert [one["provider"] for one in body["results"]] == ["alpha"]


@pytest.mark.parametrize(
    ("lang", "alone", "counted"),
    [
        ("en", "Moroccan dirhams", "Moroccan dirhams"),
        ("pl", "dirhamy marokańskie", "dirhamów marokańskich"),
        ("ar", "درهم مغربي", "درهم مغربي"),
    ],
)
def test_a_currency_is_named_alone_and_after_an_amount(
    site: Living, lang: str, alone: str, counted: str
) -> None:
    with site.app.test_request_context(f"/{lang}/"):
        assert (currency("MAD"), unit("MAD")) == (alone, counted)


def test_what_is_received_is_read_in_the_chosen_currency(site: Living) -> None:
    save(site.database, price(replace(SERVICE, corridor=SR_USD)), corridor=SR_USD)
    html = site.client.get("/en/send/nl/sr?receive=2158.20&currency=USD").text
    assert '<li class="result" id="alpha"' in html
    asked = {"side": "receive", "amount": "50", "from": "NL", "to": "SR", "currency": "USD"}
    response = site.client.get("/en/send", query_string=asked)
    assert response.location == "/en/send/nl/sr?receive=50&currency=USD"
    elsewhere = site.client.get("/en/send", query_string=asked | {"to": "MA"})
    assert elsewhere.location == "/en/send/nl/ma?receive=50"


@pytest.mark.parametrize("chosen", ["currency=XYZ", "currency=JPY", "currency=USD&currency=EUR"])
def test_a_currency_that_is_not_paid_out_there_is_refused(site: Living, chosen: str) -> None:
    response = site.client.get(f"/en/send/nl/sr?pay=200&{chosen}")
    assert response.status_code == 422
    assert "no payout in this currency" in Reader(response.text).text


def found_licence(**other: Any) -> LicenceRow:
    facts: dict[str, Any] = {
        "provider_id": 1,
        "code": "BE_NBB!0713629988",
        "register": "eba",
        "result": "found",
        "holder": "Alpha Europe SA",
        "country": "BE",
        "countries": "BE NL",
        "authorised_on": date(2019, 1, 1),
        "withdrawn_on": None,
        "checked_at": NOON,
    }
    return LicenceRow(**facts | other)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (
            {},
            (
                "Licence found in the register of the European Banking Authority: "
                "Alpha Europe SA, Belgium, BE_NBB!0713629988, checked on 20 November 2026."
            ),
        ),
        ({"countries": "BE"}, "It is not listed there for sending money from the Netherlands."),
        (
            {"result": "withdrawn", "withdrawn_on": date(2026, 3, 1)},
            (
                "says that the licence of Alpha Europe SA (BE_NBB!0713629988) was withdrawn on "
                "1 March 2026. Checked on 20 November 2026."
            ),
        ),
        (
            {"result": "not_found", "holder": "", "country": "", "countries": ""},
            (
                "Not found in the register of the European Banking Authority: BE_NBB!0713629988, "
                "checked on 20 November 2026."
            ),
        ),
        ({"result": "another_name", "holder": "Somebody Else"}, "Not checked yet."),
    ],
)
def test_the_licence_of_a_firm_is_told_as_the_register_has_it(
    site: Living, facts: dict[str, Any], words: str
) -> None:
    save(site.database, price())
    with site.database.writing() as session:
        note_licence(session, found_licence(**facts))
    shown = site.client.get("/en/price/1").text
    assert words in Reader(shown).text
    assert "Somebody Else" not in shown
    assert "https://euclid.eba.europa.eu/register/pir/search" in Reader(shown).links
    assert words in text(site)


def test_a_firm_whose_licence_nobody_looked_up_says_so_and_a_bank_is_elsewhere(
    site: Living,
) -> None:
    with site.database.writing() as session:
        add_provider(session, Provider("gamma-bank", "Gamma Bank", ProviderKind.BANK), [])
    save(site.database, price(), price(replace(SERVICE, provider="gamma-bank")))
    assert "Licence of AlphaNot checked yet.The register" in text(site, "/price/1")
    assert "banks are in another register" in text(site, "/price/2")
    assert "banks are in another register" not in text(site, "/price/1")


@pytest.mark.parametrize("lang", ARTICLES)
def test_every_article_belongs_to_a_country(lang: str) -> None:
    assert set(ARTICLES[lang]) <= set(Locale(lang).territories)


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", "the Netherlands, Morocco, Algeria, the Philippines"),
        ("fr", "les Pays-Bas, le Maroc, l\N{RIGHT SINGLE QUOTATION MARK}Algérie, les Philippines"),
        ("es", "los Países Bajos, Marruecos, Argelia, Filipinas"),
        ("pt", "os Países Baixos, Marrocos, a Argélia, as Filipinas"),
        ("tr", "Hollanda, Fas, Cezayir, Filipinler"),
    ],
)
def test_a_country_inside_a_sentence_has_its_article(lang: str, words: str) -> None:
    names = Locale(lang).territories
    named = [with_article(lang, code, names[code]) for code in ("NL", "MA", "DZ", "PH")]
    assert ", ".join(named) == words
