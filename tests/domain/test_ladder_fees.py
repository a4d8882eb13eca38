"""Ladders with published fees, which answer any amount exactly; and ladders of mixed age."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.comparison import Question, answer
from app.domain.corridor import Corridor
from app.domain.fees import FeeSchedule, FeeTier
from app.domain.ladder import Answer, Ladder, Outside
from app.domain.money import Money
from app.domain.quote import Observed, Origin, Price, Promotion, converted
from tests.domain.strategies import (
    CENT,
    MOROCCO,
    NOW,
    SERVICE,
    dirham,
    euro,
    price,
    quote,
    schedules,
    whole_money,
)
from tests.domain.test_ladder import TWO_RUNGS, delivering, paid

RISING = FeeSchedule(
    (FeeTier(Decimal(0), Decimal(1)), FeeTier(Decimal(100), Decimal(5))),
    Decimal(40),
    Decimal(1000),
)
"""1 euro below 100 sent, 5 from there."""

FALLING = FeeSchedule(
    (FeeTier(Decimal(0), Decimal(5)), FeeTier(Decimal(100))), Decimal(40), Decimal(1000)
)
"""5 euro below 100 sent, nothing from there."""


def published(schedule: FeeSchedule, sent: str = "200", rate: str = "10.9347") -> Price:
    """What a source says of sending `sent`, if it publishes the fee for every amount."""
    amount = euro(sent)
    quoted = quote(
        str(schedule.cost(amount).amount),
        str(schedule.fee(amount).amount),
        str(Money(converted(amount, Decimal(rate)), "MAD").floor().amount),
        rate,
        schedule=schedule,
    )
    return price(quoted, rung=amount.amount)


@pytest.mark.parametrize(
    ("asked", "sent", "received"),
    [("41", "40", "437.38"), ("100.99", "99.99", "1093.36"), ("105.01", "100.01", "1093.57")],
)
def test_a_published_fee_answers_any_amount_exactly(asked: str, sent: str, received: str) -> None:
    found = paid(Ladder([published(RISING)]), euro(asked))
    assert (found.exact, found.paid, found.sent) == (True, euro(asked), euro(sent))
    assert found.received == dirham(received)


def test_a_cent_that_the_rounding_of_the_fee_leaves_over_is_fee() -> None:
    """232.99 costs 236.98, and 233.00 costs 237.00."""
    share = FeeSchedule(
        (FeeTier(Decimal(0), Decimal("0.50"), Decimal("1.5")),), Decimal(40), Decimal(1000)
    )
    found = paid(Ladder([published(share)]), euro("236.99"))
    assert (found.paid, found.fee, found.sent) == (euro("236.99"), euro("4.00"), euro("232.99"))


def test_a_published_fee_answers_what_must_arrive() -> None:
    one = Ladder([published(RISING)])
    found = delivering(one, dirham("1093.57"))
    assert (found.exact, found.paid, found.received) == (True, euro("105.01"), dirham("1093.57"))
    assert delivering(one, dirham("1093.58")).sent == euro("100.02")


def test_to_make_it_arrive_a_higher_tier_may_be_cheaper() -> None:
    found = delivering(Ladder([published(FALLING)]), dirham("1080"))
    assert (found.paid, found.fee) == (euro("100"), euro("0"))
    assert found.received == dirham("1093.47")


def test_what_is_sent_has_its_published_fee_on_top() -> None:
    found = Ladder([published(FALLING)]).at_sent(euro("99"))
    assert isinstance(found, Answer)
    assert (found.exact, found.paid, found.fee) == (True, euro("104"), euro("5"))
    assert found.received == dirham("1082.53")


def test_outside_the_published_fees_there_is_only_their_range() -> None:
    one = Ladder([published(RISING)])
    for amount in ("40.99", "1005.01", "103"):
        assert one.at_paid(euro(amount)) == Outside(SERVICE, 0, euro("41"), euro("1005"))
    for amount in ("437.27", "10934.71"):
        found = one.at_received(dirham(amount))
        assert found == Outside(SERVICE, 0, dirham("437.38"), dirham("10934.70"))
    for amount in ("39.99", "1000.01"):
        assert one.at_sent(euro(amount)) == Outside(SERVICE, 0, euro("40"), euro("1000"))


def test_rungs_outside_the_published_fees_still_answer() -> None:
    beyond = price(quote("2005", "5", "21869.40", "10.9347"))
    one = Ladder([published(RISING), beyond])
    assert paid(one, euro("2005")).base == beyond
    assert not paid(one, euro("1500")).exact
    assert one.at_paid(euro("2006")) == Outside(SERVICE, 0, euro("41"), euro("2005"))


def test_where_no_amount_costs_just_that_the_rungs_around_it_estimate() -> None:
    found = paid(Ladder([published(RISING, "50"), published(RISING, "200")]), euro("103"))
    assert [rung.rung for rung in found.rungs] == [50, 200]


def test_of_several_published_fees_the_newest_counts() -> None:
    older = replace(published(RISING, "500", "10.5"), observed=Observed(NOW - timedelta(minutes=5)))
    newer = published(FALLING, "100", "10.9347")
    for prices in ([older, newer], [newer, older]):
        assert paid(Ladder(prices), euro("300")).base == newer
        assert delivering(Ladder(prices), dirham("3000")).base == newer


def test_the_rung_itself_answers_in_its_source_s_own_words() -> None:
    """What arrives is rounded as the source does it, not as we do."""
    said = replace(published(RISING), quote=quote("205", "5", "2186.95", "10.9347"))
    rung = replace(said, quote=replace(said.quote, schedule=RISING))
    assert paid(Ladder([rung]), euro("205")).received == dirham("2186.95")
    assert delivering(Ladder([rung]), dirham("2186.95")).paid == euro("205")


def test_a_rung_is_not_dearer_than_the_published_fee_allows() -> None:
    """One that delivers just what was asked may cost more than sending more does."""
    dear = published(FALLING, "99")
    found = delivering(Ladder([dear]), dear.quote.received)
    assert (found.paid, found.received) == (euro("100"), dirham("1093.47"))


def test_a_promotion_is_of_the_very_amount() -> None:
    offer = Promotion(Decimal(11), euro("0"), dirham("2200"), "first transfer")
    rung = published(RISING)
    rung = replace(rung, quote=replace(rung.quote, promotion=offer))
    one = Ladder([rung])
    assert paid(one, euro("205")).promotion == offer
    assert paid(one, euro("206")).promotion is None
    pair = [price(replace(each.quote, promotion=offer)) for each in TWO_RUNGS.rungs]
    assert paid(Ladder(pair), euro("100")).promotion == offer
    assert paid(Ladder(pair), euro("150")).promotion is None


def test_where_so_little_is_sent_that_nothing_arrives_there_is_no_price() -> None:
    to_britain = Corridor("JP", "JPY", "GB", "GBP")
    free = FeeSchedule((FeeTier(Decimal(0)),), Decimal(0), Decimal(10_000))
    service = replace(SERVICE, corridor=to_britain)
    quoted = quote("1000", "0", "5.20", "0.0052", service, schedule=free)
    one = Ladder([price(quoted)])
    assert isinstance(one.at_paid(Money(Decimal(1), "JPY")), Outside)
    assert paid(one, Money(Decimal(2), "JPY")).received == Money(Decimal("0.01"), "GBP")


@given(schedules(), st.integers(1, 150_000))
def test_a_published_answer_obeys_the_identity(of: FeeSchedule, cents: int) -> None:
    ends = of.ends("EUR")
    assert ends is not None
    one = Ladder([published(of, str(ends[0].amount))])
    found = one.at_paid(Money(cents * CENT, "EUR"))
    if isinstance(found, Answer):
        made = quote(
            str(found.paid.amount), str(found.fee.amount), str(found.received.amount), "10.9347"
        )
        assert made.service.corridor == MOROCCO
        assert found.exact
        assert found.sent == of.most_sent(found.paid)
        assert found.fee - of.fee(found.sent) <= euro("0.01")


@given(schedules(), st.data())
def test_what_was_asked_arrives_for_the_least_published_cost(
    of: FeeSchedule, data: st.DataObject
) -> None:
    ends = of.ends("EUR")
    assert ends is not None
    one = Ladder([published(of, str(ends[1].amount))])
    sent = data.draw(whole_money(*ends))
    asked = Money(converted(sent, Decimal("10.9347")), "MAD").floor()
    if asked.amount > 0:
        found = delivering(one, asked)
        assert asked <= found.received
        assert found.paid <= of.cost(sent)


def aged(minutes: int, paid: str, fee: str, received: str, rate: str, **others: object) -> Price:
    made = price(quote(paid, fee, received, rate))
    return replace(made, observed=Observed(NOW - timedelta(minutes=minutes)), **others)  # type: ignore[arg-type]


def test_ladders_from_the_freshest_price_to_the_oldest() -> None:
    fresh = aged(5, "100", "2", "980", "10")
    older = aged(60, "200", "2", "1980", "10")
    dated = aged(9_000, "300", "2", "2980", "10")
    survey = aged(0, "400", "2", "3980", "10", origin=Origin.SURVEY)
    slow = aged(60, "500", "2", "4980", "10", fresh_for=timedelta(hours=2))
    found = Ladder([dated, survey, older, slow, fresh]).by_age(NOW)
    assert [one.prices for one in found] == [
        [fresh, slow],
        [fresh, older, slow],
        [fresh, older, dated, survey, slow],
    ]


def test_where_all_are_as_fresh_there_is_one_ladder() -> None:
    for minutes in (1, 60, 9_000):
        one = Ladder([aged(minutes, "100", "2", "980", "10")])
        assert one.by_age(NOW) == [one]


def test_an_old_price_does_not_push_out_a_fresh_one() -> None:
    """It delivered more for less, once."""
    fresh = aged(1, "200", "2", "1800", "9.0909")
    old = aged(60, "100", "2", "1860", "18.9796")
    first, both = Ladder([fresh, old]).by_age(NOW)
    assert first.rungs == [fresh]
    assert both.rungs == [old]


def test_no_estimate_lies_between_prices_of_two_origins() -> None:
    """A firm's own prices beside those of an old survey: nobody ever charged what lies between."""
    survey = [
        aged(0, "143.99", "3.99", "1400", "10", origin=Origin.SURVEY),
        aged(0, "348.99", "3.99", "3450", "10", origin=Origin.SURVEY),
    ]
    own = [
        aged(9_000, "200", "3.10", "1969", "10", origin=Origin.SUBMITTED),
        aged(9_000, "500", "3.10", "4969", "10", origin=Origin.SUBMITTED),
    ]
    mixed = Ladder([*survey, *own])
    for asked in (144, 150, 170, 199, 201, 348, 400):
        found = answer(mixed, Question(MOROCCO, Money(Decimal(asked), "EUR")), NOW)
        assert isinstance(found, Answer)
        assert len({rung.origin for rung in found.rungs}) == 1
        whole = {Origin.SURVEY: "3.99", Origin.SUBMITTED: "3.10"}[found.base.origin]
        assert found.fee.amount == Decimal(whole), asked
    exact = answer(mixed, Question(MOROCCO, Money(Decimal(200), "EUR")), NOW)
    assert isinstance(exact, Answer)
    assert (exact.exact, exact.base.origin) == (True, Origin.SUBMITTED)
    assert isinstance(answer(mixed, Question(MOROCCO, Money(Decimal(600), "EUR")), NOW), Outside)
