"""Live prices on pages and in the API: their age, who told them, promotions, ways to pay."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.db.evidence import add_evidence
from app.db.providers import set_licence, set_status
from app.domain.money import Money
from app.domain.provider import Licence, ProviderStatus
from app.domain.quote import Observed, Origin, Precision, Price, Promotion
from app.domain.service import PaymentInstrument, PickupMethod
from tests.db.made import NOON, PROOF, SERVICE, price, save
from tests.web.living import ADDRESS, Living, living
from tests.web.reading import LANGUAGES, Reader, plain, said, section

both = pytest.mark.parametrize("lang", LANGUAGES)
BETA = replace(SERVICE, provider="beta")
BANK = (PaymentInstrument.BANK_ACCOUNT_TRANSFER,)
SURVEY: dict[str, Any] = {
    "origin": Origin.SURVEY,
    "source": "rpw",
    "observed": Observed(datetime(2025, 8, 19, tzinfo=NOON.tzinfo), Precision.DAY),
}


def ago(**length: float) -> datetime:
    return NOON - timedelta(**length)


@pytest.fixture
def site(templates: dict[str, str], tmp_path: Path) -> Iterator[Living]:
    with living(templates, tmp_path) as made:
        yield made


def page(site: Living, address: str = ADDRESS, lang: str = "en") -> str:
    response = site.client.get(f"/{lang}{address}")
    assert response.status_code == 200
    return response.text


def row(html: str, slug: str) -> str:
    return html.partition(f'id="{slug}"')[2].partition("\n</li>")[0]


def origin(html: str, slug: str) -> str:
    return Reader(section(row(html, slug), '<p class="origin">', "</p>")).text


def compare(site: Living, address: str = "to=MA&pay=203.10") -> Any:
    return site.client.get(f"/api/v1/compare?from=NL&{address}").get_json()


EXACT = "/send/nl/ma?pay=203.10"
"""What a price of tests/db/made.py is for, to the cent."""


@pytest.mark.parametrize(
    ("passed", "english", "dutch", "age"),
    [
        (timedelta(0), "1 minute ago", "1 minuut geleden", "fresh"),
        (timedelta(minutes=12), "12 minutes ago", "12 minuten geleden", "fresh"),
        (timedelta(minutes=12, seconds=1), "13 minutes ago", "13 minuten geleden", "fresh"),
        (timedelta(minutes=20), "20 minutes ago", "20 minuten geleden", "fresh"),
        (timedelta(minutes=21), "21 minutes ago", "21 minuten geleden", "older"),
        (timedelta(minutes=119), "119 minutes ago", "119 minuten geleden", "older"),
        (timedelta(hours=5), "5 hours ago", "5 uur geleden", "older"),
        (timedelta(hours=5, minutes=1), "6 hours ago", "6 uur geleden", "older"),
        (timedelta(hours=24), "24 hours ago", "24 uur geleden", "older"),
        (timedelta(hours=25), "19 November 2026", "19 november 2026", "dated"),
        (timedelta(days=14), "6 November 2026", "6 november 2026", "dated"),
    ],
)
def test_a_price_says_its_age_and_never_looks_younger(
    site: Living, passed: timedelta, english: str, dutch: str, age: str
) -> None:
    save(site.database, price(at=NOON - passed))
    for lang, words in (("en", english), ("nl", dutch)):
        assert words in origin(page(site, EXACT, lang), "alpha")
        assert words in Reader(page(site, "/price/1", lang)).text
    (result,) = compare(site)["results"]
    assert result["age"] == age
    seen = (NOON - passed).isoformat().replace("+00:00", "Z")
    assert result["observed_at"] == seen


def test_the_price_page_has_the_exact_time_as_well(site: Living) -> None:
    save(site.database, price(at=ago(minutes=12)))
    assert "20 November 2026, 11:48 UTC (12 minutes ago)" in Reader(page(site, "/price/1")).text


def test_a_page_that_changed_only_its_minutes_has_another_tag(site: Living) -> None:
    save(site.database, price())
    tags = []
    for minutes in (2, 2.5, 3.5):
        site.at(NOON + timedelta(minutes=minutes))
        tags.append(site.client.get(f"/en{EXACT}").headers["ETag"])
    assert tags[0] != tags[1] == tags[1] != tags[2]


def test_an_estimate_is_as_old_as_the_older_of_its_rungs(site: Living) -> None:
    save(site.database, price(rung="100", at=ago(minutes=3)), price(rung="500", at=ago(minutes=9)))
    assert "9 minutes ago" in origin(page(site), "alpha")


@both
def test_only_the_freshest_can_be_the_most_and_the_others_come_after(
    site: Living, lang: str
) -> None:
    gamma = replace(SERVICE, provider="beta", pickup_methods=(PickupMethod.CARD,))
    save(site.database, price(at=ago(minutes=5), margin="0.02"))
    save(
        site.database, price(BETA, margin="0.001", **SURVEY), price(gamma, margin="0.04", **SURVEY)
    )
    html = page(site, EXACT, lang)
    assert html.index('id="fresh"') < html.index('id="alpha"') < html.index('id="dated"')
    assert html.index('id="dated"') < html.index('id="beta"')
    most = said(site.app, lang, "the most of the freshest prices")
    assert most in plain(row(html, "alpha"))
    assert most not in plain(row(html, "beta"))
    assert said(site.app, lang, "older, so not compared") in plain(row(html, "beta"))
    assert said(site.app, lang, "Between the best and the worst lies %(gap)s.", gap="") not in html
    first = compare(site)["results"][0]
    assert (first["provider"], first["age"]) == ("alpha", "fresh")


def test_prices_of_one_age_have_no_heading_of_their_own(site: Living) -> None:
    save(site.database, price(at=ago(minutes=5)), price(BETA, at=ago(minutes=6)))
    html = page(site, EXACT)
    assert 'id="fresh"' not in html
    assert "the most in this list" in html


def test_the_place_in_the_list_counts_on_through_the_ages(site: Living) -> None:
    save(site.database, price(), price(BETA, at=ago(hours=5)))
    assert "number 2 of 2 among the firms" in plain(row(page(site, EXACT), "beta"))


@both
def test_each_origin_is_told_in_words(site: Living, lang: str) -> None:
    save(site.database, price(at=ago(minutes=4)))
    save(site.database, price(BETA, via="wise", source="wise_comparisons", at=ago(minutes=8)))
    html = page(site, EXACT, lang)
    itself = said(site.app, lang, "asked at the firm itself, %(when)s", when="")
    assert itself in origin(html, "alpha")
    assert itself not in origin(html, "beta")
    assert said(site.app, lang, "via %(name)s", name="Wise") in origin(html, "beta")
    explained = f"/{lang}/how-we-work#via"
    assert explained in Reader(row(html, "beta")).links
    assert 'id="via"' in page(site, "/how-we-work", lang)
    told = {one["provider"]: one["via"] for one in compare(site)["results"]}
    assert told == {"alpha": None, "beta": "wise"}
    numbers = [link for link in Reader(row(html, "beta")).links if "/price/" in link]
    shown = Reader(site.client.get(numbers[0]).text).text
    assert (
        said(
            site.app,
            lang,
            "%(teller)s collects what other firms charge, about once an hour, and tells it as a "
            "list price. What %(name)s itself asks may differ.",
            teller="Wise",
            name="Beta",
        )
        in shown
    )


def test_what_wise_tells_of_a_firm_goes_when_the_firm_tells_it_itself(site: Living) -> None:
    wallet = replace(SERVICE, pickup_methods=(PickupMethod.MOBILE_WALLET,))
    save(site.database, price(wallet, via="wise", source="wise_comparisons", margin="0.001"))
    assert len(compare(site)["results"]) == 1
    save(site.database, price())
    (result,) = compare(site)["results"]
    assert result["via"] is None
    assert "via Wise" not in page(site, EXACT).partition('id="missing"')[0]
    left_out = site.client.get("/en/price/1")
    assert "This price is not offered now" in left_out.text


@both
def test_a_price_not_read_for_two_weeks_is_not_offered_and_the_firm_is_missing(
    site: Living, lang: str
) -> None:
    save(site.database, price(at=ago(days=14, minutes=1)), price(BETA))
    html = page(site, EXACT, lang)
    assert '<li class="result" id="alpha"' not in html
    gone = said(site.app, lang, "No current price: we last read one on %(day)s.", day="").rstrip(
        "."
    )
    assert gone in Reader(html).text
    (missing,) = [one for one in compare(site)["coverage"]["missing"] if one["provider"] == "alpha"]
    assert missing["why"].startswith("No current price")
    assert "1 firm" in Reader(page(site, "/")).text


def with_offer(rate: str = "11.2", fee: str = "0", received: str = "2240") -> Price:
    one = price()
    offer = Promotion(
        Decimal(rate),
        Money(Decimal(fee), "EUR"),
        Money(Decimal(received), "MAD"),
        "One <per> head.",
    )
    return replace(one, quote=replace(one.quote, promotion=offer))


@both
def test_a_promotion_stands_beside_the_price_and_not_in_its_place(site: Living, lang: str) -> None:
    save(site.database, with_offer(), price(BETA, margin="0.001"))
    html = page(site, EXACT, lang)
    figures = {"en": ("MAD 2,240.00", "MAD 2,158.20"), "nl": ("MAD 2.240,00", "MAD 2.158,20")}
    offer, standard = figures[lang]
    beside = Reader(section(row(html, "alpha"), '<p class="promo">', "</p>")).text
    assert offer in beside
    assert standard in beside
    assert offer not in Reader(section(row(html, "alpha"), '<p class="arrives">', "</p>")).text
    assert '<q lang="en" dir="ltr">One &lt;per&gt; head.</q>' in html
    assert html.index('id="beta"') < html.index('id="alpha"'), "the offer does not rank"
    assert 'class="promo"' not in row(html, "beta")
    assert '<p class="promo">' in page(site, "/price/1", lang)
    rows = {one["provider"]: one["promotion"] for one in compare(site)["results"]}
    assert rows["beta"] is None
    assert rows["alpha"]["received"] == "2240.00"


def test_a_lower_fee_is_a_promotion_too(site: Living) -> None:
    save(site.database, with_offer("10.791", "0", "2158.20"))
    beside = Reader(section(page(site, EXACT), '<p class="promo">', "</p>")).text
    assert "the fee is €0.00 instead of €3.10" in beside
    assert "they receive" not in beside


def test_an_estimate_has_no_promotion(site: Living) -> None:
    save(site.database, with_offer(), price(rung="500"))
    assert 'class="promo"' in page(site, EXACT)
    assert 'class="promo"' not in page(site, "/send/nl/ma?pay=300")


@pytest.mark.parametrize(
    ("instruments", "pay_in", "words"),
    [
        (BANK, "iDEAL", "bank transfer (iDEAL)"),
        (BANK, "", "bank transfer"),
        ((), "GP", "another way to pay (GP)"),
        ((), "", "unknown"),
    ],
)
def test_the_way_to_pay_has_its_name(
    site: Living, instruments: tuple[PaymentInstrument, ...], pay_in: str, words: str
) -> None:
    save(site.database, price(replace(SERVICE, payment_instruments=instruments, pay_in=pay_in)))
    facts = section(row(page(site, EXACT), "alpha"), '<dl class="facts">', "</dl>")
    assert f"{words}{'' if instruments else ','} on the internet" in Reader(facts).text
    assert f"{words}{'' if instruments else ','} on the" in Reader(page(site, "/price/1")).text
    (result,) = compare(site)["results"]
    assert result["pay_in"] == (pay_in or None)


def test_a_closed_firm_is_listed_as_closed_and_never_offered(site: Living) -> None:
    save(site.database, price(margin="0"), price(BETA))
    with site.database.writing() as session:
        set_status(session, 1, ProviderStatus.CLOSED)
    html = page(site, EXACT)
    assert '<li class="result" id="alpha"' not in html
    assert "Closed: this firm sends no money any more." in Reader(html).text
    missing = {one["provider"]: one["why"] for one in compare(site)["coverage"]["missing"]}
    assert missing["alpha"].startswith("Closed")


def test_a_rate_source_that_wants_a_link_gets_one_wherever_rates_are(site: Living) -> None:
    save(site.database, price(mid=replace(price().mid, sources=("open_er_api",))))
    for address in ("/", EXACT, "/price/1", "/how-we-work"):
        html = page(site, address)
        link = '<a href="https://www.exchangerate-api.com" rel="noreferrer">Rates By Exchange Rate'
        assert link in html


def test_evidence_that_is_no_table_can_be_downloaded(site: Living) -> None:
    with site.database.writing() as session:
        add_evidence(session, [PROOF])
    save(site.database, price())
    html = page(site, "/price/1")
    (link,) = [link for link in Reader(html).links if link.startswith("/evidence/")]
    assert site.client.get(link).data == PROOF.body
    assert 'class="raw"' not in html


def test_the_licence_orders_the_safe_list(site: Living) -> None:
    save(site.database, price(margin="0"), price(BETA))
    with site.database.writing() as session:
        set_licence(session, 2, Licence.FOUND)
    html = page(site, f"{EXACT}&first=safe")
    assert html.index('id="beta"') < html.index('id="alpha"')
