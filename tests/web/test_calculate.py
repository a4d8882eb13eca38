"""The calculators: what they say, what they refuse, and what they never keep."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app.db.rates import add_readings
from app.domain.midrate import MidReading
from app.domain.money import Money
from app.domain.quote import Promotion
from tests.conftest import NOW
from tests.db.made import NOON, SERVICE, price, save
from tests.web.living import Living, living
from tests.web.reading import Reader, section

RECEIPT = {"from": "NL", "to": "TR", "paid": "203", "fee": "3", "received": "11000"}
DAY = {"day": "2026-10-30"}


@pytest.fixture
def now(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """The site with the shipped data, at the time of the tests."""
    monkeypatch.setitem(client.application.extensions, "clock", lambda: NOW)
    return client


@pytest.fixture
def live(templates: dict[str, str], tmp_path: Path) -> Iterator[Living]:
    with living(templates, tmp_path) as made:
        made.reached()
        yield made


def answer(html: str) -> str:
    """What stands in the answer to a receipt."""
    return Reader(section(html, '<div class="outcome">', "<template")).text


def posted(client: FlaskClient, lang: str = "en", **fields: str) -> str:
    response = client.post(f"/{lang}/receipt", data=RECEIPT | DAY | fields)
    assert response.status_code == 200
    return answer(response.text)


def page(client: FlaskClient, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return Reader(response.text).text


# ---- the receipt ----


def test_a_receipt_by_hand(now: FlaskClient) -> None:
    """203 - 11,000 / 55.8015 = 5.8743; ECB, 30 October 2026."""
    said = posted(now)
    assert "Costs you €5.87 (2.89%): fee €3.00 + exchange rate €2.87" in said
    assert "€203.00 less TRY 11,000.00 at the mid-market rate of 55.8015 is €5.87." in said
    assert "1 EUR = 55.8015 TRY" in said
    assert "European Central Bank, 30 October 2026" in said
    assert "1 EUR = 55.0000 TRY" in said


def test_the_language_of_the_page_is_that_of_its_amounts(now: FlaskClient) -> None:
    said = posted(now, "nl", paid="203,50", received="11.000,50")
    assert "€ 203,50" in said
    assert "TRY 11.000,50" in said
    assert "30 oktober 2026" in said


def test_without_a_fee_only_the_whole_is_said(now: FlaskClient) -> None:
    said = posted(now, fee=" ")
    assert "Costs you €5.87 (2.89%), fee and exchange rate together" in said
    assert said.count("unknown") == 2
    assert "Your exchange rate" not in said


def test_a_fee_of_nothing_is_known(now: FlaskClient) -> None:
    assert "fee €0.00 + exchange rate €5.87" in posted(now, fee="0")


def test_a_rate_that_gains_is_shown_as_it_is(now: FlaskClient) -> None:
    said = posted(now, received="11250")
    assert "Costs you €1.39 (0.69%): fee €3.00, less €1.61 that the exchange rate gains you" in said
    assert "Gains you €3.09 (1.52%)" in posted(now, received="11500")
    assert "Gains you €3.09 (1.52%), fee and exchange" in posted(now, received="11500", fee="")


def test_the_rate_on_the_receipt_will_do_if_the_fee_is_known(now: FlaskClient) -> None:
    assert "TRY 11,040.00" in posted(now, received="", rate="55,2")
    response = now.post("/en/receipt", data=RECEIPT | {"received": "", "fee": "", "rate": "55.2"})
    assert response.status_code == 422
    assert "Fill in what arrived, or the exchange rate and the fee." in response.text


def test_a_weekend_takes_the_last_working_day_before_it(now: FlaskClient) -> None:
    assert "30 October 2026" in posted(now, day="2026-11-01")
    assert "29 October 2026" in posted(now, day="2026-10-29")


@pytest.mark.parametrize("day", ["", "2026-11-15", "2023-12-29", "1998-01-01", "0001-01-01"])
def test_a_day_without_a_mid_rate_is_unknown(now: FlaskClient, day: str) -> None:
    """The shipped rates end on 30 October 2026."""
    said = posted(now, day=day)
    assert said.startswith("We do not know the mid-market rate of that day")
    assert "€" not in said


def test_no_day_is_today(live: Living) -> None:
    with live.database.writing() as session:
        add_readings(
            session,
            "ecb",
            [MidReading("ecb", "ecb", "TRY", Decimal(50 + at.day), at) for at in (NOON, LATER)],
        )
    assert "at the mid-market rate of 70.0000" in posted(live.client, day="", received="14000")


LATER = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def test_a_fixed_rate_needs_no_reading(now: FlaskClient) -> None:
    said = posted(now, to="SN", received="130000", day="2001-05-05")
    assert "655.957" in said
    assert "a fixed rate set by law" in said


def test_another_currency_than_the_main_one(now: FlaskClient) -> None:
    said = posted(now, to="SR", currency="USD", received="220")
    assert "US$220.00" in said
    assert "1 EUR = 1.1172 USD" in said


def test_amounts_that_cannot_be_right_are_not_worked_out(now: FlaskClient) -> None:
    said = posted(now, received="1100")
    assert said.startswith("Check whether these amounts are right: TRY 1,100.00 for €203.00")
    assert "Costs you" not in said


def test_the_list_of_today_is_one_tap_away_and_says_what_it_tells(now: FlaskClient) -> None:
    response = now.post("/en/receipt", data=RECEIPT | DAY)
    shown = section(response.text, '<div class="outcome">', "<template")
    assert 'href="/en/send/nl/tr?pay=203"' in shown
    assert "That list has the amount in its address." in shown
    for fields in ({"paid": "9", "received": "450", "fee": "1"}, {"to": "FR", "received": "200"}):
        response = now.post("/en/receipt", data=RECEIPT | DAY | fields)
        assert response.status_code == 200
        assert "/en/send/" not in section(response.text, '<div class="outcome">', "<template")


@pytest.mark.parametrize(
    ("field", "text", "says"),
    [
        ("fee", "203", "The fee must be less than what you paid in all."),
        ("fee", "1.000.0", "Write the amount in figures"),
        ("paid", "", "Fill in an amount."),
        ("paid", "0", "Fill in an amount."),
        ("paid", "-5", "Write the amount in figures"),
        ("paid", "<script>", "Write the amount in figures"),
        ("received", "1e9", "Write the amount in figures"),
        ("received", "0", "Fill in an amount."),
        ("rate", "55.5.5", "Write the amount in figures, like 10.8500."),
        ("day", "2026-11-22", "This day is still to come."),
        ("day", "tomorrow", "Write the day like 2026-11-10."),
        ("to", "", "Choose a country."),
        ("to", "XX", "We do not know this country."),
        ("from", "nl", "We do not know this country."),
        ("currency", "EURO", "Give a currency, like EUR."),
    ],
)
def test_what_cannot_be_read_is_said_beside_its_field(
    now: FlaskClient, field: str, text: str, says: str
) -> None:
    response = now.post("/en/receipt", data=RECEIPT | DAY | {field: text})
    assert response.status_code == 422
    assert Reader(response.text).wrong == {field}
    shown = Reader(section(response.text, f'id="{field}-error"', "</p>")).text
    assert says in shown
    assert f'<a href="#{field}">' in response.text


def test_a_receipt_is_kept_nowhere(now: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    response = now.post("/en/receipt", data=RECEIPT | DAY | {"paid": "271.83"})
    assert response.headers["Cache-Control"] == "no-store"
    assert "271" not in caplog.text
    assert "271" not in now.get("/en/receipt").text
    assert (
        section(response.text, '<form class="fill" id="receipt" ', ">").count('method="post"') == 1
    )


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1:8000"}, 403),
        ({"Origin": "http://127.0.0.1:8000"}, 200),
        ({"Origin": "http://localhost"}, 200),
        ({"Origin": "null"}, 200),
        ({"Origin": "https://elsewhere.example"}, 403),
        ({}, 200),
    ],
)
def test_a_form_of_another_site_is_refused(
    now: FlaskClient, headers: dict[str, str], status: int
) -> None:
    assert now.post("/en/receipt", data=RECEIPT | DAY, headers=headers).status_code == status


# ---- the mid rate of a day ----


def test_the_mid_rate_of_a_day(now: FlaskClient) -> None:
    response = now.get("/api/v1/mid?from=EUR&to=TRY&on=2026-10-31")
    assert response.get_json() == {
        "rate": "55.8015",
        "sources": ["ecb_history"],
        "observed_at": "2026-10-30T15:00:00Z",
    }
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    crossed = now.get("/api/v1/mid?from=usd&to=try&on=2026-10-30").get_json()
    assert Decimal(crossed["rate"]) == Decimal("49.9476369495")
    fixed = now.get("/api/v1/mid?from=EUR&to=XOF").get_json()
    assert fixed == {"rate": "655.957", "sources": ["peg"], "observed_at": None}


@pytest.mark.parametrize(
    ("query", "status", "parameter"),
    [
        ("from=EUR&to=TRY", 404, None),
        ("from=EUR&to=TRY&on=2023-12-31", 404, None),
        ("from=EUR&to=TRY&on=0001-01-01", 404, None),
        ("from=EUR&to=IRR&on=2026-10-30", 404, None),
        ("from=EUR&to=TRY&on=2026-11-22", 422, "on"),
        ("from=EUR&to=TRY&on=", 422, "on"),
        ("from=EUR&to=TRY&on=20261030", 422, "on"),
        ("from=EUR&to=TL", 422, "to"),
        ("to=TRY", 422, "from"),
        ("from=EUR&from=EUR&to=TRY", 400, "from"),
    ],
)
def test_no_rate_is_better_than_a_doubtful_one(
    now: FlaskClient, query: str, status: int, parameter: str | None
) -> None:
    response = now.get(f"/api/v1/mid?{query}")
    assert response.status_code == status
    assert response.mimetype == "application/problem+json"
    assert response.get_json().get("parameter") == parameter


# ---- a year, and together ----


def two_firms(site: Living) -> None:
    for slug, fee in (("alpha", "3"), ("beta", "5")):
        mine = replace(SERVICE, provider=slug)
        rungs = [price(mine, fee=fee, rung=rung, at=NOON) for rung in ("100", "700")]
        save(site.database, *rungs)


YEAR = "/en/year?from=NL&to=MA&pay=200"
TOGETHER = "/en/together?from=NL&to=MA&pay=200&people=3"


def test_a_year_of_the_best_and_of_what_one_uses_now(live: Living) -> None:
    """197 x 10.791 = 2,125.82 (rounded down), twelve times."""
    two_firms(live)
    said = page(live.client, f"{YEAR}&now=beta")
    assert "The most arrives with Alpha: MAD 25,509.84 in a year." in said
    assert "Of the €2,400.00 that you pay" in said
    assert "With Beta, MAD 258.96 less arrives." in said
    assert "MAD 258.96 more than with Beta" in said
    assert "12 transfers of €200" in said
    assert "4 transfers of €600" in said


def test_only_firms_of_the_freshest_age_compete(live: Living) -> None:
    two_firms(live)
    live.at(NOON + timedelta(hours=3))
    mine = replace(SERVICE, provider="beta")
    fresh = [price(mine, fee="5", rung=one, at=NOON + timedelta(hours=3)) for one in ("100", "700")]
    save(live.database, *fresh)
    said = page(live.client, f"{YEAR}&now=alpha")
    assert "The most arrives with Beta" in said
    assert "older, so not compared" in said
    assert "more than with" not in said
    assert "less arrives" not in said


def test_a_promotion_stands_beside_the_year_and_does_not_rank(live: Living) -> None:
    two_firms(live)
    mine = replace(SERVICE, provider="beta")
    offer = Promotion(
        Decimal("11.2"), Money(Decimal(0), "EUR"), Money(Decimal(9000), "MAD"), "New."
    )
    one = price(mine, fee="5", rung="195", at=NOON)
    save(live.database, replace(one, quote=replace(one.quote, promotion=offer)))
    said = page(live.client, YEAR)
    assert "The most arrives with Alpha" in said
    assert "With the offer for a first transfer counted once: MAD 32,146.64 arrives" in said


def test_what_is_not_known_is_not_worked_out(live: Living) -> None:
    two_firms(live)
    assert "4 transfers" not in page(live.client, "/en/year?from=NL&to=MA&pay=240")
    assert "We do not know a price for €5,000 to Morocco" in page(
        live.client, "/en/year?from=NL&to=MA&pay=5000"
    )
    joint = page(live.client, "/en/together?from=NL&to=MA&pay=300&people=3")
    assert joint.count("unknown") == 3


def test_together_and_apart(live: Living) -> None:
    two_firms(live)
    said = page(live.client, TOGETHER)
    assert "3 transfers of €200: the most arrives with Alpha, MAD 6,377.46" in said
    assert "1 transfer of €600: the most arrives with Alpha, MAD 6,442.22" in said
    assert "In one transfer MAD 64.76 more arrives." in said
    assert "article 2:3a, in force since 1 November 2009" in said


@pytest.mark.parametrize("kind", ["year", "together"])
def test_nothing_is_asked_for_before_the_reader_asks(now: FlaskClient, kind: str) -> None:
    html = now.get(f"/en/{kind}").text
    fields = Reader(section(html, 'id="question"', "</form>")).fields
    assert fields["from"] == "NL"
    assert fields["pay"] == fields["to"] == ""
    assert "notice--wrong" not in html


@pytest.mark.parametrize(
    ("address", "status", "says"),
    [
        ("/en/year?from=NL&to=MA&pay=x", 422, "Write the amount in figures"),
        ("/en/year?from=NL&to=MA&pay=5", 422, "at least €10.00"),
        ("/en/year?from=NL&to=MA&pay=10001", 422, "at most €10,000.00"),
        ("/en/year?from=NL&to=MA&pay=200&pay=300", 422, "This was asked twice"),
        ("/en/year?from=NL&to=MA", 422, "Fill in an amount."),
        ("/en/year?from=NL&to=XX&pay=200", 422, "We do not know this country."),
        ("/en/year?from=NL&to=NL&pay=200", 422, "Choose two different countries."),
        ("/en/year?from=NL&to=MA&pay=200&currency=USD", 422, "no payout in this currency"),
        ("/en/year?from=NL&to=MA&pay=144&now=nobody", 422, "Choose a firm from the list."),
        ("/en/year?from=NL&to=FR&pay=200", 404, "We do not know any price from"),
        ("/en/year?from=NL&to=MA&pay=144&now=wise", 200, "a price of Wise for this amount"),
        ("/en/together?from=NL&to=MA&pay=200&people=1", 422, "from 2 to 1000"),
        ("/en/together?from=NL&to=MA&pay=200&people=1001", 422, "from 2 to 1000"),
        ("/en/together?from=NL&to=MA&pay=200&people=", 422, "from 2 to 1000"),
        ("/en/together?from=NL&to=MA&pay=200&people=2.5", 422, "from 2 to 1000"),
        ("/en/together?from=NL&to=MA&pay=200&people=51", 422, "at most €196.07"),
        ("/en/together?from=NL&to=IR&pay=200&people=2", 200, "We show no prices to Iran"),
    ],
)
def test_a_question_that_cannot_be_answered_says_what_to_do(
    now: FlaskClient, address: str, status: int, says: str
) -> None:
    assert says in page(now, address, status)


def test_the_question_is_kept_in_the_address_of_another_language(now: FlaskClient) -> None:
    html = now.get("/en/year?from=NL&to=MA&pay=1,000.50").text
    assert "/nl/year?from=NL&amp;to=MA&amp;pay=1000.50" in html


@pytest.mark.parametrize("kind", ["year", "together"])
def test_to_a_closed_country_there_is_never_a_price(live: Living, kind: str) -> None:
    iran = replace(SERVICE.corridor, receive_country="IR", receive_currency="IRR")
    mine = replace(SERVICE, corridor=iran)
    save(live.database, price(mine, rung="200", at=NOON), corridor=iran)
    text = page(live.client, f"/en/{kind}?from=NL&to=IR&pay=203.10&people=2")
    assert "We show no prices to Iran" in text
    assert "Alpha" not in text


def test_a_list_leads_to_a_question_that_only_lacks_how_many_people(client: FlaskClient) -> None:
    html = client.get("/en/send/nl/ma?pay=200").text
    link = next(one for one in Reader(html).links if one.startswith("/en/together?"))
    response = client.get(link)
    assert response.status_code == 200
    assert Reader(response.text).fields["pay"] == "200"
    assert "from 2 to 1000" not in response.text
