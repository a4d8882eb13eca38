"""Money is exact, in one currency, and rounded only where it says so."""

from __future__ import annotations

from decimal import Decimal, localcontext
from operator import add, ge, gt, le, lt, sub
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.money import CurrencyMismatch, Money
from tests.domain.strategies import amounts, euro, money


@pytest.mark.parametrize("amount", [1.5, 0.0, 1, True, "1.50", None, float("nan")])
def test_only_decimals_are_money(amount: Any) -> None:
    with pytest.raises(TypeError, match="takes a Decimal"):
        Money(amount, "EUR")


@pytest.mark.parametrize("amount", ["NaN", "sNaN", "-NaN", "Infinity", "-Infinity"])
def test_money_is_finite(amount: str) -> None:
    with pytest.raises(ValueError, match="finite"):
        Money(Decimal(amount), "EUR")


@pytest.mark.parametrize("currency", ["", "eur", "EUR ", "XXX", "DEM", "BTC", "\u20ac", None])
def test_unknown_currencies_are_refused(currency: Any) -> None:
    with pytest.raises(ValueError, match="unknown currency"):
        Money(Decimal(1), currency)


@pytest.mark.parametrize("operation", [add, sub, lt, le, gt, ge])
def test_currencies_never_mix(operation: Any) -> None:
    with pytest.raises(CurrencyMismatch, match="is not"):
        operation(euro("1"), Money(Decimal(1), "USD"))


def test_one_euro_is_not_one_dollar() -> None:
    assert euro("1") != Money(Decimal(1), "USD")
    assert euro("1") == euro("1.00")
    assert hash(euro("1")) == hash(euro("1.00"))


def test_money_does_not_change() -> None:
    with pytest.raises(AttributeError):
        euro("1").amount = Decimal(2)  # type: ignore[misc]


@given(amounts, amounts)
def test_sums_and_differences_are_exact(one: Decimal, other: Decimal) -> None:
    total = Money(one, "EUR") + Money(other, "EUR")
    assert total.amount == one + other
    assert total - Money(other, "EUR") == Money(one, "EUR")
    assert (Money(one, "EUR") < Money(other, "EUR")) == (one < other)
    assert (Money(one, "EUR") >= Money(other, "EUR")) == (one >= other)


@given(st.integers(10**30, 10**40))
def test_nothing_is_rounded_behind_our_back(number: int) -> None:
    large = Money(Decimal(number), "EUR")
    assert int((large + euro("1")).amount) == number + 1
    assert int((-large).amount) == -number
    assert int((large - large).amount) == 0


@given(money())
def test_the_caller_s_context_does_not_matter(given_money: Money) -> None:
    with localcontext(prec=3):
        rough = (given_money.rounded(), given_money.floor(), given_money.ceiling(), -given_money)
    fine = (given_money.rounded(), given_money.floor(), given_money.ceiling(), -given_money)
    assert rough == fine


@pytest.mark.parametrize(
    ("currency", "amount", "floor", "rounded", "ceiling"),
    [
        ("EUR", "2.344", "2.34", "2.34", "2.35"),
        ("EUR", "2.345", "2.34", "2.35", "2.35"),
        ("EUR", "2.355", "2.35", "2.36", "2.36"),
        ("EUR", "2.3401", "2.34", "2.34", "2.35"),
        ("EUR", "2.34", "2.34", "2.34", "2.34"),
        ("EUR", "-2.345", "-2.35", "-2.35", "-2.34"),
        ("JPY", "10.5", "10", "11", "11"),
        ("XOF", "0.4", "0", "0", "1"),
        ("TND", "1.0005", "1.000", "1.001", "1.001"),
    ],
)
def test_rounding(currency: str, amount: str, floor: str, rounded: str, ceiling: str) -> None:
    exact = Money(Decimal(amount), currency)
    found = [str(one.amount) for one in (exact.floor(), exact.rounded(), exact.ceiling())]
    assert found == [floor, rounded, ceiling]


@given(money())
def test_rounding_stays_within_a_minor_unit(exact: Money) -> None:
    floor, rounded, ceiling = exact.floor(), exact.rounded(), exact.ceiling()
    assert floor <= exact <= ceiling
    assert rounded in (floor, ceiling)
    assert abs(rounded.amount - exact.amount) * 2 <= exact.minor_unit
    assert ceiling.amount - floor.amount in (0, exact.minor_unit)
    for whole in (floor, rounded, ceiling):
        assert whole.amount % exact.minor_unit == 0
        assert whole.currency == exact.currency


@pytest.mark.parametrize("amount", ["-0.001", "-0.004", "-0.000"])
def test_nothing_is_not_shown_as_less_than_nothing(amount: str) -> None:
    assert str(euro(amount).rounded()) == "EUR 0.00"


@pytest.mark.parametrize(("currency", "unit"), [("EUR", "0.01"), ("JPY", "1"), ("TND", "0.001")])
def test_minor_unit(currency: str, unit: str) -> None:
    assert str(Money(Decimal(5), currency).minor_unit) == unit
