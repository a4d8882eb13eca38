"""A quote whose numbers contradict each other cannot be made."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.money import CurrencyMismatch, Money
from app.domain.quote import (
    Age,
    Cost,
    Derived,
    IncoherentQuote,
    Observed,
    Origin,
    Precision,
    Quote,
)
from tests.domain.strategies import (
    FROM_JAPAN,
    NOW,
    SENEGAL,
    SERVICE,
    TUNISIA,
    coherent_quotes,
    dirham,
    euro,
    price,
    promotions,
    quote,
)

TO_SENEGAL = replace(SERVICE, corridor=SENEGAL)


def tolerance(of: Quote) -> Decimal:
    return max(of.received.minor_unit, of.paid.minor_unit * of.rate)


def test_a_coherent_quote() -> None:
    made = quote("200", "3.10", "2152.12", "10.93")
    assert made.sent == euro("196.90")
    assert made.derived == frozenset()


@pytest.mark.parametrize(
    ("received", "rate", "to"),
    [
        ("2152.11", "10.93", SERVICE),
        ("2152.12", "10.93", SERVICE),
        ("2152.01", "10.93", SERVICE),
        ("2152.22", "10.93", SERVICE),
        ("129157", "655.957", TO_SENEGAL),
        ("129164", "655.957", TO_SENEGAL),
        ("169.334", "0.86", replace(SERVICE, corridor=TUNISIA)),
        ("169.342", "0.86", replace(SERVICE, corridor=TUNISIA)),
    ],
)
def test_a_minor_unit_of_either_currency_is_forgiven(received: str, rate: str, to: Any) -> None:
    quote("200", "3.10", received, rate, to)


@pytest.mark.parametrize(
    ("received", "rate", "to"),
    [
        ("2152.00", "10.93", SERVICE),
        ("2152.23", "10.93", SERVICE),
        ("129151", "655.957", TO_SENEGAL),
        ("129165", "655.957", TO_SENEGAL),
        ("169.325", "0.86", replace(SERVICE, corridor=TUNISIA)),
        ("169.343", "0.86", replace(SERVICE, corridor=TUNISIA)),
        ("1.06", "0.0053", replace(SERVICE, corridor=FROM_JAPAN)),
    ],
)
def test_more_than_a_minor_unit_is_refused(received: str, rate: str, to: Any) -> None:
    japanese = to.corridor == FROM_JAPAN
    with pytest.raises(IncoherentQuote, match="off by"):
        quote("200", "3" if japanese else "3.10", received, rate, to)


@given(coherent_quotes(), st.sampled_from([-1, 1]))
def test_a_quote_is_refused_from_the_first_unit_beyond(of: Quote, sign: int) -> None:
    exactly = of.sent.amount * of.rate
    within = Money(exactly + sign * tolerance(of), of.received.currency)
    within = within.floor() if sign > 0 else within.ceiling()
    if within.amount > 0:
        assert replace(of, received=within).received == within
    beyond = within + Money(sign * within.minor_unit, within.currency)
    with pytest.raises(IncoherentQuote):
        replace(of, received=beyond)


@given(coherent_quotes())
def test_a_swapped_direction_is_refused(of: Quote) -> None:
    if not Decimal("0.9") < of.rate < Decimal("1.1"):
        with pytest.raises(IncoherentQuote):
            replace(of, rate=1 / of.rate)
    with pytest.raises(IncoherentQuote, match="currencies"):
        replace(of, paid=of.received, received=of.paid)


@pytest.mark.parametrize(
    "changes",
    [
        {"rate": 1 / Decimal("10.93")},
        {"rate": Decimal("11.93")},
        {"paid": euro("196.90")},
        {"paid": euro("203.10")},
        {"fee": euro("0")},
        {"fee": euro("6.20")},
        {"received": dirham("2186")},
        {"received": dirham("21521.2")},
    ],
)
def test_a_misread_number_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(IncoherentQuote):
        replace(quote("200", "3.10", "2152.12", "10.93"), **changes)


@pytest.mark.parametrize(
    ("paid", "fee", "received"),
    [
        ("200", "200", "0.01"),
        ("200", "200.01", "0.01"),
        ("200", "-0.01", "2186.11"),
        ("0", "0", "0.01"),
        ("-200", "-201", "10.93"),
        ("0.01", "0", "0"),
        ("0.01", "0", "-0.01"),
    ],
)
def test_amounts_out_of_order_are_refused(paid: str, fee: str, received: str) -> None:
    with pytest.raises(IncoherentQuote, match="out of order"):
        quote(paid, fee, received, "10.93")


def test_a_free_service_is_a_quote() -> None:
    assert quote("200", "0", "2186", "10.93").sent == euro("200")


@pytest.mark.parametrize("rate", ["0", "-10.93", "NaN", "sNaN", "Infinity"])
def test_a_rate_is_finite_and_above_zero(rate: str) -> None:
    with pytest.raises(IncoherentQuote, match="rate"):
        quote("200", "3.10", "2152.12", rate)


@pytest.mark.parametrize("rate", [10.93, 11, "10.93", None])
def test_a_rate_is_exact(rate: Any) -> None:
    with pytest.raises(IncoherentQuote, match="rate"):
        replace(quote("200", "3.10", "2152.12", "10.93"), rate=rate)


@pytest.mark.parametrize(
    "changes",
    [
        {"paid": Money(Decimal(200), "USD")},
        {"fee": Money(Decimal("3.10"), "USD")},
        {"fee": dirham("3.10")},
        {"received": euro("2152.12")},
        {"received": Money(Decimal("2152.12"), "TND")},
        {"service": TO_SENEGAL},
    ],
)
def test_currencies_are_the_corridor_s(changes: dict[str, Any]) -> None:
    with pytest.raises(IncoherentQuote, match="currencies"):
        replace(quote("200", "3.10", "2152.12", "10.93"), **changes)


@pytest.mark.parametrize("slack", ["-0.001", "0.006", "1"])
def test_slack_is_for_rounding_only(slack: str) -> None:
    with pytest.raises(IncoherentQuote, match="slack"):
        quote("200", "3.10", "2152.12", "10.93", slack=Decimal(slack))


@pytest.mark.parametrize("rate", ["1E+999999", "1E-999999"])
def test_a_rate_beyond_any_currency_is_refused(rate: str) -> None:
    with pytest.raises(IncoherentQuote, match="beyond"):
        quote("200", "3.10", "2152.12", rate)


def test_slack_is_a_share_of_what_arrives() -> None:
    rounded_rate = quote("200", "3.10", "2160", "10.93", slack=Decimal("0.004"))
    assert rounded_rate.received == dirham("2160")
    with pytest.raises(IncoherentQuote):
        replace(rounded_rate, slack=Decimal("0.003"))


@given(coherent_quotes(), st.none() | promotions)
def test_a_promotion_excuses_nothing(of: Quote, promotion: Any) -> None:
    promoted = replace(of, promotion=promotion)
    assert (promoted.paid, promoted.received) == (of.paid, of.received)
    with pytest.raises(IncoherentQuote):
        replace(of, promotion=promotion, received=of.received + of.received + of.received)


def test_a_quote_does_not_change() -> None:
    with pytest.raises(AttributeError):
        quote("200", "3.10", "2152.12", "10.93").fee = euro("0")  # type: ignore[misc]


def test_what_can_be_derived() -> None:
    assert set(Derived) == {"rate", "received", "receive_currency"}


@pytest.mark.parametrize(
    ("minutes", "age"),
    [
        (0, Age.FRESH),
        (20, Age.FRESH),
        (20.1, Age.OLDER),
        (24 * 60, Age.OLDER),
        (24 * 60 + 1, Age.DATED),
    ],
)
@pytest.mark.parametrize("origin", [Origin.LIVE, Origin.SUBMITTED])
def test_ages(minutes: float, age: Age, origin: Origin) -> None:
    assert Observed(NOW - timedelta(minutes=minutes)).age(origin, NOW) is age


@pytest.mark.parametrize("origin", [Origin.SURVEY, Origin.TARIFF, Origin.SHOPPED])
def test_other_origins_are_dated_at_once(origin: Origin) -> None:
    assert Observed(NOW).age(origin, NOW) is Age.DATED


@pytest.mark.parametrize("precision", [Precision.DAY, Precision.QUARTER])
def test_a_price_without_a_time_of_day_is_dated(precision: Precision) -> None:
    assert Observed(NOW, precision).age(Origin.LIVE, NOW) is Age.DATED


def test_a_time_has_a_zone() -> None:
    with pytest.raises(ValueError, match="zone"):
        Observed(datetime(2026, 9, 29))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("observed", "text"),
    [
        (Observed(NOW), "2026-11-20T12:00:00Z"),
        (Observed(NOW.astimezone(timezone(timedelta(hours=1)))), "2026-11-20T12:00:00Z"),
        (Observed(NOW.replace(microsecond=999_999)), "2026-11-20T12:00:00Z"),
        (Observed(datetime(2025, 8, 19, tzinfo=UTC), Precision.DAY), "2025-08-19"),
        (Observed(datetime(2025, 7, 1, tzinfo=UTC), Precision.QUARTER), "2025-07-01"),
    ],
)
def test_a_time_is_written_as_precisely_as_it_is_known(observed: Observed, text: str) -> None:
    assert str(observed) == text


def test_cost_of_the_worked_example() -> None:
    cost = Cost(euro("200"), euro("3.10"), dirham("2152.12"), Decimal("10.96078761"))
    assert str(cost.total.rounded()) == "EUR 3.65"
    assert str(cost.margin.rounded()) == "EUR 0.55"
    shares = (cost.total_percent, cost.fee_percent, cost.margin_percent)
    assert [round(share, 2) for share in shares] == [
        Decimal("1.83"),
        Decimal("1.55"),
        Decimal("0.28"),
    ]


def test_a_provider_that_beats_the_mid_rate_costs_less_than_its_fee() -> None:
    cost = Cost(euro("100"), euro("1"), dirham("1010"), Decimal(10))
    assert (cost.total, cost.margin) == (euro("-1"), euro("-2"))
    assert [cost.total_percent, cost.margin_percent] == [-1, -2]


@given(coherent_quotes(), st.decimals("0.1", "900", places=8))
def test_fee_and_margin_make_up_the_total(of: Quote, mid: Decimal) -> None:
    cost = Cost(of.paid, of.fee, of.received, mid)
    assert cost.fee + cost.margin == cost.total
    gap = cost.total_percent - cost.fee_percent - cost.margin_percent
    assert abs(gap) < Decimal("1E-20")
    assert abs((cost.paid - cost.total).amount * mid - of.received.amount) < Decimal("1E-15")


def test_margin_is_a_share_of_the_mid_rate() -> None:
    made = price(quote("200", "3.10", "2152.12", "10.93"))
    assert round(made.margin_percent, 4) == Decimal("0.2809")


def test_a_cost_never_mixes_currencies() -> None:
    with pytest.raises(CurrencyMismatch):
        _ = Cost(euro("200"), dirham("3"), dirham("2000"), Decimal(10)).margin
