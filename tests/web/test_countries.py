"""The page of a country, and the page of the ways that have no price."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from app.db.providers import add_provider
from app.db.rates import add_readings
from app.domain.corridor import Corridor
from app.domain.country_notes import BadNote, CountryNote, NoteKind
from app.domain.ladder import Ladder
from app.domain.midrate import MidReading
from app.domain.provider import Provider, ProviderKind, ProviderStatus
from app.domain.quote import Origin
from app.domain.reach import Reach
from app.domain.service import PaymentInstrument, PickupMethod
from app.factory import create_app
from app.web.countries.pieces import Known, counted
from tests.conftest import settings
from tests.db.made import NL_MA, NOON, SERVICE, price, save
from tests.web.living import SEEN, Living, living, text
from tests.web.reading import Reader
from tests.web.test_queries import MOST, asked

MA = "/country/ma"
SR_USD, SR_SRD = Corridor("NL", "EUR", "SR", "USD"), Corridor("NL", "EUR", "SR", "SRD")
STREET = "We have not looked into whether money is changed there at another rate"


@pytest.fixture
def site(templates: dict[str, str], tmp_path: Path) -> Iterator[Living]:
    with living(templates, tmp_path) as made:
        made.reached()
        yield made


def read_rates(site: Living, *readings: tuple[str, str, str]) -> None:
    """Source, currency and rate of each, read an hour ago."""
    with site.database.writing() as session:
        for source, currency, rate in readings:
            at = NOON - timedelta(hours=1)
            add_readings(session, source, [MidReading(source, source, currency, Decimal(rate), at)])


def test_it_counts_ways_firms_and_methods_and_the_unknown_as_unknown(site: Living) -> None:
    wallet = replace(SERVICE, provider="beta", pickup_methods=(PickupMethod.MOBILE_WALLET,))
    either = (PickupMethod.CASH, PickupMethod.BANK_ACCOUNT)
    odd = replace(SERVICE, pickup_methods=either, payment_instruments=(), pay_in="GP")
    save(site.database, price(), price(wallet), price(odd))
    shown = text(site, MA)
    assert "Moroccan dirhams 3 ways, 2 firms" in shown
    assert "cash in hand: 2 ways" in shown
    assert "on a bank account: 1 way" in shown
    assert "in a mobile wallet: 1 way" in shown
    assert "bank transfer: 2 ways" in shown
    assert "unknown: 1 way" in shown


def test_a_closed_firm_and_a_price_long_gone_do_not_count(site: Living) -> None:
    with site.database.writing() as session:
        add_provider(
            session, Provider("omega", "Omega", ProviderKind.MTO, ProviderStatus.CLOSED), []
        )
    save(site.database, price(replace(SERVICE, provider="omega")))
    assert "No price known yet" in text(site, MA)
    save(site.database, price())
    assert "1 way, 1 firm" in text(site, MA)
    site.at(NOON + timedelta(days=15))
    assert "No price known yet" in text(site, MA)
    assert "How people send" not in text(site, MA)


def test_each_currency_has_its_list_and_its_rate(site: Living) -> None:
    save(site.database, price(replace(SERVICE, corridor=SR_USD)), corridor=SR_USD)
    read_rates(site, ("ecb", "USD", "1.15"), ("cme_suriname", "SRD", "42.8"))
    page = site.client.get("/en/country/sr").text
    shown = Reader(page).text
    assert "1 EUR = 1.1500 USD" in shown
    assert "European Central Bank, 20 November 2026" in shown
    assert "1 EUR = 42.8000 SRD" in shown
    assert "1 EUR = 1.0000" not in shown
    assert "US dollars 1 way, 1 firm" in shown
    links = Reader(page).links
    for address in ("?pay=200", "?pay=200&currency=USD", "?pay=200&currency=EUR"):
        assert links.count(f"/en/send/nl/sr{address}") == 2
    assert "/en/other-ways" in links


def test_a_rate_that_nobody_can_vouch_for_is_unknown(site: Living) -> None:
    read_rates(site, ("floatrates", "MAD", "10.9"), ("nbp", "MAD", "11.9"))
    shown = text(site, MA)
    assert "unknownNo mid-market rate can be trusted there" in shown
    assert "1 EUR =" not in shown


@pytest.mark.parametrize(
    ("country", "currency", "shown"),
    [("SN", "XOF", "1 EUR = 655.9570 XOF"), ("CW", "XCG", "1 EUR = 2.0585 XCG")],
)
def test_a_rate_that_is_fixed_by_law_says_so(
    site: Living, country: str, currency: str, shown: str
) -> None:
    site.reached(Reach(country, (currency,)))
    read_rates(site, ("ecb", "USD", "1.15"))
    page = text(site, f"/country/{country.lower()}")
    assert shown in page
    assert "Mid-market rate: a fixed rate set by law" in page


@pytest.mark.parametrize(
    ("country", "words"),
    [
        ("ng", "The central bank has ordered that money from abroad is paid out"),
        ("ht", "The central bank has ordered that money from abroad is paid out"),
        ("sr", "pays for an exchange a second time"),
        ("iq", "Dollars are not paid out freely there"),
        ("sy", "New money is worth many times as much as old money"),
        ("cw", "A new currency has taken the place of the old one."),
        ("dz", "changed there at another rate than the official one"),
    ],
)
def test_what_is_known_of_a_currency_has_its_source_and_day(
    client: FlaskClient, country: str, words: str
) -> None:
    page = client.get(f"/en/country/{country}").text
    shown = Reader(page).text
    assert words in shown
    after = shown.partition(words)[2]
    assert "Source, read on 2" in after[:220]
    assert (STREET in shown) == (country != "dz")


def test_what_nobody_looked_into_is_said(site: Living) -> None:
    shown = text(site, MA)
    assert STREET in shown
    assert "We do not know these limits yet" in shown
    assert "We do not know that of any firm." in shown


def test_the_notes_are_those_of_its_own_file(site: Living) -> None:
    note = CountryNote(NoteKind.STREET_RATE, "https://rules.example/street", SEEN)
    site.app.extensions["country_notes"] = {"MA": (note,)}
    page = site.client.get(f"/en{MA}").text
    assert "https://rules.example/street" in Reader(page).links
    assert "read on 1 November 2026" in Reader(page).text
    assert STREET not in Reader(page).text


def test_a_site_with_broken_notes_does_not_start(site: Living, tmp_path: Path) -> None:
    (tmp_path / "countries.toml").write_text('[MA.restricted]\nsource = "no"\n', encoding="utf-8")
    with pytest.raises(BadNote, match="checked_on"):
        create_app(settings(site.url, data=tmp_path))


def test_ways_better_than_the_mid_rate_are_told_if_they_are_of_today(site: Living) -> None:
    save(site.database, price(margin="-0.02"))
    assert "1 way gives a better rate than our mid-market rate." in text(site, MA)
    site.at(NOON + timedelta(days=2))
    assert "better rate than our" not in text(site, MA)


def test_a_survey_without_any_margin_says_what_that_can_mean(site: Living) -> None:
    save(site.database, price(margin="0.001", origin=Origin.SURVEY, source="rpw"))
    assert "the survey found no exchange margin." not in text(site, MA)
    save(site.database, price(replace(SERVICE, pay_in="GP"), margin="0"))
    assert "the survey found no exchange margin." not in text(site, MA)
    free = replace(SERVICE, provider="beta")
    save(site.database, price(free, margin="0", origin=Origin.SURVEY, source="rpw"))
    assert "For 1 way the survey found no exchange margin." in text(site, MA)


def test_a_closed_country_says_why_and_shows_no_number(site: Living) -> None:
    closed = Corridor("NL", "EUR", "IR", "IRR")
    save(site.database, price(replace(SERVICE, corridor=closed)), corridor=closed)
    read_rates(site, ("floatrates", "IRR", "48000"))
    page = site.client.get("/en/country/ir").text
    assert "Sanctions: firms may send money there with a permit only." in Reader(page).text
    assert "read on 1 November 2026" in Reader(page).text
    assert "https://rules.example/ir" in Reader(page).links
    assert "We show no prices to Iran" in Reader(page).text
    assert "IRR" not in Reader(page).text
    assert not [link for link in Reader(page).links if "/send/" in link]


def test_a_limited_country_says_why_and_shows_what_there_is(site: Living) -> None:
    limited = Corridor("NL", "EUR", "SY", "SYP")
    save(site.database, price(replace(SERVICE, corridor=limited)), corridor=limited)
    shown = text(site, "/country/sy")
    assert "No mid-market rate can be trusted there, so no price can be weighed. Source" in shown
    assert "1 way, 1 firm" in shown


def test_every_country_that_ships_has_a_page(client: FlaskClient) -> None:
    links = {one for one in Reader(client.get("/en/").text).links if "/send/nl/" in one}
    countries = {link.split("/")[4].partition("?")[0] for link in links}
    assert len(countries) >= 60
    for code in sorted(countries):
        assert client.get(f"/en/country/{code}").status_code == 200


@pytest.mark.parametrize("code", ["fr", "xx", "nl", "m", "x" * 90, "..", "%00", "ma%2F"])
def test_a_country_that_nobody_knows_has_no_page(site: Living, code: str) -> None:
    assert site.client.get(f"/en/country/{code}").status_code == 404


def test_codes_are_small(site: Living) -> None:
    response = site.client.get("/en/country/MA")
    assert (response.status_code, response.location) == (301, "/en/country/ma")


def test_a_country_asks_few_questions_and_writes_nothing(site: Living) -> None:
    for corridor in (SR_USD, SR_SRD):
        save(site.database, price(replace(SERVICE, corridor=corridor)), corridor=corridor)
    with asked(site.app) as statements:
        site.client.get("/en/country/sr")
    assert len(statements) <= MOST
    assert {one.split()[0] for one in statements} <= {"SELECT", "BEGIN"}


def test_other_ways_name_no_price_and_each_rule_has_its_law(site: Living) -> None:
    with asked(site.app) as statements:
        page = site.client.get("/en/other-ways").text
    (foot,) = [one for one in statements if not one.startswith("BEGIN")]
    assert "article" in foot, "what the foot of every page leads to, and no price"
    shown = Reader(page).text
    assert "€10,000 or more in cash" in shown
    assert "The rules on this page are as they stood on 20 November 2026." in shown
    links = Reader(page).links
    for address in (
        "https://eur-lex.europa.eu/eli/reg/2018/1672/oj",
        "https://eur-lex.europa.eu/eli/reg/2021/1230/oj",
        "https://eur-lex.europa.eu/eli/dir/2015/2366/oj",
        "https://wetten.overheid.nl/BWBR0020368/",
        "https://ideas.repec.org/p/dnb/dnbwpp/375.html",
    ):
        assert address in links
    assert shown.count("€") == 1, "this page has no prices"
    assert page.count('<th scope="row">') == 4
    assert page.count('<th scope="col">') == 3


METHODS = st.lists(st.sampled_from(PickupMethod), unique=True, max_size=3).map(tuple)


@given(st.lists(METHODS, max_size=8))
def test_every_way_counts_once_at_each_method_that_it_has(
    methods: list[tuple[PickupMethod, ...]],
) -> None:
    ladders = [Ladder([price(replace(SERVICE, pickup_methods=some))]) for some in methods]
    found = counted([Known(NL_MA, None, ladders, None)])
    counts = dict(found.pickup)
    assert sum(counts.values()) == sum(max(1, len(some)) for some in methods)
    assert counts.get(None, 0) == methods.count(())
    known = [count for method, count in found.pickup if method]
    assert known == sorted(known, reverse=True)
    assert all(method is not None for method, _count in found.pickup[:-1])
    assert dict(found.paying) == (
        {PaymentInstrument.BANK_ACCOUNT_TRANSFER: len(methods)} if methods else {}
    )
