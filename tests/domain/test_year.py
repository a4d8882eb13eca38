"""A year of sending, by hand and for every price."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from app.domain.comparison import Comparison, Question, compare
from app.domain.ladder import Ladder
from app.domain.money import Money
from app.domain.provider import Provider, ProviderKind
from app.domain.quote import Age, Price, Promotion
from app.domain.ranking import Priority
from app.domain.year import most, splits, times, year
from tests.db.made import NL_MA, NOON, SERVICE, price

FIRMS = {slug: Provider(slug, slug.title(), ProviderKind.MTO) for slug in ("alpha", "beta")}
BETA = replace(SERVICE, provider="beta")


def asked(amount: str, *ladders: list[Price]) -> Comparison:
    question = Question(NL_MA, Money(Decimal(amount), "EUR"))
    return compare(question, [Ladder(one) for one in ladders], FIRMS, Priority.CHEAP, NOON)


def rungs(*pairs: tuple[str, str], **other: object) -> list[Price]:
    """Prices by fee and amount sent."""
    return [price(fee=fee, rung=rung, **other) for fee, rung in pairs]  # type: ignore[arg-type]


def test_a_year_by_hand() -> None:
    (one,) = year(asked("203", rungs(("3", "200"), ("3", "600"))))
    assert one.answer.received == Money(Decimal("2158.20"), "MAD")
    assert one.received == Money(Decimal("25898.40"), "MAD")
    assert one.paid == Money(Decimal(2436), "EUR")
    assert one.cost == Money(Decimal(60), "EUR")


@given(st.integers(1_000, 60_000), st.integers(0, 900), st.integers(-500, 2_000))
def test_a_year_is_twelve_months_exactly(paid: int, fee: int, margin: int) -> None:
    known = [
        price(fee=str(Decimal(fee).scaleb(-2)), margin=str(Decimal(margin).scaleb(-4)), rung=rung)
        for rung in ("1", "700")
    ]
    found = asked(str(Decimal(paid).scaleb(-2)), known)
    for one in year(found):
        for total, part in (
            (one.received, one.answer.received),
            (one.paid, one.answer.paid),
            (one.cost, one.answer.cost.total),
        ):
            off = Fraction(total.amount) - 12 * Fraction(part.amount)
            assert abs(off) < Fraction(1, 10**40)
            assert total == times(part, 12)


def test_a_promotion_counts_once_and_does_not_rank() -> None:
    offer = Promotion(
        Decimal("11.2"), Money(Decimal(0), "EUR"), Money(Decimal(9000), "MAD"), "New."
    )
    (dear,) = rungs(("3", "200"), margin="0.02")
    dear = replace(dear, quote=replace(dear.quote, promotion=offer))
    first, second = year(asked("203", [dear], rungs(("3", "200"), service=BETA)))
    assert (first.provider.slug, second.provider.slug) == ("beta", "alpha")
    assert first.with_offer is None
    made = second.with_offer
    assert made is not None
    assert made.received == Money(9000 + 11 * Decimal("2136.40"), "MAD")
    assert made.fee == Money(Decimal(33), "EUR")
    assert second.received == Money(12 * Decimal("2136.40"), "MAD")


def test_a_promotion_that_is_no_better_is_not_shown() -> None:
    (one,) = rungs(("3", "200"))
    same = Promotion(one.quote.rate, one.quote.fee, one.quote.received, "")
    (found,) = year(asked("203", [replace(one, quote=replace(one.quote, promotion=same))]))
    assert found.with_offer is None


def test_only_years_of_one_age_are_compared() -> None:
    old = rungs(("0", "200"), service=BETA, at=NOON - timedelta(hours=3))
    fresh, older = year(asked("200", old, rungs(("3", "190"), ("3", "210"))))
    assert (fresh.age, older.age) == (Age.FRESH, Age.OLDER)
    assert older.received.amount > fresh.received.amount
    assert most([older, fresh]) is fresh
    assert fresh.more_than(older) is None
    assert fresh.more_than(fresh) == Money(Decimal(0), "MAD")
    assert most([]) is None


def test_fewer_transfers_are_of_the_same_money_and_pay_the_fee_less_often() -> None:
    known = rungs(("3", "100"), ("3", "700"))
    found = {count: asked(str(200 * count), known) for count in (1, 2, 3)}
    fewer = splits(found)
    assert [one.times for one in fewer] == [12, 6, 4]
    assert {one.paid for one in fewer} == {Money(Decimal(2400), "EUR")}
    assert [one.received.amount for one in fewer] == sorted(one.received.amount for one in fewer)
    assert most(fewer) is fewer[-1]


def test_an_amount_without_a_price_is_left_out() -> None:
    known = rungs(("3", "100"), ("3", "300"))
    fewer = splits({count: asked(str(200 * count), known) for count in (1, 2, 3)})
    assert [one.times for one in fewer] == [12]
