"""Receipts: the sum, what cannot be so, and which mid rate a day has."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.midrate import MidReading, NoMidRate
from app.domain.money import Money
from app.domain.receipt import (
    BadReceipt,
    Receipt,
    ReceiptFault,
    mid_rate_of,
    needed,
    settled_day,
    window,
    written_day,
)

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
DAY = date(2026, 11, 10)
cents = st.integers(1, 2_000_000).map(lambda units: Decimal(units).scaleb(-2))
rates = st.integers(1, 10**9).map(lambda units: Decimal(units).scaleb(-4))


def eur(amount: str | int | Decimal) -> Money:
    return Money(Decimal(amount), "EUR")


def mad(amount: str | int | Decimal) -> Money:
    return Money(Decimal(amount), "MAD")


def reading(rate: str, at: datetime, currency: str = "TRY", **other: str) -> MidReading:
    given = {"source": "ecb", "authority": "ecb"} | other
    return MidReading(currency=currency, rate=Decimal(rate), observed_at=at, **given)


def on(day: int, hour: int = 15) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=UTC)


def test_the_published_example_of_a_fee_taken_out() -> None:
    """USD 1,000 with a fee of 4.99 at 83.20: 82,784.83 arrives (comparison-sites.md, c.3)."""
    made = Receipt.at_rate(
        Money(Decimal(1000), "USD"), Money(Decimal("4.99"), "USD"), Decimal("83.20"), "INR"
    )
    assert made.received == Money(Decimal("82784.83"), "INR")
    assert made.exchanged.amount == Decimal("995.01")


def test_fee_and_margin_of_a_fee_that_came_on_top() -> None:
    """F = 5 on S = 200, margin 2 %: 5 + 4 of 205 (c.3, with what was paid in all)."""
    cost = Receipt(eur(205), mad(1960), eur(5)).cost(Decimal(10))
    assert (cost.fee, cost.margin, cost.total) == (eur(5), eur(4), eur(9))
    assert cost.total_percent.quantize(Decimal("0.01")) == Decimal("4.39")


@given(cents, cents, cents, rates)
def test_fee_and_margin_are_the_total_and_it_is_what_did_not_arrive(
    paid: Decimal, fee: Decimal, received: Decimal, mid: Decimal
) -> None:
    if fee >= paid:
        with pytest.raises(BadReceipt, match="fee_too_high"):
            Receipt(eur(paid), mad(received), eur(fee))
        return
    cost = Receipt(eur(paid), mad(received), eur(fee)).cost(mid)
    assert cost.fee + cost.margin == cost.total
    exactly = Fraction(paid) - Fraction(received) / Fraction(mid)
    assert abs(Fraction(cost.total.amount) - exactly) < Fraction(1, 10**40)


@given(cents, cents, rates)
def test_the_total_does_not_depend_on_what_is_called_a_fee(
    paid: Decimal, received: Decimal, mid: Decimal
) -> None:
    unknown = Receipt(eur(paid), mad(received)).cost(mid)
    free = Receipt(eur(paid), mad(received), eur(0)).cost(mid)
    assert unknown.total == free.total


@given(cents, cents, rates)
def test_a_stated_rate_never_makes_more_arrive_than_it_gives(
    paid: Decimal, fee: Decimal, rate: Decimal
) -> None:
    if fee >= paid:
        return
    worth = Fraction(paid - fee) * Fraction(rate)
    if worth < Fraction(1, 100):
        with pytest.raises(BadReceipt, match=ReceiptFault.NOTHING_ARRIVED):
            Receipt.at_rate(eur(paid), eur(fee), rate, "MAD")
        return
    received = Receipt.at_rate(eur(paid), eur(fee), rate, "MAD").received.amount
    assert worth - Fraction(1, 100) < Fraction(received) <= worth


@pytest.mark.parametrize("fee", ["200", "200.01"])
def test_a_fee_that_leaves_nothing_to_exchange_is_refused(fee: str) -> None:
    with pytest.raises(BadReceipt, match="fee_too_high"):
        Receipt(eur(200), mad(2000), eur(fee))
    with pytest.raises(BadReceipt, match="fee_too_high"):
        Receipt.at_rate(eur(200), eur(fee), Decimal(10), "MAD")


@pytest.mark.parametrize(
    ("received", "plausible"),
    [("1000", True), ("999.99", False), ("3000", True), ("3000.01", False), ("2000", True)],
)
def test_a_rate_more_than_half_off_is_not_plausible(received: str, plausible: bool) -> None:
    assert Receipt(eur(203), mad(received), eur(3)).is_plausible(Decimal(10)) is plausible


def test_the_rate_is_of_what_was_exchanged() -> None:
    assert Receipt(eur(205), mad(1960), eur(5)).rate == Decimal("9.8")
    assert Receipt(eur(200), mad(1960)).rate == Decimal("9.8")


@pytest.mark.parametrize("text", ["", "10-11-2026", "20261110", "2026-W01-1", "2026-13-01", " "])
def test_a_day_is_written_in_one_way(text: str) -> None:
    with pytest.raises(BadReceipt, match="unreadable_day"):
        written_day(text)
    assert written_day("2026-11-10") == DAY


def test_a_day_that_has_begun_somewhere_is_not_to_come() -> None:
    assert settled_day(None, NOW) == NOW.date()
    assert settled_day(date(2026, 11, 21), NOW) == date(2026, 11, 21)
    for moment, day in ((NOW - timedelta(hours=3), 21), (NOW, 22)):
        with pytest.raises(BadReceipt, match="to_come"):
            settled_day(date(2026, 11, day), moment)


def test_the_rate_of_the_day_itself_goes_before_older_and_newer_ones() -> None:
    readings = [reading("50", on(9)), reading("51", on(10)), reading("52", on(11))]
    assert mid_rate_of("EUR", "TRY", DAY, readings).rate == 51
    assert mid_rate_of("EUR", "TRY", DAY, readings[:1]).rate == 50


@pytest.mark.parametrize(("day", "known"), [(15, True), (16, False), (9, False)])
def test_a_rate_counts_for_five_days_and_never_for_an_earlier_day(day: int, known: bool) -> None:
    readings = [reading("51", on(10, 0))]
    if known:
        assert mid_rate_of("EUR", "TRY", date(2026, 11, day), readings).rate == 51
    else:
        with pytest.raises(NoMidRate):
            mid_rate_of("EUR", "TRY", date(2026, 11, day), readings)


def test_the_policy_is_that_of_now() -> None:
    others = {"source": "one", "authority": "one"}
    readings = [reading("10.9", on(10), "MAD", **others), reading("51", on(10))]
    assert mid_rate_of("EUR", "MAD", DAY, readings).sources == ("one",)
    far = [*readings, reading("12.9", on(10), "MAD", source="two", authority="two")]
    with pytest.raises(NoMidRate):
        mid_rate_of("EUR", "MAD", DAY, far)


def test_a_fixed_rate_is_known_of_any_day_since_the_euro_and_of_none_before() -> None:
    assert mid_rate_of("EUR", "XOF", date(1999, 1, 1), []).rate == Decimal("655.957")
    for day in (date(1998, 12, 31), date.min):
        with pytest.raises(NoMidRate):
            mid_rate_of("EUR", "XOF", day, [])


def test_what_a_rate_rests_on_is_asked_for() -> None:
    assert needed("EUR", "MAD") == {"MAD"}
    assert needed("EUR", "XCG") == {"XCG", "USD"}
    assert needed("EUR", "XOF") == {"XOF"}
    since, until = window(DAY)
    assert (since, until) == (on(5, 0), on(11, 0))
