"""The list of firms, and the page of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.db.asked import Outcome
from app.db.licences import note_licence
from app.db.providers import add_provider, set_licence
from app.db.sources import note_success
from app.domain.corridor import Corridor
from app.domain.ladder import Answer, Ladder
from app.domain.money import Money
from app.domain.provider import Licence, Provider, ProviderKind, ProviderStatus
from app.domain.quote import Price, Promotion
from app.domain.reach import WhyNotAsked
from tests.db.made import NL_MA, NOON, SERVICE, price, save
from tests.web.living import Living, living, text
from tests.web.reading import Reader, plain, section
from tests.web.test_places import found_licence
from tests.web.test_queries import MOST, asked

SR_USD, SR_SRD = Corridor("NL", "EUR", "SR", "USD"), Corridor("NL", "EUR", "SR", "SRD")
PH, ZA = Corridor("NL", "EUR", "PH", "PHP"), Corridor("NL", "EUR", "ZA", "ZAR")
ALPHA = "/provider/alpha"
RUNGS = ("100", "200", "345")


@pytest.fixture
def site(templates: dict[str, str], tmp_path: Path) -> Iterator[Living]:
    with living(templates, tmp_path) as made:
        made.reached()
        yield made


def html(site: Living, address: str = ALPHA) -> str:
    response = site.client.get(f"/en{address}")
    assert response.status_code == 200
    return response.text


def prices_of(site: Living, address: str = ALPHA) -> str:
    return plain(Reader(section(html(site, address), 'class="places"', "</table>")).text)


def ladder(corridor: Corridor = NL_MA, **other: Any) -> list[Price]:
    return [price(replace(SERVICE, corridor=corridor), rung=rung, **other) for rung in RUNGS]


def save_ladder(site: Living, corridor: Corridor = NL_MA, **other: Any) -> None:
    save(site.database, *ladder(corridor, **other), corridor=corridor)


def with_offer(**other: Any) -> Price:
    plain_price = price(**other)
    offer = Promotion(
        Decimal("11.2"), Money(Decimal(0), "EUR"), Money(Decimal(9240), "MAD"), "Only once."
    )
    return replace(plain_price, quote=replace(plain_price.quote, promotion=offer))


def test_a_firm_says_who_it_is_and_leads_to_its_own_site(client: FlaskClient) -> None:
    page = client.get("/en/provider/western-union").text
    assert "<h1>Western Union</h1>" in page
    assert "money transfer company" in Reader(page).text
    assert (
        'href="https://www.westernunion.com/" rel="external noreferrer noopener">To Western' in page
    )


def test_it_lists_what_it_offers_by_the_name_of_the_country(site: Living) -> None:
    for corridor in (SR_USD, ZA, NL_MA, SR_SRD):
        save_ladder(site, corridor)
    shown = prices_of(site)
    places = ["Morocco 1 way", "South Africa 1 way", "Suriname 1 way", "Suriname, US dollars 1 way"]
    assert sorted(places, key=shown.index) == places
    links = Reader(html(site)).links
    assert "/en/send/nl/sr?pay=200&currency=USD" in links
    assert "/en/send/nl/sr?pay=200" in links


def test_its_answer_is_the_one_of_the_list(site: Living) -> None:
    save_ladder(site)
    shown = prices_of(site)
    found = Reader(site.client.get("/en/send/nl/ma?pay=200").text).text
    answer = Ladder(ladder()).at_paid(Money(Decimal(200), "EUR"))
    assert isinstance(answer, Answer)
    arrives = f"MAD {answer.received.amount:,.2f}"
    assert arrives in shown
    assert arrives in found
    assert "asked at the firm itself, 1 minute ago" in shown
    assert "estimated between €100 and €200 sent" in shown
    (link,) = [one for one in Reader(html(site)).links if "/price/" in one]
    assert site.client.get(link).status_code == 200


def test_a_fresh_answer_goes_before_a_better_old_one(site: Living) -> None:
    better = replace(SERVICE, payment_instruments=())
    old = [price(better, rung=rung, margin="-0.01", at=NOON - timedelta(days=3)) for rung in RUNGS]
    save(site.database, *ladder(), *old)
    shown = prices_of(site)
    assert "2 ways" in shown
    assert "1 minute ago" in shown
    assert "17 November" not in shown


def test_what_others_tell_is_left_out_where_the_firm_tells_itself(site: Living) -> None:
    told = replace(SERVICE, payment_instruments=())
    others = [
        price(told, rung=rung, margin="-0.01", via="wise", source="wise_comparisons")
        for rung in RUNGS
    ]
    save(site.database, *ladder(), *others)
    assert "1 way" in prices_of(site)
    assert "via Wise" not in prices_of(site)
    assert "Wise collects what other firms charge" in text(site, ALPHA)


def test_a_price_that_is_long_gone_is_not_offered_at_all(site: Living) -> None:
    save_ladder(site)
    site.at(NOON + timedelta(days=15))
    shown = text(site, ALPHA)
    assert "We have no price of this firm that is offered now." in shown
    assert "MAD" not in shown
    index = html(site, "/providers")
    assert "/en/provider/alpha" in Reader(index.partition("No price known yet")[2]).links


def test_an_amount_beyond_its_prices_is_said_and_not_guessed(site: Living) -> None:
    save(site.database, price(rung="345"), price(rung="500"))
    assert "We know its prices from €348.10 to €503.10 only." in prices_of(site)
    assert "MAD" not in prices_of(site)


def test_a_closed_country_is_never_offered(site: Living) -> None:
    closed = Corridor("NL", "EUR", "IR", "IRR")
    save_ladder(site, closed)
    assert "Iran" not in text(site, ALPHA)
    assert "prices to" not in text(site, "/providers")


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (ProviderStatus.CLOSED, "Closed: this firm sends no money any more."),
        (ProviderStatus.UNLICENSED, "This firm has no licence, so we do not offer it."),
    ],
)
def test_a_firm_that_is_not_active_is_listed_apart_and_never_offered(
    site: Living, status: ProviderStatus, words: str
) -> None:
    omega = Provider("omega", "Omega", ProviderKind.MTO, status, website="https://omega.example/")
    with site.database.writing() as session:
        add_provider(session, omega, [])
    save(site.database, *[price(replace(SERVICE, provider="omega"), rung=one) for one in RUNGS])
    shown = html(site, "/provider/omega")
    assert words in Reader(shown).text
    assert "MAD" not in Reader(shown).text
    assert "https://omega.example/" not in Reader(shown).links
    index = html(site, "/providers")
    assert words in Reader(index.partition("Never offered")[2]).text
    assert "Omega" not in index.partition("Never offered")[0]


def test_its_licence_is_told_as_the_register_has_it(site: Living) -> None:
    assert "Not checked yet." in text(site, ALPHA)
    assert "Not checked says nothing good or bad" in text(site, ALPHA)
    with site.database.writing() as session:
        note_licence(session, found_licence())
        set_licence(session, 1, Licence.FOUND)
    shown = text(site, ALPHA)
    assert "Alpha Europe SA, Belgium, BE_NBB!0713629988, checked on 20 November 2026." in shown
    assert "Licencefound in the register" in shown
    assert "Not checked" not in shown
    assert "Licence: found in the register" in text(site, "/providers")


def test_what_is_not_known_of_its_reliability_is_said_part_by_part(site: Living) -> None:
    shown = text(site, ALPHA)
    assert shown.count("not enough data yet") == 3
    assert "We give no single mark" in shown


def test_offers_for_new_customers_stand_apart_and_rank_nothing(site: Living) -> None:
    save(site.database, *ladder(), with_offer(service=replace(SERVICE, pay_in="GP"), margin="0.05"))
    page = html(site)
    assert "9,240" not in prices_of(site)
    offers = Reader(section(page, 'id="offers"', "</section>")).text
    assert "1 offer now" in offers
    assert "they receive MAD 9,240.00 instead of MAD" in offers
    assert "Only once." in offers
    assert "does not count in the order" in offers


def test_the_history_is_that_of_its_widest_country(site: Living) -> None:
    assert 'id="history"' not in html(site)
    more = replace(SERVICE, pickup_methods=())
    save_ladder(site, ZA, at=NOON - timedelta(days=9))
    for days, fee in ((9, "3.10"), (5, "4.10"), (0, "2.10")):
        at = NOON - timedelta(days=days)
        rungs = [price(one, rung="200", fee=fee, at=at) for one in (SERVICE, more)]
        save(site.database, *rungs, price(rung="100", fee=fee, at=at))
    shown = section(html(site), 'id="history"', "</section>")
    assert "€202.10 to Morocco" in Reader(shown).text
    assert "South Africa" not in shown
    assert "<svg" in shown
    assert "11 November 2026" in Reader(shown).text


def test_an_offer_of_another_day_is_over(site: Living) -> None:
    save(site.database, with_offer())
    site.at(NOON + timedelta(days=2))
    assert "9,240" not in text(site, ALPHA)


def test_it_says_when_the_firm_was_asked_and_when_it_answered(site: Living) -> None:
    site.source("alpha_site", "alpha")
    assert "Not asked yet." in text(site, ALPHA)
    with site.database.writing() as session:
        note_success(session, "alpha_site", NOON - timedelta(hours=5))
    assert "asked 5 hours ago; last answer: 5 hours ago" in text(site, ALPHA)
    site.asked("alpha_site", Outcome.FAILED, trouble="schema")
    shown = text(site, ALPHA)
    assert "could not read the answer" in shown
    assert "asked 1 minute ago; last answer: 5 hours ago" in shown
    assert "0x7f" not in shown
    assert "secret" not in shown


def test_it_says_when_the_newest_price_is_of_and_not_of_others_sources(site: Living) -> None:
    site.source("wise", "alpha")
    site.source("ria", "beta")
    for corridor, hours in ((NL_MA, 9), (ZA, 2), (PH, 5)):
        save_ladder(site, corridor, at=NOON - timedelta(hours=hours))
    shown = section(html(site), 'id="told"', "</section>")
    assert "newest price: 2 hours ago" in Reader(shown).text
    assert "Ria" not in shown


def test_a_source_that_is_off_says_why(site: Living) -> None:
    site.source("alpha_site", "alpha", stance="amber", is_on=False)
    assert "only with permission" in text(site, ALPHA)


def test_a_firm_that_is_not_asked_says_why_and_where_that_can_be_checked(site: Living) -> None:
    site.not_asked(("beta", WhyNotAsked.BOT_WALL), ("epsilon", WhyNotAsked.NOT_YET))
    for address in ("/provider/beta", "/providers"):
        shown = html(site, address)
        assert "this firm turns machines away" in Reader(shown).text
        assert "https://beta.example/" in Reader(shown).links
        assert "read on 1 November 2026" in Reader(shown).text
    index = html(site, "/providers")
    assert "Epsilon" in index
    assert "/en/provider/epsilon" not in Reader(index).links
    assert Reader(index).links.count("/en/provider/beta") == 1


def test_a_firm_of_which_nothing_is_told_says_so(site: Living) -> None:
    assert "No source of ours tells prices of this firm." in text(site, "/provider/beta")


def test_it_says_how_to_complain(site: Living) -> None:
    links = Reader(html(site)).links
    assert "https://www.kifid.nl/" in links
    assert "https://eur-lex.europa.eu/eli/dir/2015/2366/oj" in links
    assert "We do not know which firms are" in text(site, ALPHA)


def test_the_list_counts_countries_not_currencies(site: Living) -> None:
    for corridor in (NL_MA, SR_USD, SR_SRD):
        save_ladder(site, corridor)
    shown = text(site, "/providers")
    assert "money transfer company; prices to 2 countries" in shown
    assert "No price known yet" in shown


def test_every_firm_that_ships_has_a_page(client: FlaskClient) -> None:
    links = {one for one in Reader(client.get("/en/providers").text).links if "/provider/" in one}
    assert len(links) >= 40
    for link in sorted(links):
        assert client.get(link).status_code == 200


@pytest.mark.parametrize("slug", ["nobody", "Alpha", "x" * 200, "%00", "..", "alpha%2Fbeta"])
def test_a_firm_that_nobody_knows_has_no_page(site: Living, slug: str) -> None:
    assert site.client.get(f"/en/provider/{slug}").status_code == 404


def test_a_firm_with_many_countries_asks_no_more_than_one_with_few(site: Living) -> None:
    counts = []
    for corridor in (NL_MA, PH, SR_SRD, SR_USD):
        save_ladder(site, corridor)
        with asked(site.app) as statements:
            site.client.get(f"/en{ALPHA}")
        counts.append(len(statements))
        assert {one.split()[0] for one in statements} <= {"SELECT", "BEGIN"}
    assert len(set(counts)) == 1
    assert 1 < counts[0] <= MOST
