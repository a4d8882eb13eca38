"""The price of a service at any amount, from the amounts it was quoted at."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import floor

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.domain.corridor import Corridor
from app.domain.ladder import Answer, Ladder, Outside
from app.domain.money import CurrencyMismatch, Money
from app.domain.quote import Price
from app.domain.survey import Tier, percent
from tests.domain.strategies import (
    CENT,
    SENEGAL,
    SERVICE,
    dirham,
    euro,
    ladder,
    ladder_prices,
    ladders,
    price,
    quote,
    shipped_mid,
    whole_money,
)

TWO_RUNGS = ladder(("100", "2", "980", "10"), ("200", "3", "2009.40", "10.2"))


def paid(given_ladder: Ladder, money: Money) -> Answer:
    found = given_ladder.at_paid(money)
    assert isinstance(found, Answer)
    return found


def delivering(given_ladder: Ladder, money: Money) -> Answer:
    found = given_ladder.at_received(money)
    assert isinstance(found, Answer)
    return found


def unit(money: Money) -> Money:
    return Money(money.minor_unit, money.currency)


def payments(data: st.DataObject, of: Ladder) -> Money:
    low, high = of.rungs[0].quote.paid, of.rungs[-1].quote.paid
    return data.draw(whole_money(low, high))


def deliveries(data: st.DataObject, of: Ladder) -> Money:
    low, high = of.rungs[0].quote.received, of.rungs[-1].quote.received
    return data.draw(whole_money(low, high))


def sents(of: Ladder) -> list[Money]:
    return [rung.quote.sent for rung in of.rungs]


def test_a_rung_answers_exactly() -> None:
    found = paid(TWO_RUNGS, euro("200"))
    assert (found.exact, found.fee, found.received) == (True, euro("3"), dirham("2009.40"))
    assert (found.rate, found.base.rung) == (Decimal("10.2"), Decimal(200))


def test_between_rungs_the_fee_is_linear_and_the_rate_the_lower_rung_s() -> None:
    found = paid(TWO_RUNGS, euro("150"))
    assert (found.exact, found.rate) == (False, Decimal(10))
    assert (found.fee, found.sent, found.received) == (euro("2.50"), euro("147.50"), dirham("1475"))
    assert [rung.rung for rung in found.rungs] == [100, 200]


def test_an_estimate_never_promises_more_than_the_upper_rung() -> None:
    falling = ladder(("100", "0", "1000", "10"), ("200", "0", "1800", "9"))
    assert paid(falling, euro("179.99")).received == dirham("1799.90")
    assert paid(falling, euro("190")).received == dirham("1800")


@pytest.mark.parametrize("amount", ["99.99", "0.01", "200.01", "9999"])
def test_outside_the_ladder_there_is_only_its_range(amount: str) -> None:
    found = TWO_RUNGS.at_paid(euro(amount))
    assert found == Outside(SERVICE, 0, euro("100"), euro("200"))


@pytest.mark.parametrize("amount", ["979.99", "2009.41"])
def test_outside_what_can_arrive_there_is_only_its_range(amount: str) -> None:
    found = TWO_RUNGS.at_received(dirham(amount))
    assert found == Outside(SERVICE, 0, dirham("980"), dirham("2009.40"))


@pytest.mark.parametrize("amount", ["97.99", "197.01"])
def test_outside_what_can_be_sent_there_is_only_its_range(amount: str) -> None:
    found = TWO_RUNGS.at_sent(euro(amount))
    assert found == Outside(SERVICE, 0, euro("98"), euro("197"))


def test_to_deliver_a_round_amount() -> None:
    found = delivering(TWO_RUNGS, dirham("1475"))
    assert (found.paid, found.received) == (euro("150"), dirham("1475"))
    assert delivering(TWO_RUNGS, dirham("1475.01")).paid == euro("150.02")
    assert delivering(TWO_RUNGS, dirham("980")).exact


def test_the_amount_sent_has_its_fee_on_top() -> None:
    found = TWO_RUNGS.at_sent(euro("147.50"))
    assert isinstance(found, Answer)
    assert (found.paid, found.fee) == (euro("150"), euro("2.50"))
    exact = TWO_RUNGS.at_sent(euro("98"))
    assert isinstance(exact, Answer)
    assert (exact.exact, exact.paid) == (True, euro("100"))


def test_one_rung_has_one_price() -> None:
    single = ladder(("100", "2", "980", "10"))
    assert paid(single, euro("100")).exact
    assert isinstance(single.at_paid(euro("100.01")), Outside)
    assert isinstance(single.at_received(dirham("979.99")), Outside)


def test_a_rung_that_costs_more_and_delivers_no_more_is_left_out() -> None:
    better, worse = ("100", "2", "980", "10"), ("150", "70", "800", "10")
    assert [rung.rung for rung in ladder(better, worse).rungs] == [100]
    assert [rung.rung for rung in ladder(worse, better, ("200", "2", "1980", "10")).rungs] == [
        100,
        200,
    ]


def test_a_rung_that_costs_more_and_delivers_as_much_is_left_out() -> None:
    rungs = ladder(("100", "2", "980", "10"), ("101", "3", "980", "10")).rungs
    assert [rung.rung for rung in rungs] == [100]


def test_a_ladder_needs_a_price() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Ladder([])


def test_a_ladder_is_of_one_service() -> None:
    other = price(quote("200", "3", "1970", "10", replace(SERVICE, variant=2)))
    with pytest.raises(ValueError, match="one service"):
        Ladder([price(quote("100", "2", "980", "10")), other])


def test_a_ladder_survives_a_change_of_speed() -> None:
    slower = price(quote("200", "3", "1970", "10", replace(SERVICE, speed=None)))
    assert len(Ladder([price(quote("100", "2", "980", "10")), slower]).rungs) == 2


def test_a_question_in_the_wrong_currency_is_an_error() -> None:
    with pytest.raises(CurrencyMismatch):
        TWO_RUNGS.at_paid(dirham("150"))
    with pytest.raises(CurrencyMismatch):
        TWO_RUNGS.at_received(euro("150"))


@given(ladder_prices())
def test_what_is_left_out_is_dominated_and_what_is_dominated_is_left_out(
    prices: list[Price],
) -> None:
    kept = Ladder(prices).rungs
    for one, other in pairwise(kept):
        assert one.quote.paid < other.quote.paid
        assert one.quote.received < other.quote.received
    for one in prices:
        dominated = any(
            other.quote.paid < one.quote.paid and other.quote.received >= one.quote.received
            for other in prices
        )
        assert (one in kept) is not dominated


@given(ladder_prices(), st.randoms())
def test_the_order_of_prices_does_not_matter(prices: list[Price], chance: object) -> None:
    shuffled = sorted(prices, key=lambda _: chance.random())  # type: ignore[attr-defined]
    assert Ladder(shuffled).rungs == Ladder(prices).rungs


@given(ladders())
def test_every_rung_answers_exactly(of: Ladder) -> None:
    for rung in of.rungs:
        quoted = rung.quote
        exact = Answer(quoted.paid, quoted.fee, quoted.received, (rung,))
        assert of.at_paid(quoted.paid) == of.at_received(quoted.received) == exact


@given(ladders(least=2), st.data())
def test_an_estimate_follows_the_rule(of: Ladder, data: st.DataObject) -> None:
    found = paid(of, payments(data, of))
    assume(not found.exact)
    low, high = (rung.quote for rung in found.rungs)
    assert low.paid < found.paid < high.paid
    assert found.rate == low.rate
    along = Fraction((found.paid - low.paid).amount) / Fraction((high.paid - low.paid).amount)
    fee = Fraction(low.fee.amount) + along * Fraction((high.fee - low.fee).amount)
    assert 0 <= Fraction(found.fee.amount) - fee < Fraction(found.paid.minor_unit)
    grain = Fraction(low.received.minor_unit)
    arrives = floor(Fraction(found.sent.amount) * Fraction(low.rate) / grain) * grain
    expected = min(max(arrives, Fraction(low.received.amount)), Fraction(high.received.amount))
    assert Fraction(found.received.amount) == expected


@given(ladders(), st.data())
def test_no_answer_is_negative_or_finer_than_money(of: Ladder, data: st.DataObject) -> None:
    asked = payments(data, of)
    found = paid(of, asked)
    assert found.paid == asked
    assert 0 <= found.fee.amount < found.paid.amount
    assert 0 < found.received.amount <= of.rungs[-1].quote.received.amount
    for money in (found.fee, found.received):
        assert money == money.floor()


@given(ladders(least=2), st.data())
def test_paying_more_never_delivers_less(of: Ladder, data: st.DataObject) -> None:
    one, other = sorted([payments(data, of), payments(data, of)])
    assert paid(of, one).received <= paid(of, other).received
    just_more = one + unit(one)
    if just_more <= of.rungs[-1].quote.paid:
        assert paid(of, one).received <= paid(of, just_more).received


@given(ladders(least=2), st.data())
def test_asking_for_more_never_costs_less(of: Ladder, data: st.DataObject) -> None:
    one, other = sorted([deliveries(data, of), deliveries(data, of)])
    assert delivering(of, one).paid <= delivering(of, other).paid


@given(ladders(least=2), st.data())
def test_the_least_that_delivers_it(of: Ladder, data: st.DataObject) -> None:
    asked = deliveries(data, of)
    found = delivering(of, asked)
    assert found.received >= asked
    assert of.at_paid(found.paid) == found
    at_a_rung = asked in [rung.quote.received for rung in of.rungs]
    if not at_a_rung:
        assert paid(of, found.paid - unit(found.paid)).received < asked


@given(ladders(least=2), st.data())
def test_just_above_a_rung_costs_just_more(of: Ladder, data: st.DataObject) -> None:
    lower = data.draw(st.sampled_from(of.rungs[:-1])).quote
    asked = lower.received + unit(lower.received)
    found = delivering(of, asked)
    assert found.received >= asked
    if asked not in [rung.quote.received for rung in of.rungs]:
        assert paid(of, found.paid - unit(found.paid)).received < asked


@given(ladders(least=2), st.data())
def test_there_and_back_costs_no_more(of: Ladder, data: st.DataObject) -> None:
    there = paid(of, payments(data, of))
    back = delivering(of, there.received)
    assert back.received >= there.received
    capped = there.received == there.rungs[-1].quote.received
    assert capped or back.paid <= there.paid


@given(ladders(), st.data())
def test_outside_has_no_price(of: Ladder, data: st.DataObject) -> None:
    low, high = of.rungs[0].quote, of.rungs[-1].quote
    more = data.draw(st.integers(1, 10**6))
    for asked in (low.paid - Money(more * CENT, low.paid.currency), high.paid + unit(high.paid)):
        assert of.at_paid(asked) == Outside(of.service, 7, low.paid, high.paid)
    for asked in (low.received - unit(low.received), high.received + unit(high.received)):
        assert of.at_received(asked) == Outside(of.service, 7, low.received, high.received)


@given(ladders(least=2), st.data())
def test_the_least_that_sends_it(of: Ladder, data: st.DataObject) -> None:
    pairs = [(one.quote, other.quote) for one, other in pairwise(of.rungs)]
    low, high = data.draw(st.sampled_from(pairs))
    if low.sent + unit(low.sent) < high.sent:
        asked = data.draw(whole_money(low.sent + unit(low.sent), high.sent - unit(high.sent)))
        found = of.at_sent(asked)
        assert isinstance(found, Answer)
        assert found == of.at_paid(found.paid)
        assert found.sent >= asked
        assert paid(of, found.paid - unit(found.paid)).sent < asked or asked in sents(of)


@given(st.lists(st.integers(1_000, 300_000), min_size=2, max_size=5, unique=True), st.data())
def test_where_fees_rise_just_what_was_asked_is_sent(cents: list[int], data: st.DataObject) -> None:
    fees = data.draw(st.lists(st.integers(0, 900), min_size=len(cents), max_size=len(cents)))
    rungs = [
        (str((sent + fee) * CENT), str(fee * CENT), str(sent * CENT * 10), "10")
        for sent, fee in zip(sorted(cents), sorted(fees), strict=True)
    ]
    of = ladder(*rungs)
    asked = data.draw(whole_money(sents(of)[0], sents(of)[-1]))
    found = of.at_sent(asked)
    assert isinstance(found, Answer)
    assert found.sent == asked
    assert found.exact is (asked in sents(of))


def test_just_below_a_rung_with_a_lower_fee_one_pays_for_that_rung() -> None:
    falling = ladder(("105", "5", "1000", "10"), ("200", "0", "2000", "10"))
    assert falling.at_sent(euro("199.99")) == falling.at_paid(euro("200"))


def test_a_source_that_rounds_down_to_ten_does_not_cost_the_next_rung() -> None:
    rungs = ("100", "0", "65590", "655.957"), ("200", "0", "131190", "655.957")
    coarse = ladder(*rungs, service=replace(SERVICE, corridor=SENEGAL))
    assert delivering(coarse, Money(Decimal(65592), "XOF")).paid == euro("100.01")


def test_western_union_to_suriname() -> None:
    suriname = Corridor("NL", "EUR", "SR", "SRD")
    mid = shipped_mid("SRD")
    tiers = [
        Tier(euro("140"), euro("4.19"), Decimal("2.31")),
        Tier(euro("345"), euro("5.21"), Decimal("2.31")),
    ]
    quotes = [tier.quote(replace(SERVICE, corridor=suriname), mid) for tier in tiers]
    found = paid(Ladder([price(one, mid=mid) for one in quotes]), euro("144.19"))
    assert (found.exact, found.sent, found.fee) == (True, euro("140"), euro("4.19"))
    assert Decimal("5858.4") < found.received.amount < Decimal("5858.6")
    assert str(found.cost.total.rounded()) == "EUR 7.42"
    assert str(percent(found.cost.total_percent)) == "5.15"
    assert str(percent(found.rpw_percent)) == "5.30"
    assert str(percent(tiers[0].total_percent)) == "5.30"
    assert str(percent(found.base.margin_percent)) == "2.31"
