"""Published fees: what sending an amount costs, and what can be sent for an amount."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.fees import BadSchedule, FeeSchedule, FeeTier
from app.domain.money import Money
from tests.domain.strategies import euro, schedules, whole_money

FLAT = FeeSchedule((FeeTier(Decimal(0), fixed=Decimal("1.99")),), Decimal(10), Decimal(1000))
"""1.99 for every amount from 10 to 1000."""

FALLING = FeeSchedule(
    (FeeTier(Decimal(0), fixed=Decimal(5)), FeeTier(Decimal(100))), Decimal(10), Decimal(1000)
)
"""5 below 100, nothing from there."""

RISING = FeeSchedule(
    (FeeTier(Decimal(0), fixed=Decimal(1)), FeeTier(Decimal(100), fixed=Decimal(5))),
    Decimal(10),
    Decimal(1000),
)
"""1 below 100, 5 from there."""

SHARE = FeeSchedule(
    (FeeTier(Decimal(0), Decimal("0.50"), Decimal("1.5"), Decimal(2), Decimal(10)),),
    Decimal(0),
    Decimal(2000),
)
"""Half a euro and 1.5 percent, from 2 to 10 euro."""


def tier(starts_at: str, **numbers: str) -> FeeTier:
    return FeeTier(Decimal(starts_at), **{key: Decimal(text) for key, text in numbers.items()})


@pytest.mark.parametrize(
    ("sent", "fee"),
    [
        ("10", "2"),  # at its least
        ("100", "2"),
        ("100.33", "2.00"),  # 2.00495
        ("100.34", "2.01"),  # 2.0051
        ("101", "2.02"),  # 2.015: halves go up
        ("633.33", "10.00"),
        ("2000", "10"),  # at its most
    ],
)
def test_a_fee_in_percent_is_rounded_and_bounded(sent: str, fee: str) -> None:
    assert SHARE.fee(euro(sent)) == euro(fee)


def test_each_tier_begins_at_its_amount() -> None:
    fees = [str(FALLING.fee(euro(sent)).amount) for sent in ("10", "99.99", "100", "1000")]
    assert fees == ["5.00", "5.00", "0.00", "0.00"]


@pytest.mark.parametrize(
    ("tiers", "lowest", "highest"),
    [
        ((), "10", "100"),
        ((tier("100"), tier("0")), "10", "100"),
        ((tier("0"), tier("0", fixed="1")), "10", "100"),
        ((tier("20"),), "10", "100"),
        ((tier("0"),), "100", "10"),
        ((tier("0"),), "0", "Infinity"),
        ((tier("0"),), "NaN", "10"),
    ],
)
def test_a_schedule_that_contradicts_itself_is_refused(
    tiers: tuple[FeeTier, ...], lowest: str, highest: str
) -> None:
    with pytest.raises(BadSchedule):
        FeeSchedule(tiers, Decimal(lowest), Decimal(highest))


@pytest.mark.parametrize("field", ["starts_at", "fixed", "percent", "minimum", "maximum"])
@pytest.mark.parametrize("number", ["-0.01", "NaN", "Infinity", "sNaN"])
def test_a_number_that_is_no_fee_is_refused(field: str, number: str) -> None:
    with pytest.raises(BadSchedule, match="below zero"):
        FeeTier(**{"starts_at": Decimal(0), field: Decimal(number)})


def test_the_least_fee_is_not_above_the_most() -> None:
    with pytest.raises(BadSchedule, match="least fee above its most"):
        tier("0", minimum="3", maximum="2")
    assert tier("0", minimum="3", maximum="3").fee(Decimal(100)) == 3


def test_below_every_tier_there_is_no_fee() -> None:
    with pytest.raises(BadSchedule, match="no fee for sending EUR 9"):
        FeeSchedule((tier("10"),), Decimal(10), Decimal(20)).fee(euro("9"))


@pytest.mark.parametrize(
    ("paid", "sent"),
    [
        ("11.98", None),
        ("11.99", "10"),
        ("201.99", "200"),
        ("1001.99", "1000"),
        ("1002", None),
    ],
)
def test_what_can_be_sent_for_an_amount(paid: str, sent: str | None) -> None:
    assert FLAT.most_sent(euro(paid)) == (euro(sent) if sent else None)


@pytest.mark.parametrize(
    ("paid", "sent"),
    [("100.99", "99.99"), ("101", None), ("104.99", None), ("105", "100"), ("105.01", "100.01")],
)
def test_where_the_fee_jumps_up_no_amount_costs_just_that(paid: str, sent: str | None) -> None:
    assert RISING.most_sent(euro(paid)) == (euro(sent) if sent else None)


@pytest.mark.parametrize(("paid", "sent"), [("99.99", "94.99"), ("100", "100"), ("104", "104")])
def test_where_the_fee_falls_more_is_sent_for_the_same(paid: str, sent: str) -> None:
    assert FALLING.most_sent(euro(paid)) == euro(sent)


def test_a_fee_that_eats_all_sends_nothing() -> None:
    free_to_start = FeeSchedule((tier("0", fixed="2"),), Decimal(0), Decimal(10))
    assert free_to_start.most_sent(euro("2")) is None
    assert free_to_start.most_sent(euro("2.01")) == euro("0.01")
    assert not free_to_start.covers(euro("0"))


def test_a_cent_that_rounding_skips_is_left_over() -> None:
    """233.00 costs 237.00 (3.995 is 4.00), and 232.99 costs 236.98."""
    assert SHARE.cost(euro("233")) == euro("237.00")
    assert SHARE.cost(euro("232.99")) == euro("236.98")
    assert SHARE.most_sent(euro("236.99")) == euro("232.99")


@pytest.mark.parametrize(
    ("sent", "cheapest"), [("94", "94"), ("95", "95"), ("95.01", "100"), ("150", "150")]
)
def test_to_deliver_at_least_it_may_be_cheaper_to_send_more(sent: str, cheapest: str) -> None:
    assert FALLING.least_paid(euro(sent)) == euro(cheapest)


def test_a_cheaper_tier_beyond_the_schedule_is_of_no_use() -> None:
    short = FeeSchedule(FALLING.tiers, Decimal(10), Decimal("99.99"))
    assert short.least_paid(euro("99")) == euro("99")


@pytest.mark.parametrize("sent", ["9.99", "1000.01", "0"])
def test_outside_the_schedule_nothing_is_known(sent: str) -> None:
    assert not FLAT.covers(euro(sent))
    assert FLAT.least_paid(euro(sent)) is None


def test_ends_are_whole_minor_units() -> None:
    assert SHARE.ends("EUR") == (euro("0.01"), euro("2000.00"))
    odd = FeeSchedule((tier("0"),), Decimal("10.005"), Decimal("20.009"))
    assert odd.ends("EUR") == (euro("10.01"), euro("20.00"))
    assert odd.ends("JPY") == (Money(Decimal(11), "JPY"), Money(Decimal(20), "JPY"))
    assert FeeSchedule((tier("0"),), Decimal("1.2"), Decimal("1.3")).ends("JPY") is None


def test_tiers_finer_than_a_minor_unit() -> None:
    odd = FeeSchedule((tier("0", fixed="3"), tier("10.005")), Decimal("0.001"), Decimal("20.009"))
    assert odd.most_sent(euro("10.01")) == euro("10.01")
    assert odd.least_paid(euro("9")) == euro("10.01")
    assert odd.most_sent(euro("13")) == euro("13")
    assert odd.most_sent(euro("9")) == euro("6")


@given(schedules(), st.data())
def test_what_is_sent_and_its_fee_is_what_is_paid(of: FeeSchedule, data: st.DataObject) -> None:
    """The answer of halving is that of trying everything around it."""
    ends = of.ends("EUR")
    assert ends is not None
    sent = data.draw(whole_money(*ends))
    paid = of.cost(sent)
    found = of.most_sent(paid)
    if found is None:  # a higher tier costs less: nobody pays just this
        better = [one for one in [*_first_of_tiers(of), ends[1]] if sent < one]
        assert any(of.cost(one) <= paid for one in better)
        return
    assert sent <= found
    assert of.covers(found)
    left = paid - of.cost(found)
    assert left in (euro("0.00"), euro("0.01"))
    if found < ends[1]:
        assert paid < of.cost(found + euro("0.01")) or any(
            of.cost(one) <= paid for one in _first_of_tiers(of) if found < one
        )


def _first_of_tiers(of: FeeSchedule) -> list[Money]:
    starts = [Money(one.starts_at, "EUR").ceiling() for one in of.tiers]
    return [one for one in starts if of.covers(one)]


@given(schedules(), st.data())
def test_nothing_that_delivers_as_much_costs_less(of: FeeSchedule, data: st.DataObject) -> None:
    ends = of.ends("EUR")
    assert ends is not None
    sent, other = data.draw(whole_money(*ends)), data.draw(whole_money(*ends))
    found = of.least_paid(sent)
    assert found is not None
    assert sent <= found
    assert of.cost(found) <= of.cost(sent)
    if sent <= other:
        assert of.cost(found) <= of.cost(other)


@given(schedules(), st.data())
def test_paying_more_never_sends_less(of: FeeSchedule, data: st.DataObject) -> None:
    ends = of.ends("EUR")
    assert ends is not None
    one, other = (of.cost(data.draw(whole_money(*ends))) for _ in range(2))
    less, more = of.most_sent(min(one, other)), of.most_sent(max(one, other))
    if less is not None and more is not None:
        assert less <= more
