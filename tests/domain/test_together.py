"""Sending together: the same money, apart and in one transfer."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.amount import HIGHEST
from app.domain.money import Money
from app.domain.together import MOST, all_of, most_each, together
from tests.db.made import NOON
from tests.domain.test_year import BETA, asked, rungs


@given(st.integers(2, 9), st.integers(1_000, 20_000))
def test_apart_is_as_often_as_there_are_people_and_joint_is_once(people: int, units: int) -> None:
    each = Money(Decimal(units).scaleb(-2), "EUR")
    known = rungs(("3", "1"), ("5", "2000"))
    pooled = all_of(each, people)
    assert pooled.amount == people * each.amount
    (firm,) = together(asked(str(each.amount), known), asked(str(pooled.amount), known), people)
    assert firm.apart is not None
    assert firm.joint is not None
    assert firm.apart.paid == firm.joint.paid == pooled
    assert firm.apart.received.amount == people * firm.apart.answer.received.amount
    assert firm.joint.received == firm.joint.answer.received
    assert firm.gain == firm.joint.received - firm.apart.received


def test_one_fee_instead_of_five() -> None:
    known = rungs(("3", "100"), ("3", "1200"))
    (firm,) = together(asked("203", known), asked("1015", known), 5)
    assert firm.gain == Money(Decimal("129.49"), "MAD")  # 12 euro at 10.791, rounded down twice


def test_a_firm_with_a_price_for_one_of_both_is_there_and_the_other_is_unknown() -> None:
    small = rungs(("1", "100"), ("1", "300"))
    large = rungs(("3", "900"), ("3", "1200"), service=BETA)
    beta, alpha = together(asked("200", small, large), asked("1000", small, large), 5)
    assert (beta.provider.slug, alpha.provider.slug) == ("beta", "alpha")
    assert beta.apart is None
    assert alpha.joint is None
    assert beta.gain is alpha.gain is None


def test_prices_of_two_ages_are_not_compared() -> None:
    small = rungs(("1", "100"), ("1", "300"))
    large = rungs(("1", "900"), ("1", "1200"), at=NOON - timedelta(hours=3))
    (firm,) = together(asked("200", small + large), asked("1000", small + large), 5)
    assert firm.apart is not None
    assert firm.joint is not None
    assert firm.apart.age is not firm.joint.age
    assert firm.gain is None


@pytest.mark.parametrize("people", [2, 3, 7, 600, MOST])
def test_the_most_that_each_can_pay_is_just_within_what_can_be_asked(people: int) -> None:
    most = most_each(people, "EUR")
    assert people * most.amount <= HIGHEST < people * (most.amount + most.minor_unit)
