"""The survey: what one row of it says, and the quotes that follow from it."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.midrate import MidRate
from app.domain.money import Money
from app.domain.provider import ProviderKind
from app.domain.quote import Derived, IncoherentQuote, Observed, Origin, Precision, Price
from app.domain.service import AccessPoint, Coverage, PaymentInstrument, PickupMethod, Speed
from app.domain.survey import (
    Surveyed,
    SurveyRow,
    Tier,
    UnknownPeriod,
    percent,
    quarter_start,
    survey_prices,
)
from tests.domain.strategies import MID, MOROCCO, NOW, SENEGAL, SERVICE, euro, survey_file

LOWER = Tier(euro("140"), euro("4.19"), Decimal("2.31"))
UPPER = Tier(euro("345"), euro("5.21"), Decimal("2.31"))
ROW = SurveyRow(
    row="NLD-051",
    period="2025_3Q",
    send_country="NL",
    receive_country="MA",
    firm="Western Union",
    firm_types=(ProviderKind.MTO,),
    payment_instruments=(PaymentInstrument.BANK_ACCOUNT_TRANSFER,),
    access_points=(AccessPoint.INTERNET,),
    pickup_methods=(PickupMethod.CASH,),
    speed=Speed.LESS_THAN_ONE_HOUR,
    coverage=Coverage.MEDIUM,
    transparent=True,
    surveyed_on=date(2025, 8, 19),
    tiers={200: LOWER, 500: UPPER},
    raw={"id": "NLD-051", "firm": 'Western "Union", NV', "note": "caf\u00e9\nand more"},
)


def prices(*rows: SurveyRow, findings: list[str] | None = None) -> list[Price]:
    surveyed = [Surveyed(row, "western-union", "ab12") for row in rows]
    kept = [] if findings is None else findings
    return list(survey_prices(MOROCCO, surveyed, MID, "rpw", kept))


@pytest.mark.parametrize(
    ("period", "month"), [("2025_1Q", 1), ("2025_2Q", 4), ("2025_3Q", 7), ("2025_4Q", 10)]
)
def test_a_quarter_begins_with_its_first_month(period: str, month: int) -> None:
    assert quarter_start(period) == datetime(2025, month, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "period",
    [
        *("", "2025", "2025_5Q", "2025_0Q", "2025Q3", "2025-3Q", "1925_3Q", "2025_3Q ", "2025_3q"),
        *("\u0662025_3Q", "20\uff12\uff15_3Q", "2025_\u0663Q", "2025_3Q\n", "x" * 1_000_000),
    ],
    ids=lambda period: ascii(period)[:12],
)
def test_any_other_period_is_refused(period: str) -> None:
    with pytest.raises(UnknownPeriod) as caught:
        quarter_start(period)
    assert len(str(caught.value)) < 200


def test_the_total_is_fee_over_amount_sent_and_margin() -> None:
    assert percent(LOWER.total_percent) == Decimal("5.30")
    assert Tier(euro("100"), euro("2"), Decimal(-3)).total_percent == -1


def test_every_total_is_the_file_s_own_within_a_hundredth() -> None:
    for row in survey_file():
        for name in ("cc1", "cc2"):
            sent, fee, margin, total = (
                Decimal(row[f"{name} {column}"])
                for column in ("lcu amount", "lcu fee", "fx margin", "total cost %")
            )
            ours = Tier(Money(sent, "EUR"), Money(fee, "EUR"), margin).total_percent
            assert abs(ours - total) <= Decimal("0.0105"), row["id"]


def test_a_quote_of_the_survey_derives_what_the_survey_does_not_say() -> None:
    made = LOWER.quote(SERVICE, MID)
    assert made.rate == Decimal("10.96078761") * Decimal("0.9769")
    assert (made.paid, made.fee, made.sent) == (euro("144.19"), euro("4.19"), euro("140"))
    assert made.received == Money(Decimal("1499.06"), "MAD")
    assert made.derived == {Derived.RATE, Derived.RECEIVED, Derived.RECEIVE_CURRENCY}
    assert made.slack == 0


@given(
    st.decimals("1", "1000", places=2),
    st.decimals("0", "99", places=2),
    st.decimals("-40", "90", places=2),
    st.sampled_from([MOROCCO, SENEGAL]),
)
def test_no_survey_price_promises_more_than_its_rate(
    sent: Decimal, fee: Decimal, margin: Decimal, corridor: Any
) -> None:
    tier = Tier(Money(sent, "EUR"), Money(fee, "EUR"), margin)
    made = tier.quote(replace(SERVICE, corridor=corridor), MID)
    exactly = sent * made.rate
    assert 0 <= exactly - made.received.amount < made.received.minor_unit
    assert made.paid == Money(sent + fee, "EUR")


@pytest.mark.parametrize("margin", ["100", "150", "99.9999999"])
def test_where_nothing_arrives_there_is_no_quote(margin: str) -> None:
    with pytest.raises(IncoherentQuote):
        Tier(euro("140"), euro("4"), Decimal(margin)).quote(SERVICE, MID)


def test_a_row_gives_a_price_for_each_tier() -> None:
    lower, upper = prices(ROW)
    assert [lower.rung, upper.rung] == [140, 345]
    assert (lower.quote.paid, upper.quote.paid) == (euro("144.19"), euro("350.21"))
    for one in (lower, upper):
        assert (one.source, one.origin, one.mid, one.evidence) == (
            "rpw",
            Origin.SURVEY,
            MID,
            "ab12",
        )
        assert one.quote.service.provider == "western-union"
        assert (one.quote.service.speed, one.quote.service.coverage) == (ROW.speed, ROW.coverage)
        assert str(one.observed) == "2025-08-19"


def test_a_row_that_hides_its_rate_gives_no_price() -> None:
    assert prices(replace(ROW, transparent=False)) == []


def test_services_listed_twice_are_told_apart_by_their_order() -> None:
    faster = replace(ROW, speed=Speed.NEXT_DAY, row="NLD-052")
    by_card = replace(ROW, payment_instruments=(PaymentInstrument.DEBIT_CARD,))
    hidden = replace(ROW, transparent=False)
    found = prices(hidden, ROW, by_card, faster, ROW)
    assert [one.quote.service.variant for one in found] == [1, 1, 1, 1, 2, 2, 3, 3]
    assert len({one.quote.service.identity for one in found}) == 4


def test_a_tier_that_makes_no_quote_is_left_out_and_reported() -> None:
    findings: list[str] = []
    broken = replace(ROW, tiers={200: replace(LOWER, margin=Decimal(100)), 500: UPPER})
    found = prices(broken, ROW, findings=findings)
    assert [one.rung for one in found] == [345, 140, 345]
    assert len(findings) == 1
    assert "NLD-051" in findings[0]
    assert "NL-MA" in findings[0]


def test_a_row_in_another_currency_makes_no_quote() -> None:
    findings: list[str] = []
    dollars = Tier(Money(Decimal(200), "USD"), Money(Decimal(5), "USD"), Decimal(1))
    assert prices(replace(ROW, tiers={200: dollars}), findings=findings) == []
    assert "currencies" in findings[0]


def test_a_price_is_of_its_day_or_else_of_the_first_of_its_quarter() -> None:
    assert ROW.observed == Observed(datetime(2025, 8, 19, tzinfo=UTC), Precision.DAY)
    undated = replace(ROW, surveyed_on=None).observed
    assert undated == Observed(datetime(2025, 7, 1, tzinfo=UTC), Precision.QUARTER)
    assert undated.at < NOW


def test_evidence_is_the_row_as_it_was() -> None:
    (read,) = csv.DictReader(io.StringIO(ROW.evidence.decode("utf-8"), newline=""))
    assert read == ROW.raw


def test_the_currency_is_that_of_the_amounts_sent() -> None:
    assert ROW.currency == "EUR"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        *(("1.825", "1.83"), ("1.8249", "1.82"), ("1.845", "1.85"), ("5", "5.00")),
        *(("-1.825", "-1.83"), ("-0.004", "0.00"), ("0.005", "0.01"), ("1E+2", "100.00")),
    ],
)
def test_percentages_have_two_places_halves_up(value: str, text: str) -> None:
    assert str(percent(Decimal(value))) == text


def test_a_mid_rate_of_one_leaves_only_the_margin() -> None:
    euros = replace(SERVICE, corridor=replace(MOROCCO, receive_currency="EUR"))
    made = LOWER.quote(euros, MidRate(Decimal(1), ("same currency",), None))
    assert made.rate == Decimal("0.9769")
